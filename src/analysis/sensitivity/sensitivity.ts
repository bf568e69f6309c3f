/** What each axis of a study does to a metric: effects, steps, Sobol's indices (docs/model.md, 15). */
import type { NumericMetric } from '../../model/metrics.js';
import { OPTION } from '../../space/columns.js';
import { gridOf, OPTION_DIGIT, workloadNames, type Study } from '../../space/study.js';
import {
  baselinePositions,
  nameOf,
  sensitivityOfAxis,
  type AxisSensitivity,
  type NamedAxis,
} from './axis-sensitivity.js';
import { arithmeticScale, geometricScale, type MetricScale } from './metric-scale.js';
import { summarizeMarginals, type MarginalSum } from './summarize-marginals.js';
import { summarizePoints, type ReadPoints } from './summarize-points.js';
import type { WorkloadSummary } from './summary.js';

/** Steps that gain less than this do not pay, if nothing else is asked for. */
export const DEFAULT_PAYS = 0.01;

/** An axis with both indices below this could be left out of the sweep. */
const NEGLIGIBLE = 0.01;

/** Where the total index is larger than that of first order by this, what the axis does depends on others. */
const STRONG = 0.05;

/** The shape of `sensitivity --json`, but for the study's name, notes and seconds. */
export interface Sensitivity {
  metric: string;
  unit: string;
  /** Which way the metric is better. */
  better: 'low' | 'high';
  /** Arithmetic where some value of the metric is not positive. Variances are those of the logarithm, or of the metric itself. */
  means: MetricScale['means'];
  /** The least gain of a step that pays. */
  pays: number;
  workloads: WorkloadSensitivity[];
}

export interface WorkloadSensitivity {
  network: string;
  batch: number;
  pass: string;
  /** Feasible points that the study has of the workload, and how many its grid has. */
  points: number;
  grid: number;
  /** Of the metric, over all points; null without any. */
  mean: number | null;
  /** Null where it is not known: the study keeps its front alone. */
  variance: number | null;
  /** By total index, the largest first; where it is not known, by the variance of their effects. */
  axes: AxisSensitivity[];
  findings: Findings;
}

/** Names of axes; linked ones as `l1_kib + l1_gbps`. Null where it is not known. */
export interface Findings {
  matters_most: string | null;
  could_be_dropped: string[] | null;
  interacting: string[] | null;
}

/** What is known of a study's stored points. */
export function sensitivityOf(study: Study, metric: NumericMetric, read: ReadPoints, pays = DEFAULT_PAYS): Sensitivity {
  const logarithms = summarizePoints(study, read, Math.log);
  if (logarithms) return describe(study, metric, logarithms, () => geometricScale(metric), pays);
  const values = summarizePoints(study, read, (value) => value)!;
  return describe(study, metric, values, ({ mean }) => arithmeticScale(metric, mean), pays);
}

/** The same of the time of a study that keeps its front alone, with sums along the axes: no variance, no total index. */
export function sensitivityOfMarginals(
  study: Study,
  time: NumericMetric,
  marginals: Iterable<MarginalSum>,
  pays = DEFAULT_PAYS,
): Sensitivity {
  return describe(study, time, summarizeMarginals(study, marginals), () => geometricScale(time), pays);
}

function describe(
  study: Study,
  { name, unit, better }: NumericMetric,
  summaries: readonly WorkloadSummary[],
  scaleOf: (summary: WorkloadSummary) => MetricScale,
  pays: number,
): Sensitivity {
  const names = workloadNames(study);
  const grid = gridOf(study).size / study.workloads.length;
  const scales = summaries.map(scaleOf);
  return {
    ...{ metric: name, unit, better, means: scales[0]!.means, pays },
    workloads: summaries.map((summary, w) => {
      const { points, mean, squares } = summary;
      const axes = study.dimensions
        .map((dimension, d) =>
          sensitivityOfAxis(
            namedAxes(study, d),
            baselinePositions(dimension, study.baseline),
            summary.digits[d]!,
            summary,
            scales[w]!,
            pays,
          ),
        )
        .sort((a, b) => (b.total ?? 0) - (a.total ?? 0) || b.effect_variance - a.effect_variance);
      return {
        ...names[w]!,
        ...{ points, grid, mean: points > 0 ? scales[w]!.show(mean) : null },
        variance: squares === undefined || points === 0 ? null : squares / points,
        axes,
        findings: findingsOf(axes),
      };
    }),
  };
}

/** The names of a dimension's axes; of the dimension of named options, the options' names. */
function namedAxes({ dimensions, options }: Study, d: number): readonly NamedAxis[] {
  return options && d + 1 === OPTION_DIGIT ? [{ id: OPTION.name, values: options }] : dimensions[d]!;
}

function findingsOf(axes: readonly AxisSensitivity[]): Findings {
  const [first] = axes;
  const isKnown = axes.every(({ total }) => total !== null);
  const moves = axes.filter(({ levels }) => levels.filter(({ points }) => points > 0).length > 1);
  const named = (which: (first: number, total: number) => boolean) =>
    isKnown ? moves.filter(({ first_order, total }) => which(first_order!, total!)).map(nameOf) : null;
  return {
    matters_most: first && (first.total ?? first.effect_variance) > 0 ? nameOf(first) : null,
    could_be_dropped: named((firstOrder, total) => Math.max(firstOrder, total) < NEGLIGIBLE),
    interacting: named((firstOrder, total) => total - firstOrder >= STRONG),
  };
}
