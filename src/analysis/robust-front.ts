/** Marks the designs of stored fronts as robust or fragile (docs/model.md, 14.3). */
import { metricNamed } from '../model/metrics.js';
import { validatedError } from '../model/validity.js';
import { gridOf, workloadOf, type Objective, type Study } from '../space/study.js';
import { signOf } from './front-archive.js';
import type { FrontMarks } from './front-marks.js';
import type { FrontQuery } from './front-query.js';
import { LimitFilter } from './limits.js';
import { movingArea, movingTime, unmovedMetric, type MovingObjective } from './moving-objective.js';
import { FrontRobustness, type MovingRows } from './robustness.js';
import { splitByWorkload, type MetricRows } from './workload-fronts.js';

/** How an objective moves on a workload; undefined where nothing says how far it can. */
function movingObjective(
  study: Study,
  workload: number,
  { metric: name, goal }: Objective,
): MovingObjective | undefined {
  const { quantity, better } = metricNamed(name)!;
  const isSmall = signOf(goal);
  switch (quantity) {
    case 'time': {
      const error = validatedError(study.model, study.workloads[workload]!.pass);
      return error === undefined ? undefined : movingTime(better === 'low' ? isSmall : isSmall === 1 ? -1 : 1, error);
    }
    case 'area':
      return movingArea(isSmall, study);
    case 'traffic':
      return unmovedMetric(isSmall, name);
    default:
      return undefined;
  }
}

/** The objectives of a workload; undefined where the uncertainty of one is not known. */
function movingObjectives(study: Study, workload: number, objectives: readonly Objective[]) {
  const moving = objectives.flatMap((objective) => movingObjective(study, workload, objective) ?? []);
  return moving.length === objectives.length ? moving : undefined;
}

/** Most pairs of a design and a point that are held against each other: some ten seconds. */
const MOST_PAIRS = 1e10;

const isUnmoved = ({ leastRatio, mostRatio }: MovingObjective) => leastRatio === 1 && mostRatio === 1;

/**
 * Sets the mark of each design of the fronts where the uncertainty is known: not over all workloads, nor for objectives and passes
 * whose errors nobody knows. Where nothing can move, all are robust. Workloads with too many designs are left out: false if
 * there are any.
 *
 * @param front designs with the columns of their points
 * @param read the columns of all points that compete, in batches, ids ascending
 */
export function markRobust(
  study: Study,
  { objectives, over, limits }: FrontQuery,
  front: readonly (FrontMarks & Record<string, unknown>)[],
  read: (columns: readonly string[]) => Iterable<MetricRows>,
): boolean {
  if (over !== 'each') return true;
  const pointsPerWorkload = gridOf(study).size / study.workloads.length;
  let isTold = true;
  const ofWorkload = study.workloads.flatMap((_, workload) => {
    const moving = movingObjectives(study, workload, objectives);
    const designs = front.filter(({ id }) => workloadOf(study, id) === workload);
    if (!moving || designs.length === 0) return [];
    if (moving.every(isUnmoved)) {
      for (const design of designs) design.robust = true;
      return [];
    }
    if (designs.length * pointsPerWorkload > MOST_PAIRS) {
      isTold = false;
      return [];
    }
    const ids = Float64Array.from(designs, ({ id }) => id);
    const values = moving.map(({ column }) => Float64Array.from(designs, (design) => Number(design[column])));
    const rows: MovingRows = { ids, values };
    const robustness = new FrontRobustness(moving, rows);
    robustness.challengeAmongThem(rows);
    return [{ workload, moving, designs, robustness }];
  });
  const names = [
    ...new Set([
      ...ofWorkload.flatMap(({ moving }) => moving.map(({ column }) => column)),
      ...limits.map(({ metric }) => metric),
    ]),
  ];
  const filter = new LimitFilter(limits, names);
  for (const batch of ofWorkload.length > 0 ? read(names) : []) {
    if (ofWorkload.every(({ robustness }) => robustness.left === 0)) break;
    for (const { workload, rows } of splitByWorkload(filter.keep(batch), pointsPerWorkload)) {
      const { moving, robustness } = ofWorkload.find((one) => one.workload === workload) ?? {};
      if (!moving || !robustness) continue;
      const values = moving.map(({ column }) => rows.values[names.indexOf(column)]!);
      robustness.challenge({ ids: rows.ids, values });
    }
  }
  for (const { designs, robustness } of ofWorkload)
    robustness.marks.forEach((isRobust, i) => {
      designs[i]!.robust = isRobust;
    });
  return isTold;
}
