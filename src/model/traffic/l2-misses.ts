/** DRAM traffic: what misses L2 (docs/model.md, 10.5: D1 to D6). All sums in sectors, over the whole layer of one group. */
import { cacheShape, hitProbability, L2_WAYS } from './hit.js';
import type { L1Misses, WaveMisses } from './l1-misses.js';
import type { Wave } from './launch.js';
import { missAfterBlocks, missAfterCtas, waveAtL2, waveDistance, type L2Context } from './l2-distances.js';
import type { PreparedTraffic } from './prepare.js';
import { SECTOR_ELEMENTS } from './tiled-layer.js';

export interface L2Misses {
  ifmap: number;
  filter: number;
}

/** Misses of L2 among the misses of L1: at least everything once, at most every miss of L1. */
export function l2Misses(prepared: PreparedTraffic, l1: L1Misses, l2Bytes: number): L2Misses {
  const { layer, footprint } = prepared;
  const { without, launch } = l1;
  const context: L2Context = { without, prepared, launch, l2: cacheShape(l2Bytes, L2_WAYS, without === 'H') };
  let ifmap = footprint.sectors;
  let filter = 0;
  for (const misses of l1.waves) {
    ifmap += rowReloads(context, misses);
    if (without !== 'D2') ifmap += waveHalo(context, misses.wave);
    if (without !== 'D3') ifmap += ownRetouches(context, misses);
    if (without !== 'D4') ifmap += otherColumns(context, misses);
    if (without !== 'D5') ifmap += tileHalo(context, misses);
    filter += filterReloads(context, misses.wave);
  }
  return {
    ifmap: Math.min(l1.ifmap, ifmap),
    filter: Math.min(l1.filter, Math.max(filter, (layer.n * layer.k) / SECTOR_ELEMENTS)),
  };
}

/** D1: a row that an earlier wave had, and that L1 does not hold, is loaded again unless its lines survive the rows and columns of the waves since then. */
export function rowReloads(context: L2Context, misses: WaveMisses): number {
  const { layer, footprint } = context.prepared;
  const { wave, rowHits } = misses;
  const { near, far } = waveAtL2(context, misses);
  const waves = Math.floor(layer.rows / context.launch.slots);
  const missAfter = (count: number): number =>
    context.without === 'D1' ? 1 : missAfterCtas(context, waveDistance(context, wave, count));
  // In no wave before, but in this one: left to D4.
  const reloads = (waves > 0 ? near * missAfter(waves) : 0) + far * missAfter(waves + 1);
  const firstOnSm = (near + far) * (wave.smRows / wave.smCtas);
  const hitShare = rowHits > 0 ? Math.min(1, rowHits / firstOnSm) : 0;
  return (1 - hitShare) * (footprint.sectors / layer.rows) * reloads;
}

/** D2: the input rows that the first tiles of a wave share with the wave before are loaded again unless they survive that wave. */
export function waveHalo(context: L2Context, wave: Wave): number {
  const { layer, footprint } = context.prepared;
  const before = wave.begin === 0 ? wave.count - 1 : wave.count;
  if (before === 0 || wave.rows >= layer.rows) return 0;
  const sharedRows = Math.max(0, layer.filterHeight - layer.strideHeight) * (1 - 1 / layer.outHeight);
  const usedRows = Math.min(layer.inHeight, layer.outHeight * layer.strideHeight);
  const rowSectors = footprint.sectors / (layer.batch * usedRows);
  return before * sharedRows * rowSectors * missAfterCtas(context, waveDistance(context, wave, 1));
}

/** D3: an own re-touch of lag j that missed L1 goes to DRAM unless its line survives j k-blocks of the whole wave. */
export function ownRetouches(context: L2Context, misses: WaveMisses): number {
  const { byLag } = misses;
  const atL2 = waveAtL2(context, misses);
  let sum = 0;
  for (let lag = 1; lag < byLag.length; lag++)
    if (byLag[lag]! > 0) sum += byLag[lag]! * missAfterBlocks(context, atL2, lag);
  return fullRowsOf(context, misses.wave) * sum;
}

/** Rows of all waves of a kind, a partial one counted by its share. */
function fullRowsOf({ prepared }: L2Context, wave: Wave): number {
  return wave.count * wave.rows * (prepared.layer.fullRows / prepared.layer.rows);
}

/** D4: the other CTAs of a row in the wave, in other columns, load its lines again unless they survive one k-block of the wave's rows, or the neighbour has just loaded them (lag 0 of P6). */
export function otherColumns(context: L2Context, misses: WaveMisses): number {
  const { reuse } = context.prepared;
  const { wave } = misses;
  if (wave.ctas === wave.rows) return 0;
  const missed = 1 - hitProbability(context.l2, waveAtL2(context, misses).passedColumn);
  const copies = fullRowsOf(context, wave) * (wave.ctas / wave.rows - 1);
  const withNeighbour = sharedWithNeighbour(context.prepared) * (context.prepared.haloLags[0] ?? 0);
  return copies * (reuse.firstTouches - withNeighbour + misses.later) * missed;
}

/** D5: input rows that a tile shares with its neighbour in the wave are loaded again unless they survive the k-blocks of the wave since that loaded them. */
export function tileHalo(context: L2Context, misses: WaveMisses): number {
  const { haloLags } = context.prepared;
  const { wave } = misses;
  const shared = sharedWithNeighbour(context.prepared);
  if (shared <= 0) return 0;
  const atL2 = waveAtL2(context, misses);
  let missed = 0;
  for (let lag = 1; lag < haloLags.length; lag++)
    if (haloLags[lag]! > 0) missed += haloLags[lag]! * missAfterBlocks(context, atL2, lag);
  return wave.count * wave.rows * shared * missed;
}

/** First touches of a CTA beyond its share of the footprint: of input rows that its neighbours touch too. */
function sharedWithNeighbour({ layer, footprint, reuse }: PreparedTraffic): number {
  return Math.max(0, (reuse.firstTouches * layer.fullRows - footprint.sectors) / layer.rows);
}

/** D6: a column's filters are loaded by the first wave that has it, and by a later one unless they survive the wave before. */
export function filterReloads(context: L2Context, wave: Wave): number {
  const { layer } = context.prepared;
  const missed = context.without === 'D6' ? 1 : missAfterCtas(context, waveDistance(context, wave, 1));
  let filters = 0;
  for (const width of wave.widths) filters += width.filters * (width.newWaves + width.laterWaves * missed);
  return (layer.k / SECTOR_ELEMENTS) * filters;
}
