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
  const periodColumns = 1 + (period - 1) * Math.min(1, sms / layer.rows);
  return { sms, active, slots, period, fullWaves, periodColumns, waves };
}

/** `count` waves of `ctas` CTAs each, the first of which is CTA `begin`. */
function wavesOf(layer: TiledLayer, places: Slots, begin: number, count: number, ctas: number): Wave {
  const end = begin + count * ctas;
  const sms = Math.min(places.sms, ctas);
  const smCtas = ctas / sms;
  const widths = columnWidths(layer, places, begin, end);
  let smColumns = 0;
  let smFilters = 0;
  let columns = 0;
  let filters = 0;
  for (const width of widths) {
    const firsts = width.fresh + width.again;
    const inWaves = width.newWaves + width.laterWaves;
    smColumns += firsts / (count * sms);
    smFilters += (width.filters * firsts) / (count * sms);
    columns += inWaves / count;
    filters += (width.filters * inWaves) / count;
  }
  return {
    count,
    ctas,
    begin,
    end,
    sms,
    smCtas,
    smRows: Math.min(smCtas, places.period),
    smColumns,
    smFilters,
    rows: Math.min(layer.rows, ctas),
    columns,
    filters,
    widths,
  };
}

/** The columns of the CTAs `begin` .. `end` - 1: full ones, and a narrower last one of the layer. */
function columnWidths(layer: TiledLayer, places: Slots, begin: number, end: number): ColumnWidth[] {
  const from = Math.floor(begin / layer.rows);
  const to = Math.ceil(end / layer.rows);
  const last = to - 1;
  if (filtersOfColumn(layer, last) === layer.tileN || from === last)
    return [columnsOf(layer, places, begin, end, from, to)];
  return [columnsOf(layer, places, begin, end, from, last), columnsOf(layer, places, begin, end, last, to)];
}

/** The columns `fromColumn` .. `toColumn` - 1, all of one width, of the CTAs `begin` .. `end` - 1. */
function columnsOf(
  layer: TiledLayer,
  { sms, slots }: Slots,
  begin: number,
  end: number,
  fromColumn: number,
  toColumn: number,
): ColumnWidth {
  const { rows } = layer;
  let fresh = 0;
  let again = 0;
  let ctas = 0;
  let newWaves = 0;
  let waves = 0;
  for (let column = fromColumn; column < toColumn; column++) {
    const first = column * rows;
    const from = Math.max(first, begin);
    const to = Math.min(first + rows, end);
    const freshEnd = Math.min(to, Math.max(from, first + sms));
    fresh += freshEnd - from;
    again += firstSlotsBefore(to, sms, slots) - firstSlotsBefore(freshEnd, sms, slots);
    ctas += to - from;
    newWaves += from === first ? 1 : 0;
    waves += Math.floor((to - 1) / slots) - Math.floor(from / slots) + 1;
  }
  const filters = filtersOfColumn(layer, fromColumn);
  return { filters, fresh, again, copies: ctas - fresh - again, newWaves, laterWaves: waves - newWaves };
}

/** CTAs below `cta` that are the first of their SM-wave. */
function firstSlotsBefore(cta: number, sms: number, slots: number): number {
  const waves = Math.floor(cta / slots);
  return waves * sms + Math.min(cta - waves * slots, sms);
}
