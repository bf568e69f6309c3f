/** Fronts of stored studies: worked out, stored beside the points, read back. */
import { imbalanceOf } from '../analysis/balance.js';
import { signOf } from '../analysis/front-archive.js';
import { jointFrontOf, frontOf } from '../analysis/front.js';
import { marksOf, UNMARKED, type FrontMarks, type FrontRow } from '../analysis/front-marks.js';
import { frontName, type FrontQuery } from '../analysis/front-query.js';
import { LimitFilter, showLimit } from '../analysis/limits.js';
import { joinRows, joinWorkloads, type Joint } from '../analysis/over-workloads.js';
import { FrontArchive } from '../analysis/pareto.js';
import { markRobust } from '../analysis/robust-front.js';
import { WorkloadFronts } from '../analysis/workload-fronts.js';
import { inputError } from '../errors.js';
import { reasonCells } from '../model/reasons.js';
import { OPTION } from '../space/columns.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { gridOf, pointIds, sweptAxes, workloadOf, type Objective, type Study } from '../space/study.js';
import type { Manifest } from '../storage/folder/manifest.js';
import { readFront, storeFront } from '../storage/database/pareto-table.js';
import { readMetrics } from '../storage/read/read-metrics.js';
import { countPoints, readAllPoints, readDesigns, readPoints, type PointRow } from '../storage/read/results.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { note } from './output.js';

export interface StudyFront extends FrontQuery {
  study: Study;
  /** Designs workload by workload, sorted by the first objective. */
  front: FrontRow[];
  /** Points stored in the study. */
  points: number;
  seconds: number;
}

/** What the objectives of a study ask for of each of its workloads. */
export function queryOf({ objectives }: Study): FrontQuery {
  return { objectives, over: 'each', limits: [] };
}

/** Works the front out over all stored points and stores it in the study. */
export function computeFront(folder: string, study: Study, query: FrontQuery): StudyFront {
  const start = performance.now();
  const front = query.over === 'each' ? frontOfEach(folder, study, query) : frontOverAll(folder, study, query);
  return keepFront(folder, study, query, front, (performance.now() - start) / 1000);
}

/** Metrics that a front is worked out from: of its objectives and of its limits. */
const metricsOf = ({ objectives, limits }: FrontQuery) => [
  ...new Set([...objectives, ...limits].map(({ metric }) => metric)),
];

function frontOfEach(folder: string, study: Study, query: FrontQuery): FrontMarks[] {
  const metrics = metricsOf(query);
  const filter = new LimitFilter(query.limits, metrics);
  const fronts = new WorkloadFronts(study, query.objectives);
  for (const batch of readMetrics(folder, metrics)) {
    const { ids, values } = filter.keep(batch);
    fronts.add({ ids, values: values.slice(0, query.objectives.length) });
  }
  if (fronts.size === 0) checkLimits(query, filter);
  return frontOf(study, fronts);
}

function frontOverAll(folder: string, study: Study, query: FrontQuery): FrontMarks[] {
  const metrics = metricsOf(query);
  const filter = new LimitFilter(query.limits, metrics);
  const archive = new FrontArchive(query.objectives.map(({ goal }) => goal));
  const { length } = study.workloads;
  const designs = readDesigns(studyFiles(folder).database, metrics, length, gridOf(study).size / length);
  for (const batch of joinWorkloads(designs, metrics, query.over as Joint)) {
    const { ids, values } = filter.keep(batch);
    archive.add(ids, values.slice(0, query.objectives.length));
  }
  if (archive.size === 0) checkLimits(query, filter);
  return jointFrontOf(study, archive);
}

/** Tells what limits that let nothing pass should have been. */
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

/** Stores a front in its study, with the marks of its designs. */
export function keepFront(
  folder: string,
  study: Study,
  query: FrontQuery,
  front: readonly FrontMarks[],
  seconds: number,
): StudyFront {
  const { database } = studyFiles(folder);
  const result = withPoints(database, study, query, front, seconds);
  addReasons(study, query, result.front);
  tellRobust(folder, result);
  try {
    storeFront(database, frontName(query), result.front);
  } catch (error) {
    note(`note: the front is not stored in the study: ${(error as Error).message}`);
  }
  return result;
}

/** Designs of a front that are told why they take their time; of a larger one, the marked ones alone: a design takes 10 ms. */
const MOST_REASONED = 500;

/** Adds why each design takes its time, unless all points have that. */
export function addReasons(study: Study, { over }: FrontQuery, front: FrontRow[]): void {
  if (study.reasons === 'all' || over !== 'each') return;
  const isLarge = front.length > MOST_REASONED;
  if (isLarge)
    note(`note: of ${front.length} designs, the balanced ones and the knees alone are told why they take their time`);
  const evaluator = new PointEvaluator(study);
  for (const design of front) {
    if (isLarge && !design.balanced && !design.knee) continue;
    const reasons = evaluator.reasonsOfId(design.id);
    if (!('infeasible' in reasons)) Object.assign(design, reasonCells(reasons));
  }
}

/** The front as it is stored in the study; undefined if it is not. */
export function storedFront(folder: string, study: Study, query: FrontQuery): StudyFront | undefined {
  const { database } = studyFiles(folder);
  const front = readFront(database, frontName(query));
  return front.length > 0 ? withPoints(database, study, query, front, 0) : undefined;
}

/**
 * The front of a study over its own objectives, read alone: the study is not changed. One that was stored before the run has
 * finished is over fewer points than there are now: it is worked out again.
 */
export function ownFront(folder: string, { study, finished }: Manifest): StudyFront {
  const query = queryOf(study);
  const { database } = studyFiles(folder);
  const stored = finished === null ? undefined : storedFront(folder, study, query);
  if (stored) return stored;
  const front = withPoints(database, study, query, frontOfEach(folder, study, query), 0);
  tellRobust(folder, front);
  return front;
}

/** The front of a study over its own objectives, as it is stored, or worked out and stored. */
export function knownFront(folder: string, study: Study): StudyFront {
  const query = queryOf(study);
  return storedFront(folder, study, query) ?? computeFront(folder, study, query);
}

/** Marks the designs of a front that are robust; a study that keeps its front alone does not tell. */
function tellRobust(folder: string, { study, front, ...query }: StudyFront): void {
  if (study.store !== 'all' || markRobust(study, query, front, (columns) => readMetrics(folder, columns))) return;
  note(`note: ${front.length} designs are too many to tell which are robust`);
}

function withPoints(
  database: string,
  study: Study,
  query: FrontQuery,
  front: readonly FrontMarks[],
  seconds: number,
): StudyFront {
  const ids = front.map(({ id }) => id);
  const rows = query.over === 'each' ? readPoints(database, ids) : jointRows(database, study, ids, query.over);
  const designs: FrontRow[] = front.map((design, i) => ({ ...rows[i]!, ...marksOf(design), id: design.id }));
  const { metric, goal } = query.objectives[0]!;
  const cost = (row: FrontRow) => signOf(goal) * Number(row[metric]);
  designs.sort((a, b) => workloadOf(study, a.id) - workloadOf(study, b.id) || cost(a) - cost(b) || a.id - b.id);
  return { study, ...query, front: designs, points: countPoints(database), seconds };
}

/** Designs over all workloads: the axes that the study moves, the option, and metrics. */
function jointRows(database: string, study: Study, ids: readonly number[], joint: Joint): PointRow[] {
  const axes = sweptAxes(study).map(({ id }) => id);
  const points = readPoints(
    database,
    ids.flatMap((id) => pointIds(study, id)),
  );
  return ids.map((id, i) => {
    const rows = points.slice(i * study.workloads.length, (i + 1) * study.workloads.length);
    return {
      id,
      ...(study.options ? { [OPTION.name]: rows[0]![OPTION.name]! } : {}),
      ...Object.fromEntries(axes.map((axis) => [axis, rows[0]![axis]!])),
      ...joinRows(rows, joint),
      // A design that cannot run one of the workloads is on no such front.
      infeasible: null,
    };
  });
}

/** A row of `points` of a design option, with the marks of the front. */
export type OptionDesignRow = FrontRow & { on_front: boolean };

/** Every stored design of a study that compares options, in their order. */
export function optionDesigns(folder: string, { study, front }: StudyFront): OptionDesignRow[] {
  const evaluator = new PointEvaluator(study);
  const marked = new Map(front.map((design) => [design.id, design]));
  return readAllPoints(studyFiles(folder).database).map((row) => {
    const point = evaluator.evaluateId(row.id);
    const imbalance = 'infeasible' in point ? Number.NaN : imbalanceOf(point);
    const marks = marksOf(marked.get(row.id) ?? { id: row.id, ...UNMARKED });
    return { ...row, ...marks, on_front: marked.has(row.id), imbalance };
  });
}

/** The contract's `pareto --json`. */
export function frontJson({ study, objectives, over, limits, front, points, seconds }: StudyFront) {
  const ofGoal = (goal: Objective['goal']) => objectives.filter((o) => o.goal === goal).map(({ metric }) => metric);
  return {
    study: study.name,
    objectives: objectives.map(({ metric }) => metric),
    minimize: ofGoal('minimize'),
    maximize: ofGoal('maximize'),
    over,
    limits: limits.map(showLimit),
    axes: sweptAxes(study).map(({ id }) => id),
    front,
    points,
    evaluated: points,
    seconds,
  };
}
