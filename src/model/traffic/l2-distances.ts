/** Lines that pass through L2 between two touches of a line (docs/model.md, 10.5). */
import { hitProbability, type CacheShape } from './hit.js';
import type { WaveMisses } from './l1-misses.js';
import type { Launch, Wave } from './launch.js';
import type { PreparedTraffic } from './prepare.js';
import type { RuleId } from './rules.js';
import { LINE_ELEMENTS } from './tiled-layer.js';
import type { WaveAtL2 } from './wave-at-l2.js';
import { filterLines, ifmapLines } from './windows.js';

/** What the DRAM rules read of one design. */
export interface L2Context {
  /** A rule that is taken out. */
  without?: RuleId | undefined;
  prepared: PreparedTraffic;
  launch: Launch;
  l2: CacheShape;
}

/** CTAs from a place in one wave to the same place `waves` waves later; half of what the later wave lacks is after that place. */
export function waveDistance({ launch }: L2Context, wave: Wave, waves: number): number {
  return waves * launch.slots - (launch.slots - wave.ctas) / 2;
}

/** Chance that a line does not survive `ctas` CTAs of the launch, each row and column of them once. */
export function missAfterCtas({ prepared, l2 }: L2Context, ctas: number): number {
  const { layer, footprint } = prepared;
  const rows = Math.min(layer.rows, ctas);
  const columns = 1 + (ctas - 1) / layer.rows;
  const columnLines = (layer.columnFilters * layer.k) / LINE_ELEMENTS;
  return 1 - hitProbability(l2, rows * (footprint.lines / layer.rows) + columns * columnLines);
}

/** What of a kind of wave no size of L2 changes: worked out for the first one. */
export function waveAtL2(context: L2Context, misses: WaveMisses): WaveAtL2 {
  return (misses.atL2 ??= makeWaveAtL2(context, misses));
}

function makeWaveAtL2(context: L2Context, misses: WaveMisses): WaveAtL2 {
  const { layer, haloLags } = context.prepared;
  const { wave, byLag } = misses;
  const { slots } = context.launch;
  // CTA i - rows, which had the row last, is `waves` waves back, or one more if i is among the first `rest` of its wave.
  const rest = layer.rows % slots;
  const again = seenAgain(misses.missShare);
  const linesAfter = (blocks: number): number =>
    waveIfmapLines(context, misses, blocks, (blocks * context.prepared.reuse.lines) / layer.loops, again) +
    filterLines(layer, blocks, wave.filters);
  const lastColumn = (wave.ctas % wave.rows) / wave.rows;
  const lags = Math.max(byLag.length, haloLags.length);
  const passed = new Float64Array(lags);
  const passedLast = new Float64Array(lags);
  for (let lag = 1; lag < lags; lag++) {
    if (!(byLag[lag]! > 0 || haloLags[lag]! > 0)) continue;
    passed[lag] = linesAfter(lag);
    if (lastColumn > 0) passedLast[lag] = linesAfter(lag - 1 + lastColumn);
  }
  const passedColumn =
    waveIfmapLines(context, misses, 1, context.prepared.reuse.newLinesBurst, again) +
    filterLines(layer, 1, Math.min(wave.columns, 2) * layer.columnFilters);
  const [near, far] = [repeatedRows(context, wave, rest, slots), repeatedRows(context, wave, 0, rest)];
  return { near, far, passed, passedLast, lastColumn, passedColumn };
}

/** CTAs in the slots `from` .. `to` - 1 of the waves of a kind, those of the first column left out: no wave has had their row. */
function repeatedRows({ prepared, launch }: L2Context, wave: Wave, from: number, to: number): number {
  const { slots } = launch;
  const low = Math.max(wave.begin, Math.min(wave.end, prepared.layer.rows));
  const ctasBefore = (cta: number, slot: number): number =>
    Math.floor(cta / slots) * slot + Math.min(cta % slots, slot);
  return ctasBefore(wave.end, to) - ctasBefore(low, to) - (ctasBefore(wave.end, from) - ctasBefore(low, from));
}

/**
 * Distinct IFmap lines that L2 sees of a whole wave in j k-blocks, in which each CTA touches `firstTouched` lines for the first
 * time: of a line that L1 holds only that touch, of another all, a share `again`; never more than the wave's share of the
 * lines that j k-blocks reach (P7).
 */
function waveIfmapLines(
  { prepared }: L2Context,
  { wave }: WaveMisses,
  blocks: number,
  firstTouched: number,
  again: number,
): number {
  const { layer } = prepared;
  const touched = ifmapLines(prepared, blocks);
  const first = Math.min(touched, firstTouched);
  const seen = first + again * (touched - first);
  return (wave.rows / layer.rows) * Math.min(layer.fullRows * seen, reachedIn(prepared, blocks));
}

/** P7 for any number of k-blocks: in proportion between whole ones, all lines beyond the last. */
function reachedIn({ footprint, reached }: PreparedTraffic, blocks: number): number {
  const whole = Math.floor(blocks);
  const below = reached[whole] ?? footprint.lines;
  return below + (blocks - whole) * ((reached[whole + 1] ?? footprint.lines) - below);
}

/** L2 sees a line again if L1 missed one of its four sectors. */
function seenAgain(missShare: number): number {
  return 1 - (1 - missShare) ** 4;
}

/**
 * Chance that a line does not survive the j k-blocks until its row comes back to it. A row with a CTA in the wave's last,
 * partial column was there once more in the meantime, and less than a k-block of the wave's rows is left of the first.
 */
export function missAfterBlocks(
  { l2 }: L2Context,
  { passed, passedLast, lastColumn }: WaveAtL2,
  blocks: number,
): number {
  const whole = (1 - lastColumn) * (1 - hitProbability(l2, passed[blocks]!));
  return whole + (lastColumn > 0 ? lastColumn * (1 - hitProbability(l2, passedLast[blocks]!)) : 0);
}
