/** The front of a study: per workload, with the balanced design and the knee marked. */
import type { PointResult } from '../model/metrics.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { gridOf, type Objective, type Study } from '../space/study.js';
import { imbalanceOf, kneeOf } from './balance.js';
import { FrontArchive } from './pareto.js';

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

/** Metrics of some points: one array an objective. */
export interface MetricRows {
  ids: Float64Array;
  values: readonly Float64Array[];
}

/**
 * The front of each workload (designs of different workloads do not compete), one workload after the other, each
 * sorted by the first objective.
 *
 * @param batches the study's points, in any number of batches; ids ascend within each
 */
export function frontOf(study: Study, objectives: readonly Objective[], batches: Iterable<MetricRows>): FrontDesign[] {
  const goals = objectives.map(({ goal }) => goal);
  const archives = study.workloads.map(() => new FrontArchive(goals));
  for (const batch of batches)
    for (const { workload, ids, values } of byWorkload(study, batch)) archives[workload]!.add(ids, values);
  const evaluator = new PointEvaluator(study);
  return archives.flatMap((archive, workload) => {
    const { ids, columns } = archive.members();
    const designs = Array.from(ids, (id): FrontDesign => {
      const point = evaluator.evaluateId(id);
      if ('infeasible' in point) throw new Error(`point ${id} is on the front but infeasible: ${point.infeasible}`);
      return { id, workload, point, imbalance: imbalanceOf(point), balanced: false, knee: false };
    });
    if (designs.length === 0) return designs;
    designs.reduce((a, b) => (b.imbalance < a.imbalance ? b : a)).balanced = true;
    if (objectives.length === 2) {
      const knee = kneeOf(...(columns.map((column) => [...column]) as [number[], number[]]));
      if (knee !== undefined) designs[knee]!.knee = true;
    }
    return designs;
  });
}

/** A batch, cut where the workload changes: it is the slowest digit of the id. */
export function* byWorkload(study: Study, { ids, values }: MetricRows): Generator<MetricRows & { workload: number }> {
  const pointsPerWorkload = gridOf(study).size / study.workloads.length;
  for (let from = 0; from < ids.length;) {
    const workload = Math.floor(ids[from]! / pointsPerWorkload);
    let to = from + 1;
    while (to < ids.length && ids[to]! < (workload + 1) * pointsPerWorkload) to++;
    yield { workload, ids: ids.subarray(from, to), values: values.map((column) => column.subarray(from, to)) };
    from = to;
  }
}

/** The name under which a front is stored: `minimize time_ms, minimize area_mm2`. */
export function frontName(objectives: readonly Objective[]): string {
  return objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ');
}
