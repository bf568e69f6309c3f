/** DRAM traffic: what misses L2 (docs/model.md, 10.5: D1, D3, D4, D6). All sums in sectors, over the whole layer of one group. */
import { cacheShape, hitProbability, L2_WAYS, type CacheShape } from './hit.js';
import type { L1Misses } from './l1-misses.js';
import type { Launch, Wave } from './launch.js';
import type { PreparedTraffic } from './prepare.js';
import type { IfmapReuse } from './reuse.js';
import { LINE_ELEMENTS, SECTOR_ELEMENTS, type TiledLayer } from './tiled-layer.js';
import { filterLines, filterLiveBlocks, ifmapLines } from './windows.js';

/** What one evaluation reads. */
interface Context {
  prepared: PreparedTraffic;
  launch: Launch;
  l2: CacheShape;
}

export interface L2Misses {
  ifmap: number;
  filter: number;
}

/** Misses of L2 among the misses of L1. */
export function l2Misses(prepared: PreparedTraffic, l1: L1Misses, l2Bytes: number): L2Misses {
  const { layer, footprint } = prepared;
  const context: Context = { prepared, launch: l1.launch, l2: cacheShape(l2Bytes, L2_WAYS) };
  let ifmap = footprint.sectors;
  let filter = 0;
  l1.launch.waves.forEach((wave, i) => {
    ifmap += rowReloads(context, wave);
    ifmap += ownRetouches(context, wave, l1.missesByLag[i]!);
    ifmap += waveHalo(context, wave);
    ifmap += tileHalo(context, wave, l1.missesByLag[i]!);
    ifmap += otherColumns(context, wave, l1.missesByLag[i]!);
    filter += filterLoads(context, wave);
  });
  return {
    ifmap: Math.min(l1.ifmap, ifmap),
    filter: Math.min(l1.filter, Math.max(filter, (layer.n * layer.k) / SECTOR_ELEMENTS)),
  };
}

/** CTAs i of a kind of wave with i mod slots in `from` .. `to` - 1 whose row an earlier CTA, i - rows, has had. */
function repeatsInSlots(layer: TiledLayer, launch: Launch, wave: Wave, from: number, to: number): number {
  const begin = wave.ctas < launch.slots ? launch.fullWaves * launch.slots : 0;
  const end = begin + wave.count * wave.ctas;
  const low = Math.max(begin, Math.min(end, layer.rows));
  const below = (cta: number, slot: number): number =>
    Math.floor(cta / launch.slots) * slot + Math.min(cta % launch.slots, slot);
  return below(end, to) - below(low, to) - (below(end, from) - below(low, from));
}

/** Chance that a line is still in L2 after `ctas` CTAs of the launch, each row and column of them once, for a share of the K loop. */
function survivesCtas({ prepared, l2 }: Context, ctas: number, share: number): number {
  const { layer, footprint } = prepared;
  const rows = Math.min(layer.rows, ctas);
  const columns = Math.max(1, share * (1 + (ctas - 1) / layer.rows));
  const filterLinesOfColumn = (layer.columnFilters * layer.k) / LINE_ELEMENTS;
  return hitProbability(l2, share * rows * (footprint.lines / layer.rows) + columns * filterLinesOfColumn);
}

/** CTAs from a place in one wave to the same place `waves` waves later; half of what the last wave lacks is after that place. */
function waveDistance({ launch }: Context, wave: Wave, waves: number): number {
  return waves * launch.slots - (launch.slots - wave.ctas) / 2;
}

/** D1: a row that an earlier wave had is loaded again unless its lines survive the rows and columns of the waves since then. */
function rowReloads(context: Context, wave: Wave): number {
  const { layer, footprint } = context.prepared;
  const { launch } = context;
  const { slots } = launch;
  const wholeWaves = Math.floor(layer.rows / slots);
  const rest = layer.rows % slots;
  const reload = (waves: number): number =>
    waves === 0 ? 0 : 1 - survivesCtas(context, waveDistance(context, wave, waves), 1);
  const near = repeatsInSlots(layer, launch, wave, rest, slots) * reload(wholeWaves);
  const far = repeatsInSlots(layer, launch, wave, 0, rest) * reload(wholeWaves + 1);
  return (footprint.sectors / layer.rows) * (near + far);
}

/** Distinct IFmap lines that L2 sees of one CTA in j k-blocks: a line that L1 holds shows only when it is first touched. */
function visibleLines({ prepared }: Context, visible: number, blocks: number): number {
  const touched = ifmapLines(prepared, blocks);
  const first = (blocks * prepared.reuse.lines) / prepared.layer.loops;
  return visible * touched + (1 - visible) * Math.min(touched, first);
}

/** Distinct IFmap lines that a whole wave touches in j k-blocks: those of its rows, but no more than its share of the channels. */
function waveIfmapLines(context: Context, wave: Wave, visible: number, blocks: number): number {
  const { layer, footprint } = context.prepared;
  const share = wave.rows / layer.rows;
  const reached = Math.max(1 + (layer.tileK - 1) / layer.taps, (blocks * layer.tileK) / layer.taps);
  const channels = Math.min(layer.channels, reached);
  return (
    share *
    Math.min(layer.fullRows * visibleLines(context, visible, blocks), (channels / layer.channels) * footprint.lines)
  );
}

/** Distinct lines that a whole wave touches in j k-blocks. */
function waveLines(context: Context, wave: Wave, visible: number, blocks: number): number {
  const { layer } = context.prepared;
  const filters = wave.columns * layer.columnFilters;
  return waveIfmapLines(context, wave, visible, blocks) + filterLines(layer, blocks, filters);
}

/** D2: a wave loads the input rows again that its first tiles share with the wave before, unless they survive that wave. */
function waveHalo(context: Context, wave: Wave): number {
  const { layer, footprint } = context.prepared;
  const waves = wave.ctas < context.launch.slots ? Math.min(1, context.launch.fullWaves) : wave.count - 1;
  if (waves === 0 || wave.rows >= layer.rows) return 0;
  const sharedRows = Math.max(0, layer.filterHeight - layer.strideHeight) * (1 - 1 / layer.outHeight);
  const rowSectors = footprint.sectors / (layer.batch * Math.min(layer.inHeight, layer.outHeight * layer.strideHeight));
  return waves * sharedRows * rowSectors * (1 - survivesCtas(context, waveDistance(context, wave, 1), 1));
}

/** D5: sectors that tiles of a wave share at their edges hit if they survive the wave since the neighbour loaded them. */
function tileHalo(context: Context, wave: Wave, missesByLag: Float64Array): number {
  const { layer, footprint, reuse } = context.prepared;
  const shared = (reuse.firstTouches * layer.fullRows - footprint.sectors) / layer.rows;
  if (shared <= 0) return 0;
  const retouchMisses = retouchMissShare(reuse, missesByLag);
  const tileRows = Math.max(1, layer.tileM / layer.outWidth);
  const rowBlocks = layer.filterWidth / layer.tileK;
  const visible = visibleShare(retouchMisses);
  const missAfterWhole = (blocks: number): number =>
    blocks === 0 ? 0 : 1 - hitProbability(context.l2, waveLines(context, wave, visible, blocks));
  const missAfter = (blocks: number): number => {
    const whole = Math.floor(blocks);
    const part = blocks - whole;
    return (1 - part) * missAfterWhole(whole) + (part > 0 ? part * missAfterWhole(whole + 1) : 0);
  };
  let misses = 0;
  const lags = Math.max(1, layer.filterHeight - 1);
  for (let tapRow = 1; tapRow <= lags; tapRow++)
    misses +=
      (1 - retouchMisses) * missAfter(Math.min(tapRow, tileRows) * rowBlocks) + retouchMisses * missAfter(rowBlocks);
  return wave.count * wave.rows * shared * (misses / lags);
}

/** The share of a CTA's re-touches in later k-blocks that miss L1. */
function retouchMissShare(reuse: IfmapReuse, missesByLag: Float64Array): number {
  const retouches = reuse.requests - reuse.firstTouches - reuse.sameBlock;
  return retouches > 0 ? Math.min(1, laterMisses(missesByLag) / retouches) : 0;
}

/** D3: an own re-touch of lag j that missed L1 goes to DRAM unless its line survives j k-blocks of the whole wave. */
function ownRetouches(context: Context, wave: Wave, missesByLag: Float64Array): number {
  const { layer } = context.prepared;
  const visible = visibleShare(retouchMissShare(context.prepared.reuse, missesByLag));
  let misses = 0;
  for (let lag = 1; lag < missesByLag.length; lag++)
    if (missesByLag[lag]! > 0)
      misses += missesByLag[lag]! * (1 - hitProbability(context.l2, waveLines(context, wave, visible, lag)));
  return wave.count * wave.rows * (layer.fullRows / layer.rows) * misses;
}

/** D4: the other columns of a row in the wave load its lines again unless they survive one k-block of the wave's rows. */
function otherColumns(context: Context, wave: Wave, missesByLag: Float64Array): number {
  const { layer, reuse } = context.prepared;
  const copies = wave.count * (wave.ctas - wave.rows);
  if (copies === 0) return 0;
  const filters = Math.min(wave.columns, 2) * layer.columnFilters;
  const between =
    waveIfmapLines(context, wave, visibleShare(retouchMissShare(reuse, missesByLag)), 1) +
    filterLines(layer, 1, filters);
  const missed = reuse.firstTouches + laterMisses(missesByLag);
  return copies * (layer.fullRows / layer.rows) * missed * (1 - hitProbability(context.l2, between));
}

/** L2 sees a line again if L1 missed one of its four sectors. */
function visibleShare(missShare: number): number {
  return 1 - (1 - missShare) ** 4;
}

/** Re-touches in later k-blocks, of all that miss L1. */
function laterMisses(missesByLag: Float64Array): number {
  let sum = 0;
  for (let lag = 1; lag < missesByLag.length; lag++) sum += missesByLag[lag]!;
  return sum;
}

/** D6: a column's filters are loaded by the first wave that has it, and by a later one unless they survive the wave before. */
function filterLoads(context: Context, wave: Wave): number {
  const { layer } = context.prepared;
  const share = 1 - (filterLiveBlocks(layer) - 1) / layer.loops;
  const reload = 1 - survivesCtas(context, waveDistance(context, wave, 1), share);
  return (layer.k / SECTOR_ELEMENTS) * (wave.newColumnFilters + wave.sharedColumnFilters * reload);
}
