/** Fronts of stored studies: computed from all points, stored beside them, read back. */
import { frontOf, jointFrontOf } from '../analysis/front.js';
import type { FrontMarks } from '../analysis/front-marks.js';
import { frontName, type FrontQuery } from '../analysis/front-query.js';
import { LimitFilter, showLimit } from '../analysis/limits.js';
import { joinWorkloads, type Joint } from '../analysis/over-workloads.js';
import { FrontArchive } from '../analysis/pareto.js';
import { markRobust } from '../analysis/robust-front.js';
import { WorkloadFronts } from '../analysis/workload-fronts.js';
import { inputError } from '../errors.js';
import { gridOf, type Study } from '../space/study.js';
import { readFront, storeFront } from '../storage/database/pareto-table.js';
import type { Manifest } from '../storage/folder/manifest.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { readMetrics } from '../storage/read/read-metrics.js';
import { readDesigns } from '../storage/read/results.js';
import { addReasons } from './front-reasons.js';
import { queryOf, withPoints, type StudyFront } from './front-rows.js';
import { pause, secondsSince, type StudyOptions } from './options.js';

/** Computes a front over all stored points and stores it in the study. */
export async function computeFront(
  folder: string,
  study: Study,
  query: FrontQuery,
  options: StudyOptions = {},
): Promise<StudyFront> {
  const start = performance.now();
  const marks = await (query.over === 'each' ? frontOfEach : frontOverAll)(folder, study, query, options);
  const front = withPoints(folder, study, query, marks, secondsSince(start));
  await addReasons(study, query, front.designs, options);
  tellRobust(folder, front, options);
  try {
    storeFront(studyFiles(folder).database, frontName(query), front.designs);
  } catch (error) {
    options.onNote?.(`note: the front is not stored in the study: ${(error as Error).message}`);
  }
  return front;
}

/** Metrics that a front is computed from: those of its objectives and of its limits. */
const metricsOf = ({ objectives, limits }: FrontQuery) => [
  ...new Set([...objectives, ...limits].map(({ metric }) => metric)),
];

async function frontOfEach(
  folder: string,
  study: Study,
  query: FrontQuery,
  options: StudyOptions,
): Promise<FrontMarks[]> {
  const metrics = metricsOf(query);
  const filter = new LimitFilter(query.limits, metrics);
  const fronts = new WorkloadFronts(study, query.objectives);
  for (const batch of readMetrics(folder, metrics)) {
    const { ids, values } = filter.keep(batch);
    fronts.add({ ids, values: values.slice(0, query.objectives.length) });
    await pause(options);
  }
  if (fronts.size === 0) checkLimits(query, filter);
  return frontOf(study, fronts);
}

async function frontOverAll(
  folder: string,
  study: Study,
  query: FrontQuery,
  options: StudyOptions,
): Promise<FrontMarks[]> {
  const metrics = metricsOf(query);
  const filter = new LimitFilter(query.limits, metrics);
  const archive = new FrontArchive(query.objectives.map(({ goal }) => goal));
  const { length } = study.workloads;
  const designs = readDesigns(studyFiles(folder).database, metrics, length, gridOf(study).size / length);
  for (const batch of joinWorkloads(designs, metrics, query.over as Joint)) {
    const { ids, values } = filter.keep(batch);
    archive.add(ids, values.slice(0, query.objectives.length));
    await pause(options);
  }
  if (archive.size === 0) checkLimits(query, filter);
  return jointFrontOf(study, archive);
}

/** Throws an input error where limits let no design pass; it says which wider ones would. */
function checkLimits({ limits }: FrontQuery, filter: LimitFilter): void {
  if (limits.length === 0) return;
  const relaxed = filter.relaxed().map(showLimit);
  throw inputError({
    what: `no design has ${limits.map(showLimit).join(' and ')}`,
    expected:
      relaxed.length > 0
        ? `${relaxed.join(' or ')}${limits.length > 1 ? ' with the others as they are' : ''}`
        : 'wider limits: every design is beyond two of them',
  });
}

/** The front as it is stored in the study; undefined if it is not. */
function storedFront(folder: string, study: Study, query: FrontQuery): StudyFront | undefined {
  const front = readFront(studyFiles(folder).database, frontName(query));
  return front.length > 0 ? withPoints(folder, study, query, front, 0) : undefined;
}

/**
 * The front of a study over its own objectives; the study is only read. A front that was stored before the run has finished is over
 * fewer points than there are now: it is computed again.
 */
export async function ownFront(
  folder: string,
  { study, finished }: Manifest,
  options: StudyOptions,
): Promise<StudyFront> {
  const query = queryOf(study);
  const stored = finished === null ? undefined : storedFront(folder, study, query);
  if (stored) return stored;
  const front = withPoints(folder, study, query, await frontOfEach(folder, study, query, options), 0);
  tellRobust(folder, front, options);
  return front;
}

/** The front of a study over its own objectives, as it is stored, or computed and stored. */
export async function knownFront(folder: string, study: Study, options: StudyOptions): Promise<StudyFront> {
  const query = queryOf(study);
  return storedFront(folder, study, query) ?? (await computeFront(folder, study, query, options));
}

/** Marks the designs of a front that are robust; in a study that keeps its front alone, that is not known. */
function tellRobust(folder: string, { study, designs, ...query }: StudyFront, { onNote }: StudyOptions): void {
  if (study.store !== 'all' || markRobust(study, query, designs, (columns) => readMetrics(folder, columns))) return;
  onNote?.(`note: ${designs.length} designs are too many to tell which are robust`);
}
