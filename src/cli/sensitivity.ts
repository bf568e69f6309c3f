/** What the axes of stored studies do. */
import { existsSync } from 'node:fs';
import { readNumbers } from '../arrow/read-numbers.js';
import { sensitivityOf, sensitivityOfMarginals, type Sensitivity } from '../analysis/sensitivity/sensitivity.js';
import type { ReadPoints } from '../analysis/sensitivity/summarize-points.js';
import { inputError, runError } from '../errors.js';
import type { NumericMetric } from '../model/metrics.js';
import { columnsOf } from '../space/columns.js';
import type { Study } from '../space/study.js';
import { readManifest } from '../store/manifest.js';
import { readMarginals, readMetrics } from '../store/results.js';
import { studyFiles } from '../store/study-files.js';

/** Of all stored points or, where a study keeps its front alone, of the sums along its axes: those are of the time. */
export function sensitivityOfStored(folder: string, study: Study, metric: NumericMetric, pays: number): Sensitivity {
  const { database } = studyFiles(folder);
  const result =
    study.store === 'all'
      ? sensitivityOf(study, metric, pointsReader(folder, study, metric.name), pays)
      : sensitivityOfMarginals(study, timeOnly(metric), readMarginals(database), pays);
  if (result.workloads.every(({ points }) => points === 0))
    throw inputError({ what: 'no feasible point is stored yet', file: folder, expected: 'a study with results' });
  return result;
}

/** Reads one metric of all points: of a finished study, in their order, from its Arrow file, which takes a tenth of the time. */
function pointsReader(folder: string, study: Study, metric: string): ReadPoints {
  const { database, points } = studyFiles(folder);
  const isWhole = readManifest(folder).finished !== null && existsSync(points);
  const columns = columnsOf(study).map(({ name }) => name);
  return (alike) =>
    isWhole && alike === undefined ? arrowPoints(points, columns, metric) : readMetrics(database, [metric], alike);
}

function* arrowPoints(file: string, columns: readonly string[], metric: string): ReturnType<typeof readNumbers> {
  try {
    yield* readNumbers(file, columns, [metric]);
  } catch (error) {
    throw runError(`${file}: ${(error as Error).message}; delta-sweep check tells more`, error);
  }
}

function timeOnly(metric: NumericMetric): NumericMetric {
  if (metric.name === 'time_ms') return metric;
  throw inputError({
    what: '--metric: the study keeps its front alone, with sums of the time along its axes',
    got: metric.name,
    expected: 'time_ms',
  });
}
