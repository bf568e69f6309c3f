/** Designs over all workloads of a study: one figure a metric out of those of each workload (docs/model.md, 14.1). */
import { metricNamed, NUMERIC_METRICS, type NumericMetric } from '../model/metrics.js';
import type { MetricRows } from './workload-fronts.js';

/** Each workload has its front, or all have one: by geometric mean, or by the worst. */
export const OVER_WORKLOADS = ['each', 'geomean', 'worst'] as const;
export type OverWorkloads = (typeof OVER_WORKLOADS)[number];
/** How the speedups of all workloads become one. */
export type Joint = Exclude<OverWorkloads, 'each'>;

/** The metric of speed over all workloads: times of workloads that differ in size cannot be compared. */
export const SPEED_OVER_ALL = 'speedup';

const tellsTime = ({ name, quantity }: NumericMetric) => quantity === 'time' && name !== SPEED_OVER_ALL;

/** Metrics that a design has over all workloads. */
export const METRICS_OVER_ALL = NUMERIC_METRICS.filter((metric) => !tellsTime(metric));

/** The metric by which another one is compared over all workloads, and whether more of it is less of the other. */
export function overAll(name: string): { metric: string; isOpposite: boolean } {
  const metric = metricNamed(name)!;
  return tellsTime(metric)
    ? { metric: SPEED_OVER_ALL, isOpposite: metric.better === 'low' }
    : { metric: name, isOpposite: false };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

const geometricMean = (values: readonly number[]) => Math.exp(mean(values.map(Math.log)));

const worstOf =
  (better: NumericMetric['better']) =>
  (values: readonly number[]): number =>
    better === 'low' ? Math.max(...values) : Math.min(...values);

/** How a metric's figures of each workload become one. */
export function joinerOf({ quantity, better }: NumericMetric, joint: Joint): (values: readonly number[]) => number {
  switch (quantity) {
    case 'traffic':
    case 'energy':
      return sum;
    case 'area':
      return (values) => values[0]!;
    default:
      if (joint === 'worst') return worstOf(better);
      return quantity === 'time' ? geometricMean : mean;
  }
}

/** Rows of a batch. */
const BATCH_ROWS = 65_536;

/**
 * Metrics of designs over all workloads, batch by batch.
 *
 * @param designs the rows of each design, one a workload: id, then the metrics' values; the same array may come again
 * @param metrics names out of `METRICS_OVER_ALL`
 */
export function* joinWorkloads(
  designs: Iterable<readonly (readonly number[])[]>,
  metrics: readonly string[],
  joint: Joint,
): Generator<MetricRows> {
  const joiners = metrics.map((name) => joinerOf(metricNamed(name)!, joint));
  const columns = [new Float64Array(BATCH_ROWS), ...metrics.map(() => new Float64Array(BATCH_ROWS))];
  let used = 0;
  const filled = (): MetricRows => {
    const [ids, ...values] = columns.map((column) => column.slice(0, used));
    used = 0;
    return { ids: ids!, values };
  };
  for (const rows of designs) {
    columns[0]![used] = rows[0]![0]!;
    joiners.forEach((join, m) => {
      columns[m + 1]![used] = join(rows.map((row) => row[m + 1]!));
    });
    if (++used === BATCH_ROWS) yield filled();
  }
  if (used > 0) yield filled();
}

/** All metrics of a design over all workloads, from its row of `points` for each. */
export function joinRows(rows: readonly Record<string, unknown>[], joint: Joint): Record<string, number> {
  const entries = METRICS_OVER_ALL.map((metric) => {
    const join = joinerOf(metric, joint);
    return [metric.name, join(rows.map((row) => Number(row[metric.name])))];
  });
  return Object.fromEntries(entries) as Record<string, number>;
}
