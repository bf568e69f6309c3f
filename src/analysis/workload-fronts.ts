/** The front of each workload of a study, as its points come in. */
import { gridOf, type Objective, type Study } from '../space/study.js';
import { FrontArchive, type Goal } from './pareto.js';

/** Metrics of some points: one array an objective. */
export interface MetricRows {
  ids: Float64Array;
  values: readonly Float64Array[];
}

/** Points workload by workload; ids ascend. The arrays are views. */
export function* splitByWorkload(
  { ids, values }: MetricRows,
  pointsPerWorkload: number,
): Generator<{ workload: number; rows: MetricRows }> {
  for (let from = 0; from < ids.length;) {
    const workload = Math.floor(ids[from]! / pointsPerWorkload);
    const end = (workload + 1) * pointsPerWorkload;
    let to = from + 1;
    while (to < ids.length && ids[to]! < end) to++;
    const cut = (column: Float64Array) => column.subarray(from, to);
    yield { workload, rows: { ids: cut(ids), values: values.map(cut) } };
    from = to;
  }
}

/** Designs of different workloads do not compete: an archive each. */
export class WorkloadFronts {
  /** Of the objectives. */
  readonly goals: readonly Goal[];
  private readonly archives: readonly FrontArchive[];
  private readonly pointsPerWorkload: number;

  constructor(study: Study, objectives: readonly Objective[]) {
    this.goals = objectives.map(({ goal }) => goal);
    this.archives = study.workloads.map(() => new FrontArchive(this.goals));
    this.pointsPerWorkload = gridOf(study).size / study.workloads.length;
  }

  /** Adds points, ids ascending; the workloads whose fronts may have changed. */
  add(rows: MetricRows): number[] {
    return [...splitByWorkload(rows, this.pointsPerWorkload)].flatMap(({ workload, rows: { ids, values } }) =>
      this.archives[workload]!.add(ids, values) ? [workload] : [],
    );
  }

  /** A workload's front, sorted by the first objective. */
  of(workload: number): ReturnType<FrontArchive['members']> {
    return this.archives[workload]!.members();
  }

  /** Points on all fronts. */
  get size(): number {
    return this.archives.reduce((sum, { size }) => sum + size, 0);
  }
}
