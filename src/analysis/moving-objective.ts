/** Objectives as sums of amounts times constants, each known within bounds (docs/model.md, 14.3). */
import { BOTTLENECKS } from '../model/bottleneck.js';
import { AREA_TERMS, areaFactors } from '../model/cost.js';
import { toGpu } from '../model/gpu.js';
import { shareName } from '../model/metrics.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { digitsOf } from '../space/grid.js';
import { gridOf, type Study } from '../space/study.js';

/** What an objective is made of, and how far it can move. */
export interface MovingObjective {
  /** 1 for objectives to be small, -1 for others. */
  sign: 1 | -1;
  /** Columns of `points` that it is worked out from; the first is its value where every constant is as stated. */
  columns: readonly string[];
  /** Bounds of the constants. */
  low: Float64Array;
  high: Float64Array;
  /** How far a value can fall and rise at most, as factors. */
  leastRatio: number;
  mostRatio: number;
  /** Writes a design's amounts, none below zero, one a constant. */
  amountsOf: (id: number, cells: ArrayLike<number>, amounts: Float64Array) => void;
}

/**
 * Seconds by bottleneck, each with a factor of its own: what the model gets wrong of layers bound by `x`, it gets wrong on
 * every design.
 *
 * @param error the model's validated error, as a fraction
 */
export function movingTime(sign: 1 | -1, error: number): MovingObjective {
  const [low, high] = [1 / (1 + error), 1 + error];
  return {
    sign,
    columns: ['time_ms', ...BOTTLENECKS.map(shareName)],
    low: new Float64Array(BOTTLENECKS.length).fill(low),
    high: new Float64Array(BOTTLENECKS.length).fill(high),
    leastRatio: low,
    mostRatio: high,
    amountsOf: (_, cells, amounts) => {
      for (let b = 0; b < BOTTLENECKS.length; b++) amounts[b] = cells[0]! * cells[b + 1]!;
    },
  };
}

/** A figure that hangs on neither costs nor times. */
export function unmovedMetric(sign: 1 | -1, metric: string): MovingObjective {
  return {
    ...{ sign, columns: [metric], low: Float64Array.of(1), high: Float64Array.of(1), leastRatio: 1, mostRatio: 1 },
    amountsOf: (_, cells, amounts) => {
      amounts[0] = cells[0]!;
    },
  };
}

/** The area: each constant on the GPU's process, with the amount that a design has of it. */
export function movingArea(sign: 1 | -1, study: Study): MovingObjective {
  const gpu = toGpu(study.baseline);
  const [low, value, high] = (['low', 'value', 'high'] as const).map((bound) => {
    const factors = areaFactors(gpu, study.costs, bound);
    return Float64Array.from(AREA_TERMS, ({ id }) => factors[id]);
  }) as [Float64Array, Float64Array, Float64Array];
  const ratios = (bounds: Float64Array) => bounds.map((bound, i) => (bound === value[i] ? 1 : bound / value[i]!));
  const evaluator = new PointEvaluator(study);
  const grid = gridOf(study);
  const digits: number[] = [];
  return {
    ...{ sign, columns: ['area_mm2'], low, high },
    leastRatio: Math.min(...ratios(low)),
    mostRatio: Math.max(...ratios(high)),
    amountsOf: (id, _, amounts) => {
      digitsOf(grid, id, digits);
      const design = evaluator.gpuAt(digits);
      for (let i = 0; i < AREA_TERMS.length; i++) amounts[i] = AREA_TERMS[i]!.amount(design);
    },
  };
}
