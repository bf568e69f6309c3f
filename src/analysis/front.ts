/** The front of a study: per workload, with the balanced design and the knee marked. */
import type { PointResult } from '../model/metrics.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { gridOf, type Objective, type Study } from '../space/study.js';
import { imbalanceOf, kneeOf } from './balance.js';
import { paretoFront } from './pareto.js';

/** A design on a front. */
export interface FrontDesign {
  id: number;
  workload: number;
  point: PointResult;
  /** 0 where no area moved between resources would buy time (docs/model.md, 5.4). */
  imbalance: number;
  /** The least imbalance on the workload's front. */
  balanced: boolean;
  knee: boolean;
}

/** Metrics of stored points: one array an objective. */
export interface StoredMetrics {
  ids: Float64Array;
  values: readonly Float64Array[];
}

/** Rows of each workload: the slowest digit of the id. */
function rowsByWorkload(study: Study, ids: Float64Array): [number, number][] {
  const pointsPerWorkload = gridOf(study).size / study.workloads.length;
  const firstRowOf = (workload: number) => {
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ids[middle]! < workload * pointsPerWorkload) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return study.workloads.map((_, workload) => [firstRowOf(workload), firstRowOf(workload + 1)]);
}

/**
 * The front of each workload (designs of different workloads do not compete), one workload after the other, each
 * sorted by the first objective. Ids must ascend.
 */
export function frontOf(study: Study, objectives: readonly Objective[], stored: StoredMetrics): FrontDesign[] {
  const evaluator = new PointEvaluator(study);
  const goals = objectives.map(({ goal }) => goal);
  return rowsByWorkload(study, stored.ids).flatMap(([from, to], workload) => {
    const values = stored.values.map((column) => column.subarray(from, to));
    const rows = paretoFront(values, goals);
    const designs = rows.map((row): FrontDesign => {
      const id = stored.ids[from + row]!;
      const point = evaluator.evaluateId(id);
      if ('infeasible' in point) throw new Error(`point ${id} is on the front but infeasible: ${point.infeasible}`);
      return { id, workload, point, imbalance: imbalanceOf(point), balanced: false, knee: false };
    });
    if (designs.length === 0) return designs;
    designs.reduce((a, b) => (b.imbalance < a.imbalance ? b : a)).balanced = true;
    if (objectives.length === 2) {
      const knee = kneeOf(...(values.map((column) => rows.map((row) => column[row]!)) as [number[], number[]]));
      if (knee !== undefined) designs[knee]!.knee = true;
    }
    return designs;
  });
}

/** The name under which a front is stored: `minimize time_ms, minimize area_mm2`. */
export function frontName(objectives: readonly Objective[]): string {
  return objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ');
}
