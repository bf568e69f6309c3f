/** What chunks may add to the front of each workload, by the study's objectives. */
import { WorkloadFronts, type MetricRows } from '../analysis/workload-fronts.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Batch } from '../space/columns.js';
import { objectiveReader } from '../space/objectives.js';
import type { Study } from '../space/study.js';

/** Designs on the fronts of the chunks before beyond which they are forgotten: to hold a chunk against more takes longer than it saves. */
const MOST_REMEMBERED = 8192;

/**
 * A reader of chunks' rows of the stored columns, ids ascending: those of them, workload by workload, that no row of this chunk
 * or of one before dominates. What several readers of a study's chunks give has, together, the study's front. Each chunk once.
 */
export function frontsReader(
  study: Study,
  facts: readonly WorkloadFacts[],
  mostRemembered = MOST_REMEMBERED,
): (stored: Batch) => MetricRows {
  const objectivesOf = objectiveReader(study, facts);
  let fronts = new WorkloadFronts(study, study.objectives);
  return (stored) => {
    const ids = stored.columns[0] as Float64Array;
    if (fronts.size > mostRemembered) fronts = new WorkloadFronts(study, study.objectives);
    const changed = fronts.add({ ids, values: objectivesOf(stored) });
    const parts = changed.map((workload) => between(fronts.of(workload), ids[0]!, ids.at(-1)!));
    return {
      ids: concatenated(parts.map((part) => part.ids)),
      values: study.objectives.map((_, k) => concatenated(parts.map(({ values }) => values[k]!))),
    };
  };
}

/** Rows with ids from one to another. */
function between({ ids, columns }: ReturnType<WorkloadFronts['of']>, first: number, last: number): MetricRows {
  const isIn = (_: number, row: number) => ids[row]! >= first && ids[row]! <= last;
  return { ids: ids.filter(isIn), values: columns.map((column) => column.filter(isIn)) };
}

function concatenated(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
