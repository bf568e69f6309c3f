/** The designs of a front with the rows of their points. */
import { imbalanceOf } from '../analysis/balance.js';
import { signOf } from '../analysis/front-archive.js';
import { marksOf, UNMARKED, type FrontMarks, type FrontRow } from '../analysis/front-marks.js';
import type { FrontQuery } from '../analysis/front-query.js';
import { joinRows, type Joint } from '../analysis/over-workloads.js';
import { OPTION } from '../space/columns.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { pointIds, sweptAxes, workloadOf, type Study } from '../space/study.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { countPoints, readAllPoints, readPoints, type PointRow } from '../storage/read/results.js';

export interface StudyFront extends FrontQuery {
  study: Study;
  /** Those on the front, workload by workload, sorted by the first objective. */
  designs: FrontRow[];
  /** Points stored in the study. */
  points: number;
  seconds: number;
}

/** What the objectives of a study ask for of each of its workloads. */
export function queryOf({ objectives }: Study): FrontQuery {
  return { objectives, over: 'each', limits: [] };
}

/** A front of a stored study, given the ids and the marks of its designs. */
export function withPoints(
  folder: string,
  study: Study,
  query: FrontQuery,
  front: readonly FrontMarks[],
  seconds: number,
): StudyFront {
  const { database } = studyFiles(folder);
  const ids = front.map(({ id }) => id);
  const rows = query.over === 'each' ? readPoints(database, ids) : jointRows(database, study, ids, query.over);
  const designs: FrontRow[] = front.map((design, i) => ({ ...rows[i]!, ...marksOf(design), id: design.id }));
  const { metric, goal } = query.objectives[0]!;
  const cost = (row: FrontRow) => signOf(goal) * Number(row[metric]);
  designs.sort((a, b) => workloadOf(study, a.id) - workloadOf(study, b.id) || cost(a) - cost(b) || a.id - b.id);
  return { study, ...query, designs, points: countPoints(database), seconds };
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
export type OptionRow = FrontRow & { on_front: boolean };

/** Every stored design of a study that compares options, in their order. */
export function optionRows(folder: string, { study, designs }: StudyFront): OptionRow[] {
  const evaluator = new PointEvaluator(study);
  const marked = new Map(designs.map((design) => [design.id, design]));
  return readAllPoints(studyFiles(folder).database).map((row) => {
    const point = evaluator.evaluateId(row.id);
    const imbalance = 'infeasible' in point ? Number.NaN : imbalanceOf(point);
    const marks = marksOf(marked.get(row.id) ?? { id: row.id, ...UNMARKED });
    return { ...row, ...marks, on_front: marked.has(row.id), imbalance };
  });
}
