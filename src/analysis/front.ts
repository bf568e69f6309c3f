/** The front of a study: per workload or over all, with the balanced design and the knee marked. */
import type { PointResult } from '../model/metrics.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { pointIds, type Objective, type Study } from '../space/study.js';
import { imbalanceOf, kneeOf } from './balance.js';
import { UNMARKED, type FrontMarks } from './front-marks.js';
import type { FrontArchive, Goal } from './pareto.js';
import { WorkloadFronts, type MetricRows } from './workload-fronts.js';

/** A design on the front of a workload. */
export interface FrontDesign extends FrontMarks {
  workload: number;
  point: PointResult;
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

/** A point's figures; one that is on a front has some. */
function feasible(evaluator: PointEvaluator, id: number): PointResult {
  const point = evaluator.evaluateId(id);
  if ('infeasible' in point) throw new Error(`point ${id} is on the front but infeasible: ${point.infeasible}`);
  return point;
}

/** Marks the least imbalance and the knee of a front, given one array an objective, and its goal. */
function mark(designs: readonly FrontMarks[], columns: readonly Float64Array[], goals: readonly Goal[]): void {
  if (designs.length === 0) return;
  designs.reduce((a, b) => (b.imbalance < a.imbalance ? b : a)).balanced = true;
  if (columns.length !== 2) return;
  const [xs, ys] = columns.map((column) => [...column]);
  const knee = kneeOf(xs!, ys!, goals as [Goal, Goal]);
  if (knee !== undefined) designs[knee]!.knee = true;
}

/** The front of each workload, one after the other, each sorted by the first objective, with the marks of its designs. */
export function frontOf(study: Study, fronts: WorkloadFronts): FrontDesign[] {
  const evaluator = new PointEvaluator(study);
  return study.workloads.flatMap((_, workload) => {
    const { ids, columns } = fronts.of(workload);
    const designs = Array.from(ids, (id): FrontDesign => {
      const point = feasible(evaluator, id);
      return { id, workload, point, ...UNMARKED, imbalance: imbalanceOf(point) };
    });
    mark(designs, columns, fronts.goals);
    return designs;
  });
}

/** The front over all workloads, with the mean imbalance of each design. */
export function jointFrontOf(study: Study, archive: FrontArchive): FrontMarks[] {
  const evaluator = new PointEvaluator(study);
  const { ids, columns } = archive.members();
  const designs = Array.from(ids, (id): FrontMarks => {
    const imbalances = pointIds(study, id).map((point) => imbalanceOf(feasible(evaluator, point)));
    return { id, ...UNMARKED, imbalance: imbalances.reduce((a, b) => a + b) / imbalances.length };
  });
  mark(designs, columns, archive.goals);
  return designs;
}
