/** Limits on metrics, such as "within 600 mm2": which rows keep them, and how near the others come. */
import type { MetricRows } from './workload-fronts.js';

export interface Limit {
  metric: string;
  side: 'at most' | 'at least';
  value: number;
}

/** `area_mm2 <= 600`. */
export function showLimit({ metric, side, value }: Limit): string {
  return `${metric} ${side === 'at most' ? '<=' : '>='} ${value}`;
}

/** Whether a value is beyond a limit; NaN is. */
const isBeyond = ({ side, value: limit }: Limit, value: number) =>
  !(side === 'at most' ? value <= limit : value >= limit);

/** Lets rows within all limits pass. */
export class LimitFilter {
  private readonly positions: readonly number[];
  /** For each limit, the value nearest to it of rows that keep all others and not it. */
  private readonly nearest: (number | undefined)[];

  /** @param metrics of the rows' columns; the limits' are among them */
  constructor(
    private readonly limits: readonly Limit[],
    metrics: readonly string[],
  ) {
    this.positions = limits.map(({ metric }) => metrics.indexOf(metric));
    this.nearest = limits.map(() => undefined);
  }

  /** The rows within all limits. */
  keep(rows: MetricRows): MetricRows {
    if (this.limits.length === 0) return rows;
    const kept = rows.ids.map((_, row) => Number(this.isWithin(rows, row)));
    const pick = (column: Float64Array) => column.filter((_, row) => kept[row] === 1);
    return { ids: pick(rows.ids), values: rows.values.map(pick) };
  }

  /** Limits any one of which would have let a row pass, the nearest to those given; none where every row is beyond two. */
  relaxed(): Limit[] {
    return this.limits.flatMap((limit, l) => {
      const value = this.nearest[l];
      return value === undefined ? [] : [{ ...limit, value: roundedOutward(limit.side, value) }];
    });
  }

  private isWithin({ values }: MetricRows, row: number): boolean {
    let missed = -1;
    for (let l = 0; l < this.limits.length; l++) {
      if (!isBeyond(this.limits[l]!, values[this.positions[l]!]![row]!)) continue;
      if (missed >= 0) return false;
      missed = l;
    }
    if (missed < 0) return true;
    const value = values[this.positions[missed]!]![row]!;
    if (Number.isNaN(value)) return false;
    const { side } = this.limits[missed]!;
    const nearest = this.nearest[missed];
    if (nearest === undefined || !isBeyond({ metric: '', side, value: nearest }, value)) this.nearest[missed] = value;
    return false;
  }
}

/** Four digits of a value, rounded so that the value is within them as a limit. */
function roundedOutward(side: Limit['side'], value: number): number {
  const rounded = Number(value.toPrecision(4));
  if (!isBeyond({ metric: '', side, value: rounded }, value)) return rounded;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 3);
  return Number((rounded + (side === 'at most' ? step : -step)).toPrecision(4));
}
