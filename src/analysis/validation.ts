/** How far predictions are from measurements (docs/model.md, 12). */

/** One prediction beside its measurement, in the same unit. */
export interface Comparison {
  predicted: number;
  measured: number;
}

export interface ErrorStatistics {
  n: number;
  /** exp(mean |ln(predicted/measured)|) - 1. */
  gmae: number;
  median_abs_error: number;
  p90_abs_error: number;
  max_abs_error: number;
  /** exp(mean ln(predicted/measured)): 1 where neither side prevails. */
  bias: number;
  /** Rank correlation of predictions and measurements. */
  spearman: number;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Ranks from 0, equal values sharing their mean rank. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** Spearman's rank correlation; NaN where one side does not vary. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [ra, rb] = [ranksOf(a), ranksOf(b)];
  const [ma, mb] = [mean(ra), mean(rb)];
  const sum = (f: (i: number) => number) => ra.reduce((total, _, i) => total + f(i), 0);
  const covariance = sum((i) => (ra[i]! - ma) * (rb[i]! - mb));
  return covariance / Math.sqrt(sum((i) => (ra[i]! - ma) ** 2) * sum((i) => (rb[i]! - mb) ** 2));
}

/** Statistics of the ratios predicted/measured; at least one comparison, all figures positive. */
export function errorStatistics(comparisons: readonly Comparison[]): ErrorStatistics {
  const logs = comparisons.map(({ predicted, measured }) => Math.log(predicted / measured));
  const errors = logs.map(Math.abs).sort((a, b) => a - b);
  const quantile = (q: number) => Math.expm1(errors[Math.min(errors.length - 1, Math.floor(q * errors.length))]!);
  return {
    n: comparisons.length,
    gmae: Math.expm1(mean(errors)),
    median_abs_error: quantile(0.5),
    p90_abs_error: quantile(0.9),
    max_abs_error: quantile(1),
    bias: Math.exp(mean(logs)),
    spearman: spearman(
      comparisons.map(({ predicted }) => predicted),
      comparisons.map(({ measured }) => measured),
    ),
  };
}
