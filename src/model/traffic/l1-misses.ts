/** L2 traffic: what misses L1 (docs/model.md, 10.4: R1 to R5). All sums in sectors, over the whole layer of one group. */
import { cacheShape, hitProbability, L1_WAYS, type CacheShape } from './hit.js';
import { launch, type Launch, type Wave } from './launch.js';
import type { PreparedTraffic } from './prepare.js';
import { MAX_LAG } from './reuse.js';
import { SECTOR_ELEMENTS } from './tiled-layer.js';
import { filterLiveBlocks, filterLines, ifmapLines, ifmapLiveBlocks } from './windows.js';

/** The misses of L1, and what the DRAM rules need of how they came about. */
export interface L1Misses {
  launch: Launch;
  ifmap: number;
  filter: number;
  /** For each kind of wave: the re-touches of one CTA that miss L1, by lag in k-blocks. */
  missesByLag: Float64Array[];
}

/** What one evaluation reads. */
interface Context {
  prepared: PreparedTraffic;
  launch: Launch;
  l1: CacheShape;
}

/** Misses of L1 on `smCount` SMs that hold `activeCtas` CTAs each. */
export function l1Misses(prepared: PreparedTraffic, smCount: number, activeCtas: number, l1Bytes: number): L1Misses {
  const { layer, filter, footprint, reuse } = prepared;
  const context: Context = {
    prepared,
    launch: launch(layer, smCount, activeCtas),
    l1: cacheShape(l1Bytes, L1_WAYS),
  };
  const missesByLag: Float64Array[] = [];
  let ifmapSum = 0;
  let filterSum = 0;
  for (const wave of context.launch.waves) {
    const byLag = ownRetouches(context, wave);
    missesByLag.push(byLag);
    const own = byLag.reduce((sum, misses) => sum + misses, 0);
    const smWaves = wave.count * wave.sms;
    ifmapSum += smWaves * wave.smRows * (own + reuse.firstTouches);
    ifmapSum -= reuse.firstTouches * firstTouchHits(context, wave);
    ifmapSum += smWaves * (wave.smCtas - wave.smRows) * rowCopy(context, byLag[0]!);
    filterSum += wave.filters.copies * columnCopy(context);
    filterSum += firstOfColumn(context, wave);
  }
  const fullCtas = layer.fullRows * layer.columns;
  const between = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value));
  return {
    launch: context.launch,
    ifmap: between(footprint.sectors, (ifmapSum * fullCtas) / layer.ctas, prepared.ifmapRequests * layer.columns),
    filter: between((layer.n * layer.k) / SECTOR_ELEMENTS, filterSum, filter.requests * layer.n * layer.rows),
    missesByLag,
  };
}

/** R1: an own re-touch of lag j misses by the lines between: the CTA's own, j k-blocks of every other row on the SM, and j of every column's filters. By lag. */
export function ownRetouches({ prepared, l1 }: Context, wave: Wave): Float64Array {
  const { cellLag, cellDistance, cellSectors } = prepared.reuse;
  const filters = wave.smColumns * prepared.layer.columnFilters;
  const misses = new Float64Array(MAX_LAG);
  let lag = -1;
  let others = 0;
  for (let i = 0; i < cellLag.length; i++) {
    if (cellLag[i] !== lag) {
      lag = cellLag[i]!;
      others = (wave.smRows - 1) * ifmapLines(prepared, lag) + filterLines(prepared.layer, lag, filters);
    }
    misses[lag]! += cellSectors[i]! * (1 - hitProbability(l1, cellDistance[i]! + others));
  }
  return misses;
}

/**
 * R2: a first touch hits if the SM ran the row before, a period ago, and the lines since then left it: what both waves
 * touch outside the k-blocks that use the line, and all that waves in between touch. Hits of all waves of the kind, in CTAs.
 */
export function firstTouchHits({ prepared, launch, l1 }: Context, wave: Wave): number {
  const { layer, reuse } = prepared;
  const blocks = layer.loops - ifmapLiveBlocks(layer);
  const filters = wave.smColumns * layer.columnFilters;
  const lap = wave.smRows * ifmapLines(prepared, blocks) + filterLines(layer, blocks, filters);
  let hits = 0;
  for (let slot = 0; slot < wave.smRows; slot++) {
    const wavesAgo = Math.ceil((launch.period - slot) / launch.active);
    const firstWave = wave.count === 1 && wave.ctas < launch.slots ? launch.fullWaves : 0;
    const repeats = Math.max(0, firstWave + wave.count - Math.max(wavesAgo, firstWave));
    if (repeats === 0) continue;
    const between =
      (wavesAgo - 1) * wave.smRows * reuse.lines +
      (wavesAgo > 1 ? filterLines(layer, layer.loops, layer.columnFilters) : 0);
    hits += repeats * Math.min(1, wave.smRows - slot) * hitProbability(l1, between + lap);
  }
  return hits * wave.sms;
}

/** R3: a CTA whose row an earlier CTA of the SM-wave has finds its lines if they survive the k-block of the CTAs of one period. */
export function rowCopy({ prepared, launch, l1 }: Context, sameBlockMisses: number): number {
  const { layer, reuse } = prepared;
  const filters = launch.periodColumns * layer.columnFilters;
  const between = launch.period * ifmapLines(prepared, 1) + filterLines(layer, 1, filters);
  return (reuse.requests - reuse.sameBlock) * (1 - hitProbability(l1, between)) + sameBlockMisses;
}

/** R4: a CTA whose column the CTA before it on the SM has finds its filters if they survive that CTA's k-block. Misses of one filter. */
export function columnCopy({ prepared, l1 }: Context): number {
  const { layer, filter } = prepared;
  const between = ifmapLines(prepared, 1) + filterLines(layer, 1, layer.columnFilters);
  return filter.requests * (1 - hitProbability(l1, between));
}

/**
 * R5: the first CTA of a column in an SM-wave: re-touches of a filter sector in the next k-block survive what the SM touches
 * in between; first touches, and the sector that two filters share, what it touches in a lap of the K loop.
 */
export function firstOfColumn({ prepared, l1 }: Context, wave: Wave): number {
  const { layer, filter } = prepared;
  const filters = wave.smColumns * layer.columnFilters;
  const steps = wave.smCtas - wave.smCtas / wave.smColumns + 1;
  const nextBlock = Math.min(steps, wave.smRows) * ifmapLines(prepared, 1) + filterLines(layer, 1, filters);
  const lapBlocks = layer.loops - filterLiveBlocks(layer) + 1;
  const lap = wave.smRows * ifmapLines(prepared, lapBlocks) + filterLines(layer, layer.loops, filters);
  const lapMiss = 1 - hitProbability(l1, lap);
  const shared = Math.max(0, filter.sectors - layer.k / SECTOR_ELEMENTS);
  const retouches = (filter.requests - filter.sectors) * (1 - hitProbability(l1, nextBlock));
  const { fresh, again } = wave.filters;
  return (fresh + again) * (retouches + shared * lapMiss) + (filter.sectors - shared) * (fresh + again * lapMiss);
}
