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
  /** The CTAs of all of them: `begin` .. `end` - 1. */
  begin: number;
  end: number;
  /** SMs with a CTA; CTAs of an SM, distinct rows and columns among them, on average. */
  sms: number;
  smCtas: number;
  smRows: number;
  smColumns: number;
  /** Filters of the columns of an SM-wave, on average. */
  smFilters: number;
  /** Distinct rows of the wave; distinct columns and their filters, on average. */
  rows: number;
  columns: number;
  filters: number;
  /** The columns of all waves of the kind, those of equal width together: at most full ones and a narrower last one. */
  widths: ColumnWidth[];
}

/** Columns of one width, sums over the waves of a kind. */
export interface ColumnWidth {
  /** Filters of the column. */
  filters: number;
  /** CTAs that are the first of their column on their SM. */
  fresh: number;
  /** CTAs that are the first of their column in the SM-wave, the wave before on this SM having had it. */
  again: number;
  /** CTAs with an earlier CTA of the column in the SM-wave. */
  copies: number;
  /** Waves that have a column first, and waves that have it after the wave before. */
  newWaves: number;
  laterWaves: number;
}

/** Where CTAs go, whatever their number. */
interface Slots {
  sms: number;
  /** CTAs that an SM holds at once, and CTAs of a full wave. */
  active: number;
  slots: number;
  /** CTAs of an SM after which a row comes again. */
  period: number;
}

export interface Launch extends Slots {
  fullWaves: number;
  /** Columns that a period spans on an SM, on average. */
  periodColumns: number;
  /** The full waves, and the last one if it is not full. */
  waves: Wave[];
}

/** The waves of a layer on `sms` SMs that hold `active` CTAs each. */
export function launch(layer: TiledLayer, sms: number, active: number): Launch {
  const slots = sms * active;
  const period = layer.rows / greatestCommonDivisor(layer.rows, sms);
  const places: Slots = { sms, active, slots, period };
  const fullWaves = Math.floor(layer.ctas / slots);
  const rest = layer.ctas - fullWaves * slots;
  const waves: Wave[] = [];
  if (fullWaves > 0) waves.push(wavesOf(layer, places, 0, fullWaves, slots));
  if (rest > 0) waves.push(wavesOf(layer, places, fullWaves * slots, 1, rest));
  return { ...places, fullWaves, periodColumns: 1 + (period - 1) * Math.min(1, sms / layer.rows), waves };
}

/** `count` waves of `ctas` CTAs each, the first of which is CTA `begin`. */
function wavesOf(layer: TiledLayer, places: Slots, begin: number, count: number, ctas: number): Wave {
  const end = begin + count * ctas;
  const sms = Math.min(places.sms, ctas);
  const smCtas = ctas / sms;
  const result: Wave = {
    count,
    ctas,
    begin,
    end,
    sms,
    smCtas,
    smRows: Math.min(smCtas, places.period),
    smColumns: 0,
    smFilters: 0,
    rows: Math.min(layer.rows, ctas),
    columns: 0,
    filters: 0,
    widths: [],
  };
  const fromColumn = Math.floor(begin / layer.rows);
  const toColumn = Math.ceil(end / layer.rows);
  const narrow = filtersOfColumn(layer, toColumn - 1) < layer.tileN ? toColumn - 1 : toColumn;
  if (fromColumn < narrow) result.widths.push(columnsOf(layer, places, result, fromColumn, narrow));
  if (narrow < toColumn) result.widths.push(columnsOf(layer, places, result, Math.max(fromColumn, narrow), toColumn));
  for (const { filters, fresh, again, newWaves, laterWaves } of result.widths) {
    result.smColumns += (fresh + again) / (count * sms);
    result.smFilters += (filters * (fresh + again)) / (count * sms);
    result.columns += (newWaves + laterWaves) / count;
    result.filters += (filters * (newWaves + laterWaves)) / count;
  }
  return result;
}

/** The columns `fromColumn` .. `toColumn` - 1, all of one width, in a kind of wave. */
function columnsOf(
  layer: TiledLayer,
  { sms, slots }: Slots,
  { begin, end }: Wave,
  fromColumn: number,
  toColumn: number,
): ColumnWidth {
  const { rows } = layer;
  const width = {
    filters: filtersOfColumn(layer, fromColumn),
    fresh: 0,
    again: 0,
    copies: 0,
    newWaves: 0,
    laterWaves: 0,
  };
  for (let column = fromColumn; column < toColumn; column++) {
    const first = column * rows;
    const from = Math.max(first, begin);
    const to = Math.min(first + rows, end);
    const freshEnd = Math.min(to, Math.max(from, first + sms));
    const again = firstSlotsBefore(to, sms, slots) - firstSlotsBefore(freshEnd, sms, slots);
    width.fresh += freshEnd - from;
    width.again += again;
    width.copies += to - freshEnd - again;
    const waves = Math.floor((to - 1) / slots) - Math.floor(from / slots) + 1;
    const newWaves = from === first ? 1 : 0;
    width.newWaves += newWaves;
    width.laterWaves += waves - newWaves;
  }
  return width;
}

/** CTAs below `cta` that are the first of their SM-wave. */
function firstSlotsBefore(cta: number, sms: number, slots: number): number {
  const waves = Math.floor(cta / slots);
  return waves * sms + Math.min(cta - waves * slots, sms);
}
