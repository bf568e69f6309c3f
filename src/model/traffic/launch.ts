/**
 * How the CTAs of a layer come to the SMs (docs/model.md, 10.1): CTA i covers row i mod rows and column floor(i / rows), it
 * runs on SM i mod SMs, in wave floor(i / (SMs x active)). So on one SM, whose CTAs are i, i + SMs, i + 2 SMs, ..
 *
 *   - the columns come as runs, one after the other;
 *   - the rows repeat every `period` CTAs, whatever the SM and the wave.
 */
import { filtersOfColumn, greatestCommonDivisor, type TiledLayer } from './tiled-layer.js';

/** A wave, all full ones alike, or the last one that fills the GPU in part. An SM-wave is what one SM holds of it. */
export interface Wave {
  /** How many waves of this kind there are, and CTAs in each. */
  count: number;
  ctas: number;
  /** SMs with a CTA; CTAs of an SM, distinct rows and columns among them, on average. */
  sms: number;
  smCtas: number;
  smRows: number;
  smColumns: number;
  /** Distinct rows and columns of the wave, on average. */
  rows: number;
  columns: number;
  /** CTAs by whether they share their column with another, each weighted by its filters; sums over all waves of the kind. */
  filters: ColumnSharing;
  /** Columns that a wave has first of all waves, and that the wave before had too, weighted by their filters; sums likewise. */
  newColumnFilters: number;
  sharedColumnFilters: number;
}

/** CTAs by what ran on their SM before them, each counted with the filters of its column. */
export interface ColumnSharing {
  /** First of their column on the SM. */
  fresh: number;
  /** First of their column in the SM-wave, the wave before on this SM having had it. */
  again: number;
  /** The SM-wave has an earlier CTA of the column. */
  copies: number;
}

export interface Launch {
  sms: number;
  active: number;
  /** CTAs of a full wave. */
  slots: number;
  fullWaves: number;
  /** CTAs of an SM after which a row comes again. */
  period: number;
  /** Columns that a period spans on an SM, on average. */
  periodColumns: number;
  waves: Wave[];
}

/** The waves of a layer on `smCount` SMs that hold `activeCtas` CTAs each. */
export function launch(layer: TiledLayer, smCount: number, activeCtas: number): Launch {
  const slots = smCount * activeCtas;
  const fullWaves = Math.floor(layer.ctas / slots);
  const tail = layer.ctas - fullWaves * slots;
  const period = layer.rows / greatestCommonDivisor(layer.rows, smCount);
  const waves: Wave[] = [];
  if (fullWaves > 0) waves.push(wave(layer, smCount, slots, period, 0, fullWaves, slots));
  if (tail > 0) waves.push(wave(layer, smCount, slots, period, fullWaves * slots, 1, tail));
  return {
    sms: smCount,
    active: activeCtas,
    slots,
    fullWaves,
    period,
    periodColumns: 1 + (period - 1) * Math.min(1, smCount / layer.rows),
    waves,
  };
}

/** `count` waves of `ctas` CTAs that start with CTA `begin`. */
function wave(
  layer: TiledLayer,
  smCount: number,
  slots: number,
  period: number,
  begin: number,
  count: number,
  ctas: number,
): Wave {
  const end = begin + count * ctas;
  const sms = Math.min(smCount, ctas);
  const smCtas = ctas / sms;
  const result: Wave = {
    count,
    ctas,
    sms,
    smCtas,
    smRows: Math.min(smCtas, period),
    smColumns: 0,
    rows: Math.min(layer.rows, ctas),
    columns: 0,
    filters: { fresh: 0, again: 0, copies: 0 },
    newColumnFilters: 0,
    sharedColumnFilters: 0,
  };
  for (let column = Math.floor(begin / layer.rows); column * layer.rows < end; column++) {
    const first = column * layer.rows;
    addColumn(
      result,
      filtersOfColumn(layer, column),
      first,
      Math.max(first, begin),
      Math.min(first + layer.rows, end),
      smCount,
      slots,
    );
  }
  result.smColumns /= count * sms;
  result.columns /= count;
  return result;
}

/** Adds the CTAs `from` .. `to` - 1 of the column whose CTAs begin at `first`. */
function addColumn(
  sum: Wave,
  filters: number,
  first: number,
  from: number,
  to: number,
  smCount: number,
  slots: number,
): void {
  const freshEnd = Math.min(to, Math.max(from, first + smCount));
  const fresh = freshEnd - from;
  const again = firstSlotsBefore(to, smCount, slots) - firstSlotsBefore(freshEnd, smCount, slots);
  sum.filters.fresh += filters * fresh;
  sum.filters.again += filters * again;
  sum.filters.copies += filters * (to - freshEnd - again);
  sum.smColumns += fresh + again;
  const waves = Math.floor((to - 1) / slots) - Math.floor(from / slots) + 1;
  const begins = from === first ? 1 : 0;
  sum.columns += waves;
  sum.newColumnFilters += filters * begins;
  sum.sharedColumnFilters += filters * (waves - begins);
}

/** CTAs below `cta` that are the first of their SM-wave. */
function firstSlotsBefore(cta: number, smCount: number, slots: number): number {
  return Math.floor(cta / slots) * smCount + Math.min(cta % slots, smCount);
}
