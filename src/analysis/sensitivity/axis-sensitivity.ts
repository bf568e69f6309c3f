/** What one digit of the grid does to a metric: an axis, or linked axes, which move together and have one effect. */
import { baselineValue, type GpuSpec } from '../../model/gpu.js';
import { resourceOf, type AxisId, type AxisValue } from '../../model/resources.js';
import type { OPTION } from '../../space/columns.js';
import type { Dimension } from '../../space/grid.js';
import type { MetricScale } from './metric-scale.js';
import type { DigitSummary, WorkloadSummary } from './summary.js';

/** An axis, or the named options of a study. */
export type AxisName = AxisId | typeof OPTION.name;

export interface NamedAxis {
  id: AxisName;
  values: readonly AxisValue[];
}

/** A value of each axis of the digit. */
export type Setting = Partial<Record<AxisName, AxisValue>>;

/** The points with one value (docs/model.md, 15.1). Figures are null without points. */
export interface Level {
  value: Setting;
  points: number;
  /** Their mean metric. */
  mean: number | null;
  /** Over the mean at the baseline's value, or the first one's where no point is there; arithmetic means: minus it. */
  effect: number | null;
}

/** From one value to the next, all else equal (docs/model.md, 15.1). */
export interface Step {
  from: Setting;
  to: Setting;
  /** The part of the metric that the step takes off or, where more is better, adds: 0.1 is a gain of 10%. Null where nothing is known. */
  gain: number | null;
  /** How much better the metric gets in % for 1% more of `along`; null for zero and arithmetic means. */
  elasticity: number | null;
  /** Pairs of points that differ in this step alone; null where they are not known and means are compared. */
  pairs: number | null;
}

export interface AxisSensitivity {
  /** More than one where they are linked. */
  axes: AxisName[];
  /** The axis that elasticities are about: the first one that is a number; null if none is. */
  along: AxisName | null;
  /** From the smallest value to the largest, latencies the other way round; text as in the spec. */
  levels: Level[];
  /** The value that effects are over. */
  reference: Setting;
  /** Whether it is the baseline's. */
  reference_is_baseline: boolean;
  /** None of text, which has no order. */
  steps: Step[];
  /** The one with the largest gain; null where none gains, and of text. */
  best_step: Step | null;
  /** The first value after which no step gains what pays; null where the last step still does, none is known, or it is text. */
  stops_paying_at: Setting | null;
  /** From the first value to the last; null of text. */
  elasticity: number | null;
  /** Variance of the means of its values, each counted as often as it has points. */
  effect_variance: number;
  /** Sobol's indices (docs/model.md, 15.2): null where the variance of the metric is not known. */
  first_order: number | null;
  total: number | null;
}

/** The name of an axis, or of those that are linked. */
export const nameOf = ({ axes }: Pick<AxisSensitivity, 'axes'>): string => axes.join(' + ');

/**
 * What a digit does, out of what is known of a workload's points.
 *
 * @param baselineAt positions at which the axes are as the baseline has them
 */
export function sensitivityOfAxis(
  axes: readonly NamedAxis[],
  baselineAt: readonly number[],
  digit: DigitSummary,
  workload: WorkloadSummary,
  scale: MetricScale,
  pays: number,
): AxisSensitivity {
  const along = alongOf(axes);
  const order = orderOf(axes);
  const valueAt = (position: number) => settingOf(axes, position);
  const x = (position: number) => Number(along?.values[position] ?? Number.NaN);
  const referenceAt = referenceOf(digit, [...baselineAt, ...order]);
  const reference = digit.levels[referenceAt]!.mean;
  // Text has no order: from one tile or option to another is no step.
  const ordered = along ? order : [];
  const moves = ordered.slice(1).map((to, i) => ({ from: order[i]!, to, ...moveOf(digit, order[i]!, to) }));
  const steps = moves.map(({ from, to, change, pairs }) => ({
    ...{ from: valueAt(from), to: valueAt(to), gain: numberOrNull(scale.gain(change)) },
    ...{ elasticity: numberOrNull(scale.elasticity(change, x(to) / x(from))), pairs },
  }));
  const whole = moves.reduce((sum, { change }) => sum + change, 0);
  return {
    axes: axes.map(({ id }) => id),
    along: along?.id ?? null,
    levels: order.map((position) => {
      const { count, mean } = digit.levels[position]!;
      return {
        ...{ value: valueAt(position), points: count, mean: numberOrNull(scale.show(mean)) },
        effect: numberOrNull(scale.effect(mean, reference)),
      };
    }),
    reference: valueAt(referenceAt),
    reference_is_baseline: baselineAt.includes(referenceAt),
    steps,
    best_step: steps.reduce<Step | null>((best, step) => ((step.gain ?? 0) > (best?.gain ?? 0) ? step : best), null),
    stops_paying_at: along ? stopOf(steps, pays) : null,
    elasticity: moves.length > 0 ? numberOrNull(scale.elasticity(whole, x(order.at(-1)!) / x(order[0]!))) : null,
    ...indicesOf(digit, workload, scale),
  };
}

const numberOrNull = (value: number) => (Number.isFinite(value) ? value : null);

const alongOf = (axes: readonly NamedAxis[]) => axes.find((axis) => typeof axis.values[0] === 'number');

function settingOf(axes: readonly NamedAxis[], position: number): Setting {
  return Object.fromEntries(axes.map(({ id, values }) => [id, values[position]!]));
}

const positionsOf = ([first]: readonly NamedAxis[]) => first!.values.map((_, position) => position);

/** Positions in the direction in which designs grow. */
function orderOf(axes: readonly NamedAxis[]): number[] {
  const positions = positionsOf(axes);
  const along = alongOf(axes);
  if (!along) return positions;
  const rise = Number(along.values.at(-1)) - Number(along.values[0]);
  const isLatency = resourceOf(along.id)?.unit === 'ns';
  return (isLatency ? rise > 0 : rise < 0) ? positions.reverse() : positions;
}

/** Positions of a dimension at which all its axes are as the baseline has them. */
export function baselinePositions(dimension: Dimension, baseline: GpuSpec): number[] {
  return positionsOf(dimension).filter((position) =>
    dimension.every(({ id, values }) => values[position] === baselineValue(baseline, id)),
  );
}

/** The first of some positions that has points. */
function referenceOf({ levels }: DigitSummary, positions: readonly number[]): number {
  return positions.find((position) => levels[position]!.count > 0) ?? positions[0]!;
}

/** How a step changes the metric, on its scale: NaN where nothing tells. */
function moveOf({ levels, steps }: DigitSummary, from: number, to: number): { change: number; pairs: number | null } {
  if (!steps) return { change: levels[to]!.mean - levels[from]!.mean, pairs: null };
  const { count, mean } = steps[Math.min(from, to)]!;
  return { change: to > from ? mean : -mean, pairs: count };
}

function stopOf(steps: readonly Step[], pays: number): Setting | null {
  const known = steps.filter(({ gain }) => gain !== null);
  const last = known.findLastIndex(({ gain }) => gain! >= pays);
  return known[last + 1]?.from ?? null;
}

function indicesOf(
  { levels, squares }: DigitSummary,
  workload: WorkloadSummary,
  scale: MetricScale,
): Pick<AxisSensitivity, 'effect_variance' | 'first_order' | 'total'> {
  const { points, mean } = workload;
  const between = levels.reduce(
    (sum, level) => sum + (level.count > 0 ? level.count * (level.mean - mean) ** 2 : 0),
    0,
  );
  const partOf = (part: number | undefined) => {
    if (workload.squares === undefined || part === undefined || points === 0) return null;
    return scale.isStill(workload.squares / points, mean) ? 0 : part / workload.squares;
  };
  return { effect_variance: points > 0 ? between / points : 0, first_order: partOf(between), total: partOf(squares) };
}
