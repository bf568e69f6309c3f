/** The front of each workload among the rows of a chunk, by the study's objectives. */
import { WorkloadFronts, type MetricRows } from '../analysis/workload-fronts.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Batch } from '../space/columns.js';
import { objectiveReader } from '../space/objectives.js';
import type { Study } from '../space/study.js';

/** A reader of rows of the stored columns, ids ascending: the fronts one after the other. */
export function frontsReader(study: Study, facts: readonly WorkloadFacts[]): (stored: Batch) => MetricRows {
  const objectivesOf = objectiveReader(study, facts);
  return (stored) => {
    const fronts = new WorkloadFronts(study, study.objectives);
    fronts.add({ ids: stored.columns[0] as Float64Array, values: objectivesOf(stored) });
    const ofWorkloads = study.workloads.map((_, workload) => fronts.of(workload));
    return {
      ids: concatenated(ofWorkloads.map(({ ids }) => ids)),
      values: study.objectives.map((_, k) => concatenated(ofWorkloads.map(({ columns }) => columns[k]!))),
    };
  };
}

const concatenated = (arrays: readonly Float64Array[]) => Float64Array.from(arrays.flatMap((array) => [...array]));
