/** The scale on which the values of a metric are averaged, and how the mean is shown (docs/model.md, 15.1). */
import type { NumericMetric } from '../../model/metrics.js';

/** Changes and means are on the scale: logarithms for geometric means, the values themselves for arithmetic ones. */
export interface MetricScale {
  means: 'geometric' | 'arithmetic';
  /** A mean, in the metric's unit. */
  show: (mean: number) => number;
  /** A mean against another: their ratio, or their difference. */
  effect: (mean: number, reference: number) => number;
  /** What a change gains, as a part of the metric. */
  gain: (change: number) => number;
  /** Relative gain over relative growth; NaN where either has no meaning. */
  elasticity: (change: number, growth: number) => number;
  /** Whether values with this variance are equal but for rounding. */
  isStill: (variance: number, mean: number) => boolean;
}

/** Relative differences below this are rounding. */
const ROUNDING = 1e-12;

export function geometricScale({ better }: NumericMetric): MetricScale {
  const sign = better === 'low' ? -1 : 1;
  return {
    means: 'geometric',
    show: Math.exp,
    effect: (mean, reference) => Math.exp(mean - reference),
    gain: (change) => sign * Math.expm1(change),
    elasticity: (change, growth) =>
      growth > 0 && growth !== 1 && growth < Infinity ? (sign * change) / Math.log(growth) : Number.NaN,
    isStill: (variance) => Math.sqrt(variance) <= ROUNDING,
  };
}

/** @param mean of all values: what gains are parts of */
export function arithmeticScale({ better }: NumericMetric, mean: number): MetricScale {
  const sign = better === 'low' ? -1 : 1;
  return {
    means: 'arithmetic',
    show: (value) => value,
    effect: (value, reference) => value - reference,
    gain: (change) => (change === 0 ? 0 : (sign * change) / Math.abs(mean)),
    elasticity: () => Number.NaN,
    isStill: (variance, at) => Math.sqrt(variance) <= ROUNDING * Math.abs(at),
  };
}
