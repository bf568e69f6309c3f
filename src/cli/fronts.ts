/** Fronts of stored studies: worked out, stored beside the points, read back. */
import { imbalanceOf } from '../analysis/balance.js';
import { frontName, frontOf } from '../analysis/front.js';
import { WorkloadFronts } from '../analysis/workload-fronts.js';
import { reasonCells } from '../model/reasons.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { sweptAxes, workloadOf, type Objective, type Study } from '../space/study.js';
import {
  countPoints,
  readFront,
  readAllPoints,
  readMetrics,
  readPoints,
  storeFront,
  type FrontRow,
  type PointRow,
} from '../store/results.js';
import { studyFiles } from '../store/study-files.js';
import { note } from './output.js';

/** A row of `points` with the marks of the front, and with its reasons. */
export type FrontDesignRow = { [column: string]: PointRow[string] | boolean } & Omit<FrontRow, 'reasons'>;

export interface StudyFront {
  study: Study;
  objectives: readonly Objective[];
  /** Designs workload by workload, sorted by the first objective. */
  front: FrontDesignRow[];
  /** Points stored in the study. */
  points: number;
  seconds: number;
}

/** Works the front out over all stored points and stores it in the study. */
export function computeFront(folder: string, study: Study, objectives: readonly Objective[]): StudyFront {
  const fronts = new WorkloadFronts(study, objectives);
  const start = performance.now();
  const metrics = objectives.map(({ metric }) => metric);
  for (const batch of readMetrics(studyFiles(folder).database, metrics)) fronts.add(batch);
  return keepFront(folder, study, objectives, fronts, (performance.now() - start) / 1000);
}

/** Stores a front in its study, with the marks of its designs. */
export function keepFront(
  folder: string,
  study: Study,
  objectives: readonly Objective[],
  fronts: WorkloadFronts,
  seconds: number,
): StudyFront {
  const { database } = studyFiles(folder);
  const front = withReasons(study, frontOf(study, fronts));
  try {
    storeFront(database, frontName(objectives), front);
  } catch (error) {
    note(`note: the front is not stored in the study: ${(error as Error).message}`);
  }
  return withPoints(database, study, objectives, front, seconds);
}

/** Works out why each design takes its time, unless all points have that. */
function withReasons(study: Study, front: readonly FrontRow[]): FrontRow[] {
  if (study.reasons === 'all') return [...front];
  const evaluator = new PointEvaluator(study);
  return front.map((design) => {
    const reasons = evaluator.reasonsOfId(design.id);
    return 'infeasible' in reasons ? design : { ...design, reasons: reasonCells(reasons) };
  });
}

/** The front as it is stored in the study; undefined if it is not. */
export function storedFront(folder: string, study: Study, objectives: readonly Objective[]): StudyFront | undefined {
  const { database } = studyFiles(folder);
  const front = readFront(database, frontName(objectives));
  return front.length > 0 ? withPoints(database, study, objectives, front, 0) : undefined;
}

function withPoints(
  database: string,
  study: Study,
  objectives: readonly Objective[],
  front: readonly FrontRow[],
  seconds: number,
): StudyFront {
  const rows = readPoints(
    database,
    front.map(({ id }) => id),
  );
  const designs: FrontDesignRow[] = front.map(({ balanced, knee, imbalance, reasons }, i) => ({
    ...rows[i]!,
    ...{ balanced, knee, imbalance },
    ...reasons,
  }));
  const { metric, goal } = objectives[0]!;
  const cost = (row: FrontDesignRow) => (goal === 'minimize' ? 1 : -1) * Number(row[metric]);
  designs.sort((a, b) => workloadOf(study, a.id) - workloadOf(study, b.id) || cost(a) - cost(b) || a.id - b.id);
  return { study, objectives, front: designs, points: countPoints(database), seconds };
}

/** A row of `points` of a design option, with the marks of the front. */
export type OptionDesignRow = FrontDesignRow & { on_front: boolean };

/** Every stored design of a study that compares options, in their order. */
export function optionDesigns(folder: string, { study, front }: StudyFront): OptionDesignRow[] {
  const evaluator = new PointEvaluator(study);
  const marked = new Map(front.map((design) => [design.id, design]));
  return readAllPoints(studyFiles(folder).database).map((row) => {
    const point = evaluator.evaluateId(row.id);
    const imbalance = 'infeasible' in point ? Number.NaN : imbalanceOf(point);
    const { balanced, knee } = marked.get(row.id) ?? { balanced: false, knee: false };
    return { ...row, on_front: marked.has(row.id), balanced, knee, imbalance };
  });
}

/** The contract's `pareto --json`. */
export function frontJson({ study, objectives, front, points, seconds }: StudyFront) {
  const ofGoal = (goal: Objective['goal']) => objectives.filter((o) => o.goal === goal).map(({ metric }) => metric);
  return {
    study: study.name,
    objectives: objectives.map(({ metric }) => metric),
    minimize: ofGoal('minimize'),
    maximize: ofGoal('maximize'),
    axes: sweptAxes(study).map(({ id }) => id),
    front,
    points,
    evaluated: points,
    seconds,
  };
}
