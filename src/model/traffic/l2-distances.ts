/** Lines that pass through L2 between two touches of a line (docs/model.md, 10.5). */
import { hitProbability, type CacheShape } from './hit.js';
import type { WaveMisses } from './l1-misses.js';
import type { Launch, Wave } from './launch.js';
import type { PreparedTraffic } from './prepare.js';
import type { RuleId } from './rules.js';
import { LINE_ELEMENTS } from './tiled-layer.js';
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

/** How much of the IFmap a CTA touches for the first time in a k-block: its share of the K loop, or what comes with a new line. */
export type FirstTouchPace = 'even' | 'burst';

/**
 * Distinct IFmap lines that L2 sees of a whole wave in j k-blocks: of a line that L1 holds only the first touch, of another
 * all; never more than the wave's share of the lines that j k-blocks reach (P7).
 */
export function waveIfmapLines(context: L2Context, misses: WaveMisses, blocks: number, pace: FirstTouchPace): number {
  const { layer, reuse } = context.prepared;
  const touched = ifmapLines(context.prepared, blocks);
  const even = (blocks * reuse.lines) / layer.loops;
  const first = Math.min(touched, pace === 'even' ? even : reuse.newLinesBurst);
  const seen = first + seenAgain(misses.missShare) * (touched - first);
  const share = misses.wave.rows / layer.rows;
  return share * Math.min(layer.fullRows * seen, reachedIn(context.prepared, blocks));
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
export function missAfterBlocks(context: L2Context, misses: WaveMisses, blocks: number): number {
  const { ctas, rows } = misses.wave;
  const lastColumn = (ctas % rows) / rows;
  const missAfter = (passed: number): number => {
    const filters = filterLines(context.prepared.layer, passed, misses.wave.filters);
    return 1 - hitProbability(context.l2, waveIfmapLines(context, misses, passed, 'even') + filters);
  };
  return (1 - lastColumn) * missAfter(blocks) + (lastColumn > 0 ? lastColumn * missAfter(blocks - 1 + lastColumn) : 0);
}
