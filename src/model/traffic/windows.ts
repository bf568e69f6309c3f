/** Distinct lines that CTAs touch in some k-blocks (docs/model.md, 10.3). */
import type { PreparedTraffic } from './prepare.js';
import { LINE_ELEMENTS, type TiledLayer } from './tiled-layer.js';

/** FI(j): distinct IFmap lines of one CTA in j k-blocks: as replayed, beyond that at the pace of the whole K loop. */
export function ifmapLines({ layer, reuse }: PreparedTraffic, blocks: number): number {
  const { windowLines, lines } = reuse;
  if (blocks <= 0) return 0;
  if (blocks >= layer.loops) return lines;
  const last = windowLines.length - 1;
  const most = Math.max(lines, windowLines[1]!);
  if (blocks >= last) return Math.min(most, windowLines[last]! + ((blocks - last) * lines) / layer.loops);
  const whole = Math.floor(blocks);
  const below = windowLines[whole]!;
  return Math.min(most, below + (blocks - whole) * (windowLines[whole + 1]! - below));
}

/** FF(j, f): lines that f filters touch in j k-blocks: runs of j blkK weights, each in as many lines as its length and alignment give. */
export function filterLines(layer: TiledLayer, blocks: number, filters: number): number {
  if (blocks <= 0) return 0;
  const weights = Math.min(blocks * layer.tileK, layer.k);
  const byRun = filters * (1 + (weights - layer.alignment) / LINE_ELEMENTS);
  return Math.min(byRun, (filters * layer.k) / LINE_ELEMENTS + 1);
}
