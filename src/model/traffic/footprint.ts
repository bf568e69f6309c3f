/** What of the IFmap a layer reads at all (docs/model.md, 10.2: P3). */
import { LINE_ELEMENTS, planesOfWholeUnits, SECTOR_ELEMENTS, type TiledLayer } from './tiled-layer.js';

/** Distinct sectors and lines. */
export interface Footprint {
  sectors: number;
  lines: number;
}

/** Planes after which every alignment of a plane to a line has occurred. */
const PLANES = LINE_ELEMENTS;

/** P3: distinct IFmap sectors and lines: those that the used rows and columns of an input plane lie in, counted over 32 consecutive planes and scaled. */
export function ifmapFootprint(layer: TiledLayer): Footprint {
  const { inHeight, inWidth } = layer;
  const planes = layer.batch * layer.channels;
  const counted = Math.min(planes, PLANES);
  const rows = runsOf(
    usedPositions(inHeight, layer.outHeight, layer.strideHeight, layer.padHeight, layer.filterHeight),
  );
  const columns = runsOf(usedPositions(inWidth, layer.outWidth, layer.strideWidth, layer.padWidth, layer.filterWidth));
  const runs = addressRuns(rows, columns, inWidth);
  const sectors = { size: SECTOR_ELEMENTS, count: 0, last: -1 };
  const lines = { size: LINE_ELEMENTS, count: 0, last: -1 };
  // Where whole lines end, counting starts afresh: such planes are counted once for all.
  const alike = planesOfWholeUnits(layer, LINE_ELEMENTS);
  const different = counted % alike === 0 ? alike : counted;
  for (let plane = 0; plane < different; plane++) {
    const base = plane * inHeight * inWidth;
    for (const { from, to } of runs) {
      countUnits(sectors, base + from, base + to);
      countUnits(lines, base + from, base + to);
    }
  }
  const scale = planes / different;
  return { sectors: sectors.count * scale, lines: lines.count * scale };
}

/** Positions along one dimension of the input that some output position reads through some tap, ascending. */
export function usedPositions(size: number, outSize: number, stride: number, pad: number, filter: number): number[] {
  const isUsed = new Uint8Array(size);
  for (let out = 0; out < outSize; out++) {
    const first = out * stride - pad;
    isUsed.fill(1, Math.max(0, first), Math.max(0, first + filter));
  }
  const used: number[] = [];
  for (let position = 0; position < size; position++) if (isUsed[position] === 1) used.push(position);
  return used;
}

interface Run {
  from: number;
  to: number;
}

/** Ascending positions as runs without gaps. */
function runsOf(positions: number[]): Run[] {
  const runs: Run[] = [];
  for (const position of positions) {
    const run = runs.at(-1);
    if (run && position === run.to + 1) run.to = position;
    else runs.push({ from: position, to: position });
  }
  return runs;
}

/** The addresses of a plane in some of its rows and columns as runs; rows that are whole are one run with the next. */
function addressRuns(rows: Run[], columns: Run[], width: number): Run[] {
  const [first] = columns;
  if (first?.from === 0 && first.to === width - 1)
    return rows.map(({ from, to }) => ({ from: from * width, to: (to + 1) * width - 1 }));
  const runs: Run[] = [];
  for (const { from, to } of rows)
    for (let row = from; row <= to; row++)
      for (const column of columns) runs.push({ from: row * width + column.from, to: row * width + column.to });
  return runs;
}

/** Adds the units (sectors or lines) of a run of addresses; addresses ascend, so only the last unit can come again. */
function countUnits(units: { size: number; count: number; last: number }, from: number, to: number): void {
  const first = Math.floor(from / units.size);
  const last = Math.floor(to / units.size);
  units.count += last - first + (first === units.last ? 0 : 1);
  units.last = last;
}
