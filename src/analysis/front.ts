/** The front of a study: per workload, with the balanced design and the knee marked. */
import type { PointResult } from '../model/metrics.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import type { Objective, Study } from '../space/study.js';
import { imbalanceOf, kneeOf } from './balance.js';
import { WorkloadFronts, type MetricRows } from './workload-fronts.js';

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

/** The front of points that come in batches, ids ascending in each. */
export function frontOfBatches(
  study: Study,
  objectives: readonly Objective[],
  batches: Iterable<MetricRows>,
): FrontDesign[] {
  const fronts = new WorkloadFronts(study, objectives);
  for (const batch of batches) fronts.add(batch);
  return frontOf(study, fronts);
}

/** The front of each workload, one after the other, each sorted by the first objective; what marks its designs worked out. */
export function frontOf(study: Study, fronts: WorkloadFronts): FrontDesign[] {
  const evaluator = new PointEvaluator(study);
  return study.workloads.flatMap((_, workload) => {
    const { ids, columns } = fronts.of(workload);
    const designs = Array.from(ids, (id): FrontDesign => {
      const point = evaluator.evaluateId(id);
      if ('infeasible' in point) throw new Error(`point ${id} is on the front but infeasible: ${point.infeasible}`);
      return { id, workload, point, imbalance: imbalanceOf(point), balanced: false, knee: false };
    });
    if (designs.length === 0) return designs;
    designs.reduce((a, b) => (b.imbalance < a.imbalance ? b : a)).balanced = true;
    if (columns.length === 2) {
      const knee = kneeOf(...(columns.map((column) => [...column]) as [number[], number[]]));
      if (knee !== undefined) designs[knee]!.knee = true;
    }
    return designs;
  });
}

/** The name under which a front is stored: `minimize time_ms, minimize area_mm2`. */
export function frontName(objectives: readonly Objective[]): string {
  return objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ');
}
