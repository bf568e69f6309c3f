/** The changes between two studies, as tables. */
import type { FrontChange } from '../analysis/diff/front-changes.js';
import type { MetricChange, Move, PointChanges } from '../analysis/diff/point-changes.js';
import { axisValuesOf, type StudyDiff } from '../analysis/diff/study-diff.js';
import type { SpecDifference } from '../analysis/diff/spec-differences.js';
import { describeAxis, type AxisId } from '../model/resources.js';
import { showNumber, showPercent } from '../model/units.js';
import { multiplesOf } from './balanced.js';
import { showMetric } from './front-table.js';
import { renderTable, wrap, type TableColumn } from './table.js';

/** The most rows of a table; `--json` has all. */
const MAX_ROWS = 12;

/** The most objectives in the table of designs. */
const MAX_METRICS = 2;

/** Widths of wrapped texts. */
const WIDTHS = { what: 24, spec: 35, design: 28, why: 12 };

const left = (heading: string): TableColumn => ({ heading, align: 'left' });
const right = (heading: string): TableColumn => ({ heading });

/** `+4.2%`, `-12%`, `x 15`; for shares of the time, the difference in percentage points. */
export function showAmount(as: MetricChange['as'], before: number, after: number): string {
  if (as === 'difference') return `${signed(100 * (after - before))} pt`;
  const ratio = after / before;
  return ratio >= 10 ? `x ${showNumber(Number(ratio.toPrecision(3)))}` : `${signed(100 * (ratio - 1))}%`;
}

function signed(value: number): string {
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(Math.abs(value) >= 100 ? 3 : 2));
  const text = Math.abs(rounded) < 0.001 ? rounded.toExponential(0) : showNumber(rounded);
  return value > 0 ? `+${text}` : text;
}

/** The mean change of a metric. */
export function showMean({ as, mean }: MetricChange): string {
  return as === 'difference' ? showAmount(as, 0, mean) : showAmount(as, 1, mean);
}

/** A table, with the number of rows that it leaves out. */
function withRest(table: string, left: number, what: string): string {
  return left > 0 ? `${table}\n… and ${showNumber(left)} more ${what}: --json has all` : table;
}

export function specTable(spec: readonly SpecDifference[]): string {
  const rows = spec
    .slice(0, MAX_ROWS)
    .map(({ what, before, after }) => [wrap(what, WIDTHS.what), wrap(before, WIDTHS.spec), wrap(after, WIDTHS.spec)]);
  return withRest(renderTable([left('spec'), left('before'), left('after')], rows), spec.length - rows.length, 'parts');
}

/** A design by its changes of the baseline: as multiples if both studies have the same baseline, else as values in their units. */
export function showDesign(
  { before, after }: StudyDiff,
  { change, ...rows }: FrontChange,
  axes: readonly AxisId[],
): string {
  const { study } = change === 'went' ? before : after;
  const values = axisValuesOf(study, (change === 'went' ? rows.before : rows.after)!.id, axes);
  const isSameBaseline = before.study.baseline.id === after.study.baseline.id;
  if (isSameBaseline) return multiplesOf(study.baseline, values).join(', ') || 'the baseline';
  return values
    .map(([id, value]) => `${describeAxis(id).label} ${typeof value === 'number' ? showNumber(value) : value}`)
    .join(', ');
}

const isMarked = ({ before, after }: FrontChange) =>
  [before, after].some((row) => row !== undefined && (row.balanced || row.knee));

const ORDER = ['went', 'came', 'moved', 'stayed'];

/** The changes of a front that the table shows: those of marked designs, and others evenly spaced. */
function pick(changes: readonly FrontChange[]): FrontChange[] {
  const changed = changes.filter(({ change }) => change !== 'stayed');
  const marked = new Set(changed.filter(isMarked));
  const others = changed.filter((change) => !marked.has(change));
  const room = Math.max(0, Math.min(others.length, MAX_ROWS - marked.size));
  const evenly = Array.from({ length: room }, (_, i) => others[Math.floor((i * others.length) / room)]!);
  const kept = new Set([...marked, ...evenly]);
  return changed.filter((change) => kept.has(change)).sort((a, b) => ORDER.indexOf(a.change) - ORDER.indexOf(b.change));
}

/** `*` the balanced design, `k` the knee, before or after. */
const showMarks = ({ before, after }: FrontChange) =>
  `${before?.balanced || after?.balanced ? '*' : ''}${before?.knee || after?.knee ? 'k' : ''}`;

const FRONT_LEGEND =
  'id: in the second study; of designs that went, in the first. Designs are multiples of the\n' +
  'baseline where both studies have the same. *: the balanced design, k: the knee, before or after.';

/** The designs that came to the front, left it, or have other metrics. */
export function frontTable(
  diff: StudyDiff,
  front: readonly FrontChange[],
  metrics: readonly string[],
  axes: readonly AxisId[],
): string {
  const shown = pick(front);
  const shownMetrics = metrics.slice(0, MAX_METRICS);
  const figure = (row: FrontChange['before'], metric: string) =>
    row && typeof row[metric] === 'number' ? showMetric(metric, row[metric]) : '-';
  const rows = shown.map((change) => [
    change.change,
    `${showMarks(change)}${(change.change === 'went' ? change.before : change.after)!.id}`,
    ...shownMetrics.flatMap((metric) => [figure(change.before, metric), figure(change.after, metric)]),
    wrap(showDesign(diff, change, axes), WIDTHS.design),
    wrap(change.why ?? '', WIDTHS.why),
  ]);
  const columns = [
    left('\nfront'),
    right('\nid'),
    ...shownMetrics.flatMap((metric) => [right(`${metric}\nbefore`), right('\nafter')]),
    left('\ndesign'),
    left('\nwhy'),
  ];
  const changed = front.filter(({ change }) => change !== 'stayed').length;
  const table = withRest(renderTable(columns, rows), changed - rows.length, 'designs');
  return `${table}\n\n${FRONT_LEGEND}`;
}

/** The metrics that changed: by how much, and where most. */
export function metricTable({ metrics }: PointChanges): string {
  const extreme = (as: MetricChange['as'], move: Move | undefined) =>
    move ? [showAmount(as, move.before, move.after), String(move.ids[1])] : ['-', ''];
  const rows = metrics
    .filter(({ changed }) => changed > 0)
    .map((change) => [
      change.metric,
      showNumber(change.changed),
      showPercent(change.changed / change.designs),
      showMean(change),
      ...extreme(change.as, change.fall),
      ...extreme(change.as, change.rise),
    ]);
  const columns = [
    left('\nmetric'),
    right('designs\nchanged'),
    right('of\nall'),
    right('mean\nchange'),
    right('largest\nfall'),
    right('\nof id'),
    right('largest\nrise'),
    right('\nof id'),
  ];
  return renderTable(columns, rows);
}

/** The changes of bottlenecks, and the most important of them. */
export function flipTables({ flips, important_flips: important }: PointChanges): string[] {
  const counts = flips.slice(0, MAX_ROWS).map(({ from, to, designs }) => [from, to, showNumber(designs)]);
  const most = important.map(({ from, to, ids, on_front: isOnFront, time_ms: [was, is] }) => [
    String(ids[1]),
    from,
    to,
    showNumber(was),
    showNumber(is),
    isOnFront ? 'on a front' : '',
  ]);
  return [
    renderTable([left('bound by'), left('now by'), right('designs')], counts),
    renderTable([right('id'), left('bound by'), left('now by'), right('ms before'), right('after'), left('')], most),
  ];
}
