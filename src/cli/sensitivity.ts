/** What the axes of stored studies do. */
import { sensitivityOf, sensitivityOfMarginals, type Sensitivity } from '../analysis/sensitivity/sensitivity.js';
import type { ReadPoints } from '../analysis/sensitivity/summarize-points.js';
import { inputError } from '../errors.js';
import type { NumericMetric } from '../model/metrics.js';
import type { Study } from '../space/study.js';
import { readMetrics, selectedMetrics } from '../storage/read/read-metrics.js';
import { readMarginals } from '../storage/read/results.js';
import { studyFiles } from '../storage/folder/study-files.js';

/** Of all stored points or, where a study keeps its front alone, of the sums along its axes: those are of the time. */
export function sensitivityOfStored(folder: string, study: Study, metric: NumericMetric, pays: number): Sensitivity {
  const { database } = studyFiles(folder);
  const result =
    study.store === 'all'
      ? sensitivityOf(study, metric, pointsReader(folder, metric.name), pays)
      : sensitivityOfMarginals(study, timeOnly(metric), readMarginals(database), pays);
  if (result.workloads.every(({ points }) => points === 0))
    throw inputError({ what: 'no feasible point is stored yet', file: folder, expected: 'a study with results' });
  return result;
}

/** Reads one metric of all points; points that are alike come together where that is asked for. */
function pointsReader(folder: string, metric: string): ReadPoints {
  return (alike) =>
    alike ? selectedMetrics(studyFiles(folder).database, [metric], alike) : readMetrics(folder, [metric]);
}

function timeOnly(metric: NumericMetric): NumericMetric {
  if (metric.name === 'time_ms') return metric;
  throw inputError({
    what: '--metric: the study keeps its front alone, with sums of the time along its axes',
    got: metric.name,
    expected: 'time_ms',
  });
}
