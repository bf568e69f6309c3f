/** The front of each workload of a study, as its points come in. */
import { gridOf, type Objective, type Study } from '../space/study.js';
import { FrontArchive } from './pareto.js';

/** Metrics of some points: one array an objective. */
export interface MetricRows {
  ids: Float64Array;
  values: readonly Float64Array[];
}

/** Designs of different workloads do not compete: an archive each. */
export class WorkloadFronts {
  private readonly archives: readonly FrontArchive[];
  private readonly pointsPerWorkload: number;

  constructor(study: Study, objectives: readonly Objective[]) {
    this.archives = study.workloads.map(() => new FrontArchive(objectives.map(({ goal }) => goal)));
    this.pointsPerWorkload = gridOf(study).size / study.workloads.length;
  }

  /** Adds points, ids ascending; the workloads whose fronts may have changed. */
  add({ ids, values }: MetricRows): number[] {
    const workloads: number[] = [];
    for (let from = 0; from < ids.length;) {
      const workload = Math.floor(ids[from]! / this.pointsPerWorkload);
      const end = (workload + 1) * this.pointsPerWorkload;
      let to = from + 1;
      while (to < ids.length && ids[to]! < end) to++;
      const cut = (column: Float64Array) => column.subarray(from, to);
      if (this.archives[workload]!.add(cut(ids), values.map(cut))) workloads.push(workload);
      from = to;
    }
    return workloads;
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
