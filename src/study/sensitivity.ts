/** What the axes of stored studies do. */
import {
  DEFAULT_PAYS,
  sensitivityOf as sensitivityOfPoints,
  sensitivityOfMarginals,
  type Sensitivity,
} from '../analysis/sensitivity/sensitivity.js';
import type { ReadPoints } from '../analysis/sensitivity/summarize-points.js';
import { inputError } from '../errors.js';
import { NUMERIC_METRICS, type NumericMetric } from '../model/metrics.js';
import { checkChoice } from '../space/files/settings.js';
import { readManifest } from '../storage/folder/manifest.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { readMetrics, selectedMetrics } from '../storage/read/read-metrics.js';
import { readMarginals } from '../storage/read/results.js';
import type { StudyOptions } from './options.js';

export interface SensitivityOptions extends Pick<StudyOptions, 'onNote'> {
  /** Default: `time_ms`. */
  metric?: string | undefined;
  /** The least gain of a step that pays, as a fraction; default: 0.01. */
  pays?: number | undefined;
}

/**
 * What each axis does: of all stored points or, where a study keeps its front alone, of the sums along its axes, which are of the
 * time.
 */
export function sensitivityOf(
  folder: string,
  { metric: name = 'time_ms', pays = DEFAULT_PAYS, onNote }: SensitivityOptions = {},
): Sensitivity {
  const names = NUMERIC_METRICS.map((one) => one.name);
  const metric = NUMERIC_METRICS[names.indexOf(checkChoice('metric', name, names))]!;
  const { study, finished } = readManifest(folder);
  if (finished === null) onNote?.('note: the run of this study has not finished; this is of what is stored so far');
  const result =
    study.store === 'all'
      ? sensitivityOfPoints(study, metric, pointsReader(folder, metric.name), pays)
      : sensitivityOfMarginals(study, timeOnly(metric), readMarginals(studyFiles(folder).database), pays);
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
