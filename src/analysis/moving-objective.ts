/** Objectives that are known within bounds: by how much one design can be better than another (docs/model.md, 14.3). */
import { AREA_TERMS, areaFactors } from '../model/cost.js';
import { toGpu } from '../model/gpu.js';
import type { Bounded } from '../model/cost-model.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { digitsOf } from '../space/grid.js';
import { gridOf, type Study } from '../space/study.js';

/** What an objective is made of, and how far it can move. */
export interface MovingObjective {
  /** 1 for objectives to be small, -1 for others. */
  sign: 1 | -1;
  /** Column of `points` with the value where every constant is as stated. */
  column: string;
  /** How far a value can fall and rise at most, as factors. */
  leastRatio: number;
  mostRatio: number;
  /** How many amounts a design's value is made of. */
  size: number;
  /** Writes a design's amounts, none below zero. */
  amountsOf: (id: number, value: number, amounts: Float64Array) => void;
  /** The least, anywhere in the bounds, that a point costs more than a design; costs are values times `sign`. */
  leastGap: (point: Float64Array, design: Float64Array) => number;
}

/** A figure that is its own amount. */
const asItIs = {
  size: 1,
  amountsOf: (_id: number, value: number, amounts: Float64Array): void => {
    amounts[0] = value;
  },
};

/**
 * A time: each design's own may be off by the model's error, whatever the others' are.
 *
 * @param error the model's validated error, as a fraction
 */
export function movingTime(sign: 1 | -1, error: number): MovingObjective {
  const [low, high] = [1 / (1 + error), 1 + error];
  const [best, worst] = sign > 0 ? [low, high] : [high, low];
  return {
    ...asItIs,
    ...{ sign, column: 'time_ms', leastRatio: low, mostRatio: high },
    leastGap: ([point], [design]) => sign * (point! * best - design! * worst),
  };
}

/** A figure that hangs on neither costs nor times. */
export function unmovedMetric(sign: 1 | -1, column: string): MovingObjective {
  return {
    ...asItIs,
    ...{ sign, column, leastRatio: 1, mostRatio: 1 },
    leastGap: ([point], [design]) => sign * (point! - design!),
  };
}

/** Constants that were found at one node, and by what they move to the GPU's. */
interface NodeGroup {
  /** Positions among the terms. */
  terms: number[];
  /** Transistors per area at that node; undefined where the constants hold as they are. */
  density: Bounded | undefined;
}

/** The terms of the area by the node of their constants; one process has one density, whichever constant it scales. */
function groupsOf({ costs, baseline }: Study): NodeGroup[] {
  const groups = new Map<number, NodeGroup>();
  const here = baseline.process_nm;
  AREA_TERMS.forEach(({ id, scaling }, term) => {
    const node = scaling === 'none' ? here : costs[id].node;
    const density = node === here ? undefined : costs.density[node];
    const group = groups.get(node) ?? { terms: [], density };
    group.terms.push(term);
    groups.set(node, group);
  });
  return [...groups.values()];
}

/** The area: constants between their bounds, each the same for all designs, and the densities that move them to the GPU's process. */
export function movingArea(sign: 1 | -1, study: Study): MovingObjective {
  const gpu = toGpu(study.baseline);
  const [least, value, most] = (['low', 'value', 'high'] as const).map((bound) => {
    const factors = areaFactors(gpu, study.costs, bound);
    return AREA_TERMS.map(({ id }) => factors[id]);
  }) as [number[], number[], number[]];
  const ratios = (bounds: number[]) => bounds.map((bound, i) => (bound === value[i] ? 1 : bound / value[i]!));
  const low = AREA_TERMS.map(({ id }) => study.costs[id].low);
  const high = AREA_TERMS.map(({ id }) => study.costs[id].high);
  const groups = groupsOf(study);
  const here = study.costs.density[study.baseline.process_nm]!;
  const evaluator = new PointEvaluator(study);
  const grid = gridOf(study);
  const digits: number[] = [];
  return {
    ...{ sign, column: 'area_mm2', size: AREA_TERMS.length },
    leastRatio: Math.min(...ratios(least)),
    mostRatio: Math.max(...ratios(most)),
    amountsOf: (id, _, amounts) => {
      digitsOf(grid, id, digits);
      const design = evaluator.gpuAt(digits);
      for (let i = 0; i < AREA_TERMS.length; i++) amounts[i] = AREA_TERMS[i]!.amount(design);
    },
    leastGap: (point, design) => {
      let [fixed, moved] = [0, 0];
      for (const { terms, density } of groups) {
        let gap = 0;
        for (const term of terms) {
          const more = sign * (point[term]! - design[term]!);
          gap += more * (more > 0 ? low[term]! : high[term]!);
        }
        if (density) moved += gap * (gap > 0 ? density.low : density.high);
        else fixed += gap;
      }
      return fixed + moved / (moved > 0 ? here.high : here.low);
    },
  };
}
