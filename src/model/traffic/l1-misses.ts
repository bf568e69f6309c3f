/** L2 traffic: what misses L1 (docs/model.md, 10.4: R1 to R5). All sums in sectors, over the whole layer of one group. */
import { cacheShape, hitProbability, L1_WAYS, type CacheShape } from './hit.js';
import { launch, type ColumnWidth, type Launch, type Wave } from './launch.js';
import type { PreparedTraffic } from './prepare.js';
import type { RuleId } from './rules.js';
import { SECTOR_ELEMENTS } from './tiled-layer.js';
import type { WaveAtL2 } from './wave-at-l2.js';
import { filterLiveBlocks, filterLines, ifmapLines } from './windows.js';

/** The misses of L1, and what the DRAM rules need of how they came about. */
export interface L1Misses {
  /** The rule that was taken out. */
  without?: RuleId | undefined;
  launch: Launch;
  ifmap: number;
  filter: number;
  waves: WaveMisses[];
}

/** What misses L1 of the re-touches that one CTA makes of its own IFmap sectors, in a kind of wave. */
export interface WaveMisses {
  wave: Wave;
  /** By lag in k-blocks, up to the longest. */
  byLag: Float64Array;
  /** Those of lag 1 and more, and their share of all re-touches of lag 1 and more. */
  later: number;
  missShare: number;
  /** CTAs of all waves of the kind whose first touches hit, because their SM has had the row. */
  rowHits: number;
  /** Kept by the DRAM rules for the next L2 size. */
  atL2?: WaveAtL2 | undefined;
}

/** What the rules read of one design. */
export interface L1Context {
  /** A rule that is taken out. */
  without?: RuleId | undefined;
  prepared: PreparedTraffic;
  launch: Launch;
  l1: CacheShape;
}

/** Misses of L1 on `smCount` SMs that hold `activeCtas` CTAs each: at least everything once, at most every request. */
export function l1Misses(
  prepared: PreparedTraffic,
  smCount: number,
  activeCtas: number,
  l1Bytes: number,
  without?: RuleId,
): L1Misses {
  const { layer, filter, footprint } = prepared;
  const context: L1Context = {
    without,
    prepared,
    launch: launch(layer, smCount, activeCtas),
    l1: cacheShape(l1Bytes, L1_WAYS, without === 'H'),
  };
  const waves: WaveMisses[] = [];
  let ifmapSum = 0;
  let filterSum = 0;
  for (const wave of context.launch.waves) {
    const { byLag, later, missShare } = ownRetouches(context, wave);
    const misses = { wave, byLag, later, missShare, rowHits: rowHits(context, wave), atL2: undefined };
    waves.push(misses);
    ifmapSum += ifmapMisses(context, misses);
    for (const width of wave.widths) filterSum += filterMisses(context, wave, width);
  }
  const fullShare = (layer.fullRows * layer.columns) / layer.ctas;
  const within = (least: number, value: number, most: number): number => Math.min(most, Math.max(least, value));
  return {
    without,
    launch: context.launch,
    ifmap: within(footprint.sectors, ifmapSum * fullShare, prepared.ifmapRequests * layer.columns),
    filter: within((layer.n * layer.k) / SECTOR_ELEMENTS, filterSum, filter.requests * layer.n * layer.rows),
    waves,
  };
}

/** IFmap misses of all waves of a kind, every CTA taken as a full one. */
function ifmapMisses(context: L1Context, { wave, byLag, later, rowHits }: WaveMisses): number {
  const { firstTouches } = context.prepared.reuse;
  const smWaves = wave.count * wave.sms;
  const firstOfRow = smWaves * wave.smRows;
  const copies = smWaves * (wave.smCtas - wave.smRows);
  const sameBlock = byLag[0]!;
  return (
    firstOfRow * (sameBlock + later) + (firstOfRow - rowHits) * firstTouches + copies * (sameBlock + rowCopy(context))
  );
}

/** Filter misses of all waves of a kind in its columns of one width. */
function filterMisses(context: L1Context, wave: Wave, width: ColumnWidth): number {
  return width.filters * (width.copies * columnCopy(context, width) + firstOfColumn(context, wave, width));
}

/** R1: an own re-touch of lag j misses by the lines between: the CTA's own, j k-blocks of every other row on the SM, and j of every column's filters. */
export function ownRetouches(
  { prepared, l1 }: L1Context,
  wave: Wave,
): Pick<WaveMisses, 'byLag' | 'later' | 'missShare'> {
  const { reuse } = prepared;
  const { cellLag, cellDistance, cellSectors } = reuse;
  const byLag = new Float64Array(1 + (cellLag.at(-1) ?? 0));
  let lag = -1;
  let others = 0;
  for (let i = 0; i < cellLag.length; i++) {
    if (cellLag[i] !== lag) {
      lag = cellLag[i]!;
      others = (wave.smRows - 1) * ifmapLines(prepared, lag) + filterLines(prepared.layer, lag, wave.smFilters);
    }
    byLag[lag]! += cellSectors[i]! * (1 - hitProbability(l1, cellDistance[i]! + others));
  }
  let later = 0;
  for (let j = 1; j <= lag; j++) later += byLag[j]!;
  const retouches = reuse.requests - reuse.firstTouches - reuse.sameBlock;
  return { byLag, later, missShare: retouches > 0 ? Math.min(1, later / retouches) : 0 };
}

/**
 * R2: first touches hit if the SM has run the row before, a period of CTAs ago, and its lines survived what the SM has
 * touched since: the rows of as many waves as lie in between, and the filters of one. In CTAs whose first touches hit, over
 * all waves of the kind.
 */
export function rowHits({ without, prepared, launch, l1 }: L1Context, wave: Wave): number {
  if (without === 'R2') return 0;
  const { layer, reuse } = prepared;
  const firstWave = Math.floor(wave.begin / launch.slots);
  const filters = filterLines(layer, layer.loops, wave.smFilters);
  let hits = 0;
  for (let slot = 0; slot < wave.smRows; slot++) {
    const wavesAgo = Math.ceil((launch.period - slot) / launch.active);
    const repeats = firstWave + wave.count - Math.max(firstWave, wavesAgo);
    if (repeats <= 0) continue;
    const survives = hitProbability(l1, wavesAgo * wave.smRows * reuse.lines + filters);
    hits += repeats * Math.min(1, wave.smRows - slot) * survives;
  }
  return hits * wave.sms;
}

/** R3: a CTA whose row an earlier CTA of the SM-wave has finds its lines, k-block by k-block, if they survive the CTAs of one period. Misses, those within a k-block left out. */
export function rowCopy({ without, prepared, launch, l1 }: L1Context): number {
  const { layer, reuse } = prepared;
  if (without === 'R3') return reuse.requests - reuse.sameBlock;
  const filters = launch.periodColumns * layer.columnFilters;
  const between = launch.period * ifmapLines(prepared, 1) + filterLines(layer, 1, filters);
  return (reuse.requests - reuse.sameBlock) * (1 - hitProbability(l1, between));
}

/** R4: a CTA whose column the CTA before it on the SM has finds its filters if they survive that CTA's k-block. Misses of one filter. */
export function columnCopy({ without, prepared, l1 }: L1Context, width: ColumnWidth): number {
  const { layer, filter } = prepared;
  if (without === 'R4') return filter.requests;
  const between = ifmapLines(prepared, 1) + filterLines(layer, 1, width.filters);
  return filter.requests * (1 - hitProbability(l1, between));
}

/**
 * R5: the first CTA of a column in an SM-wave: re-touches of a filter sector in the next k-block survive what the SM touches
 * in between; first touches, and the sector that two filters share, what it touches in a lap of the K loop.
 */
export function firstOfColumn({ without, prepared, l1 }: L1Context, wave: Wave, width: ColumnWidth): number {
  const { layer, filter } = prepared;
  if (without === 'R5') return (width.fresh + width.again) * filter.requests;
  const steps = wave.smCtas - wave.smCtas / wave.smColumns + 1;
  const nextBlock =
    Math.min(steps, wave.smRows) * ifmapLines(prepared, 1) +
    filterLines(layer, 1, steps > 1 ? wave.smFilters : width.filters);
  const lapBlocks = layer.loops - filterLiveBlocks(layer) + 1;
  const lap = wave.smRows * ifmapLines(prepared, lapBlocks) + filterLines(layer, layer.loops, wave.smFilters);
  const lapMiss = 1 - hitProbability(l1, lap);
  const shared = Math.max(0, filter.sectors - layer.k / SECTOR_ELEMENTS);
  const retouches = (filter.requests - filter.sectors) * (1 - hitProbability(l1, nextBlock));
  const { fresh, again } = width;
  return (fresh + again) * (retouches + shared * lapMiss) + (filter.sectors - shared) * (fresh + again * lapMiss);
}
