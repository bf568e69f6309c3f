/** How many IFmap lines all CTA rows together reach in some k-blocks (docs/model.md, 10.2: P7). */
import type { Footprint } from './footprint.js';
import { MAX_LAG } from './reuse.js';
import { LINE_ELEMENTS, type TiledLayer } from './tiled-layer.js';

/** Windows that stand for all of a long K loop. */
const WINDOWS = 64;

/**
 * P7: the IFmap lines that j k-blocks reach in all rows of CTAs, j = 0 .. 95 or the whole loop: the mean over windows whose
 * ends are in one channel, since a line comes back within its channel; over all windows where there are none.
 */
export function reachedLines(layer: TiledLayer, footprint: Footprint): Float64Array {
  const lines = new Float64Array(Math.min(MAX_LAG, layer.loops + 1));
  for (let blocks = 1; blocks < lines.length; blocks++) {
    if (lines[blocks - 1] === footprint.lines) return lines.fill(footprint.lines, blocks);
    const mean = meanOfWindows(layer, footprint, blocks, true) ?? meanOfWindows(layer, footprint, blocks, false)!;
    lines[blocks] = Math.max(lines[blocks - 1]!, Math.min(footprint.lines, mean));
  }
  return lines;
}

/** Mean lines of windows of so many k-blocks, evenly over the loop, or of those of them in one channel; undefined if there are none. */
function meanOfWindows(
  layer: TiledLayer,
  footprint: Footprint,
  blocks: number,
  inOneChannel: boolean,
): number | undefined {
  const { k: depth, taps, tileK } = layer;
  if (inOneChannel && (blocks - 1) * tileK + 1 >= taps) return undefined;
  const places = layer.loops - blocks + 1;
  const windows = Math.min(WINDOWS, places);
  // Windows that start with the same tap are alike, but for one that the end of the loop cuts off.
  const byTap: number[] = [];
  let count = 0;
  let sum = 0;
  for (let i = 0; i < windows; i++) {
    const from = Math.floor(((i + 0.5) * places) / windows) * tileK;
    if (inOneChannel && !isInOneChannel(layer, from, blocks)) continue;
    count++;
    const isCut = from + blocks * tileK > depth;
    sum += isCut
      ? linesOfWindow(layer, footprint, from, blocks)
      : (byTap[from % taps] ??= linesOfWindow(layer, footprint, from, blocks));
  }
  return count > 0 ? sum / count : undefined;
}

/** Whether the first k-block of a window and the one after it have a channel in common. */
function isInOneChannel({ k: depth, taps, tileK }: TiledLayer, from: number, blocks: number): boolean {
  const after = from + blocks * tileK;
  return after < depth && Math.floor((from + tileK - 1) / taps) >= Math.floor(after / taps);
}

/** Lines that k-blocks from a filter position on reach: of the first and the last channel some rows, of those between all. */
function linesOfWindow(layer: TiledLayer, { lines }: Footprint, from: number, blocks: number): number {
  const { k: depth, taps, tileK, batch, channels } = layer;
  const last = Math.min(depth, from + blocks * tileK) - 1;
  const firstChannel = Math.floor(from / taps);
  const lastChannel = Math.floor(last / taps);
  if (firstChannel === lastChannel) return batch * linesOfTaps(layer, from, last);
  const between = (lastChannel - firstChannel - 1) * (lines / channels);
  const atEnds = linesOfTaps(layer, from, (firstChannel + 1) * taps - 1) + linesOfTaps(layer, lastChannel * taps, last);
  return batch * atEnds + between;
}

/** Lines of one input plane that filter positions of its channel reach: a run of rows for each output row, or one run if they meet. */
function linesOfTaps(layer: TiledLayer, first: number, last: number): number {
  const { filterWidth, outHeight, strideHeight, inHeight, inWidth } = layer;
  const tapRows = Math.floor(last / filterWidth) - Math.floor(first / filterWidth) + 1;
  const runs = tapRows < strideHeight ? outHeight : 1;
  const rows = tapRows < strideHeight ? tapRows : Math.min(inHeight, (outHeight - 1) * strideHeight + tapRows);
  return runs * (1 + (rows * inWidth - 1) / LINE_ELEMENTS);
}
