/** The changes between two studies, in words and tables. */
import type { FrontChange, WhyNot } from '../analysis/diff/front-changes.js';
import type { MetricChange, PointChanges } from '../analysis/diff/point-changes.js';
import {
  isUnmoved,
  isWorkloadUnmoved,
  movedAxes,
  notCompared,
  objectiveMetrics,
  type StudyDiff,
  type WorkloadDiff,
} from '../analysis/diff/study-diff.js';
import type { AxisId } from '../model/resources.js';
import { showNumber } from '../model/units.js';
import { workloadName } from '../model/workload-name.js';
import type { Objective } from '../space/study.js';
import { flipTables, frontTable, metricTable, showAmount, showDesign, showMean, specTable } from './diff-tables.js';
import { showMetric } from './front-table.js';
import { listed, wrap } from './table.js';

/** The most parts of the spec that the text names. */
const MAX_NAMED = 6;

/** `1 design`, `1,200 designs`. */
const designs = (count: number) => `${showNumber(count)} design${count === 1 ? '' : 's'}`;

/** `is`, `are`. */
const are = (count: number) => (count === 1 ? 'is' : 'are');

/** The whole text: a headline, a paragraph a workload, and tables of the changes. */
export function describeDiff(diff: StudyDiff): string {
  const { before, after, spec, workloads } = diff;
  const notes = notCompared(diff).map((note) => wrap(`Mind: ${note}.`));
  const head = `before: ${before.name}\nafter:  ${after.name}`;
  if (isUnmoved(diff)) return [head, wrap(`Nothing moved: ${sameWords(diff)}.`), ...notes].join('\n\n');
  const axes = movedAxes(diff);
  return [
    head,
    wrap(specWords(diff)),
    ...notes,
    ...(spec.length > 0 ? [specTable(spec)] : []),
    ...(workloads.length === 0 ? ['The studies have no workload in common: nothing else can be compared.'] : []),
    ...workloads.flatMap((workload) => describeWorkload(diff, workload, axes)),
  ].join('\n\n');
}

function sameWords({ workloads }: StudyDiff): string {
  const points = workloads.reduce((sum, { points: { both } }) => sum + both, 0);
  const front = workloads.reduce((sum, { front: all }) => sum + all.length, 0);
  return `the spec, ${showNumber(points)} points and the ${designs(front)} on the front are the same, every figure to 1e-9`;
}

function specWords({ spec }: StudyDiff): string {
  if (spec.length === 0) return 'The specs are the same.';
  const parts = [...new Set(spec.map(({ what }) => what))];
  const named = parts.slice(0, MAX_NAMED);
  const more = parts.length - named.length;
  return `The specs differ in ${listed(more > 0 ? [...named, `${more} more`] : named)}.`;
}

function describeWorkload(diff: StudyDiff, workload: WorkloadDiff, axes: readonly AxisId[]): string[] {
  const { points, changes, front } = workload;
  if (isWorkloadUnmoved(workload))
    return [
      wrap(
        `${workloadName(workload)}: nothing moved, in ${designs(points.both)} and ${showNumber(front.length)} of them on the front.`,
      ),
    ];
  const isFrontMoved = front.some(({ change }) => change !== 'stayed');
  return [
    wrap(`${workloadName(workload)}: ${workloadWords(diff, workload, axes)}`),
    ...(isFrontMoved ? [frontTable(diff, front, objectiveMetrics(diff), axes)] : []),
    ...(changes.metrics.some(({ changed }) => changed > 0) ? [metricTable(changes)] : []),
    ...(changes.flips.length > 0 ? flipTables(changes) : []),
  ];
}

function workloadWords(diff: StudyDiff, workload: WorkloadDiff, axes: readonly AxisId[]): string {
  const { points, front, changes } = workload;
  const both =
    points.both === 0
      ? `no design is in both studies (${showNumber(points.before)} before, ${showNumber(points.after)} after).`
      : `${designs(points.both)} ${are(points.both)} in both studies, of ${showNumber(points.before)} before and ${showNumber(points.after)} after.`;
  return [
    both,
    frontWords(front),
    bestWords(diff, front),
    markedWords(diff, front, axes),
    ...(points.both > 0 ? [changeWords(changes), flipWords(changes), feasibleWords(changes)] : []),
  ]
    .filter(Boolean)
    .join(' ');
}

/** Why designs came to the front (their state before) and why they left it (their state now). */
const REASONS: Record<'came' | 'went', Record<WhyNot, string>> = {
  came: {
    'not in the grid': 'new to the grid',
    'rejected by a constraint': 'rejected by a constraint before',
    'not stored yet': 'not stored before',
    'cannot run': 'unable to run before',
    dominated: 'dominated before',
    'not on the front': 'not on the front before',
  },
  went: {
    'not in the grid': 'no longer in the grid',
    'rejected by a constraint': 'rejected by a constraint now',
    'not stored yet': 'not stored yet',
    'cannot run': 'unable to run now',
    dominated: 'dominated now',
    'not on the front': 'not on the front now',
  },
};

/** The number of designs that came or went, and why. */
function countWords(front: readonly FrontChange[], change: 'came' | 'went'): string[] {
  const all = front.filter((design) => design.change === change);
  if (all.length === 0) return [];
  const whys = new Map<WhyNot, number>();
  for (const { why } of all) whys.set(why!, (whys.get(why!) ?? 0) + 1);
  const reasons = [...whys]
    .sort(([, a], [, b]) => b - a)
    .map(([why, count]) => (whys.size === 1 ? REASONS[change][why] : `${showNumber(count)} ${REASONS[change][why]}`));
  return [`${showNumber(all.length)} ${change} (${reasons.join(', ')})`];
}

function frontWords(front: readonly FrontChange[]): string {
  const count = (...changes: FrontChange['change'][]) => front.filter(({ change }) => changes.includes(change)).length;
  const [was, is] = [count('went', 'moved', 'stayed'), count('came', 'moved', 'stayed')];
  const [moved, stayed] = [count('moved'), count('stayed')];
  const size = `On the front ${are(is)} ${designs(is)}${was === is ? ', as before' : ` instead of ${showNumber(was)}`}`;
  if (stayed === is && is === was) return `${size}: the same ones.`;
  const parts = [
    ...countWords(front, 'came'),
    ...countWords(front, 'went'),
    ...(moved > 0 ? [`${showNumber(moved)} ${moved === 1 ? 'has' : 'have'} other figures`] : []),
    ...(stayed > 0 ? [`${showNumber(stayed)} ${are(stayed)} as before`] : []),
  ];
  return `${size}: ${listed(parts)}.`;
}

/** The best value of the first objective on each front. */
function bestWords({ before, after }: StudyDiff, front: readonly FrontChange[]): string {
  const [objective, was] = [after.study.objectives[0]!, before.study.objectives[0]!];
  if (objective.metric !== was.metric || objective.goal !== was.goal) return '';
  const values = (change: 'came' | 'went', side: 'before' | 'after') =>
    front
      .filter((design) => design.change !== change)
      .map((design) => design[side]?.[objective.metric])
      .filter((value): value is number => typeof value === 'number');
  const [then, now] = [bestOf(objective, values('came', 'before')), bestOf(objective, values('went', 'after'))];
  if (then === undefined || now === undefined) return '';
  const what = `The ${objective.goal === 'minimize' ? 'least' : 'most'} ${objective.metric} is`;
  const text = showMetric(objective.metric, now);
  return then === now
    ? `${what} ${text}, as before.`
    : `${what} ${text} instead of ${showMetric(objective.metric, then)} (${showAmount('ratio', then, now)}).`;
}

function bestOf({ goal }: Objective, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((a, b) => ((goal === 'minimize' ? b < a : b > a) ? b : a));
}

/** The balanced design before and after. */
function markedWords(diff: StudyDiff, front: readonly FrontChange[], axes: readonly AxisId[]): string {
  const was = front.find(({ change, before }) => change !== 'came' && before?.balanced);
  const is = front.find(({ change, after }) => change !== 'went' && after?.balanced);
  if (!was || !is) return '';
  const describe = (change: FrontChange, side: 'before' | 'after') => {
    const row = change[side]!;
    const figures = ['time_ms', 'area_mm2'].flatMap((metric) =>
      typeof row[metric] === 'number'
        ? `${showMetric(metric, row[metric])} ${metric === 'time_ms' ? 'ms' : 'mm2'}`
        : [],
    );
    return `${showDesign(diff, change, axes)} (design ${row.id}: ${figures.join(' on ')})`;
  };
  if (was === is) return `The balanced design is the same: ${describe(is, 'after')}.`;
  return `The balanced design is ${describe(is, 'after')} instead of ${describe(was, 'before')}.`;
}

/** The metrics whose changes the text names; the table has all. */
const NAMED_METRICS = ['time_ms', 'area_mm2', 'energy_j'];

function changeWords({ metrics, changed, designs: all }: PointChanges): string {
  if (changed === 0) return `No figure of the ${designs(all)} in both changed.`;
  const named = NAMED_METRICS.flatMap((name) => metrics.find(({ metric }) => metric === name) ?? []);
  const moved = named.filter((metric) => metric.changed > 0).map(metricWords);
  const same = named.filter((metric) => metric.changed === 0).map(({ metric }) => metric);
  const rest = same.length > 0 ? ` ${listed(same)} ${same.length === 1 ? 'is' : 'are'} the same.` : '';
  return moved.length > 0 ? `Of the designs in both, ${moved.join('; ')}.${rest}` : rest.trim();
}

/** `time_ms changed in 24, by -3% on average, between -9.4% and +4%`. */
function metricWords({ metric, as, changed, fall, rise, ...rest }: MetricChange): string {
  const [down, up] = [fall, rise].map((move) => move && showAmount(as, move.before, move.after));
  const span = down && up ? `between ${down} and ${up}` : `at most ${down ?? up}`;
  return `${metric} changed in ${showNumber(changed)}, by ${showMean({ metric, as, changed, ...rest })} on average over all, ${span}`;
}

function flipWords({ flips }: PointChanges): string {
  const [most] = flips;
  if (!most) return '';
  const count = flips.reduce((sum, flip) => sum + flip.designs, 0);
  const often =
    flips.length > 1
      ? `, most often ${most.to} instead of ${most.from} (${showNumber(most.designs)})`
      : `: ${most.to} instead of ${most.from}`;
  return `Something else binds ${designs(count)}${often}.`;
}

function feasibleWords({ became_feasible: can, became_infeasible: cannot }: PointChanges): string {
  const parts = [
    ...(can > 0 ? [`${designs(can)} can run now that could not before`] : []),
    ...(cannot > 0 ? [`${designs(cannot)} cannot run any more`] : []),
  ];
  return parts.length > 0 ? `${listed(parts)}.` : '';
}
