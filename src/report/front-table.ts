/** The front of a study as text: designs as multiples of the baseline, their metrics and their bottlenecks. */
import type { FrontRow } from '../analysis/front-marks.js';
import { BOTTLENECKS, type Bottleneck } from '../model/bottleneck.js';
import { baselineValue } from '../model/gpu.js';
import { describeAxis } from '../model/resources.js';
import { showNumber } from '../model/units.js';
import type { Axis } from '../space/axis.js';
import { OPTION } from '../space/columns.js';
import { sweptAxes, type Objective, type Study } from '../space/study.js';
import { showShares } from './explain.js';
import { fits, renderTable, type TableColumn } from './table.js';

/** Metrics that every front shows, after its objectives. */
const ALWAYS_SHOWN = ['time_ms', 'area_mm2', 'speedup', 'balance'];

/** Short headings of metrics; the others have their full name. */
export const SHORT_HEADINGS: Record<string, string> = {
  time_ms: 'time\nms',
  area_mm2: 'area\nmm2',
  speedup: 'speed\nup',
  balance: 'bal.\n%',
};

/** An axis value as a multiple of the baseline; a tile by its name. */
function showAxisValue({ id }: Axis, value: unknown, study: Study): string {
  const base = baselineValue(study.baseline, id);
  if (typeof value !== 'number' || typeof base !== 'number') return String(value);
  return showNumber(base > 0 ? value / base : value);
}

export function showMetric(name: string, value: number): string {
  return name === 'balance' ? String(Math.round(100 * value)) : showNumber(value);
}

/** The shares of a row's time by bottleneck. */
export function sharesOf(row: FrontRow): Record<Bottleneck, number> {
  return Object.fromEntries(BOTTLENECKS.map((name) => [name, Number(row[`${name}_share`])])) as Record<
    Bottleneck,
    number
  >;
}

/** `*` for the balanced design, `k` for the knee, `r` for robust ones. */
export function showMark({ balanced, knee, robust }: FrontRow): string {
  return `${balanced ? '*' : ''}${knee ? 'k' : ''}${robust ? 'r' : ''}`;
}

/** A heading's last word under the others. */
const stacked = (label: string) => (label.includes(' ') ? label.replace(' ', '\n') : `\n${label}`);

/** The metrics of a table: the objectives, and those of `ALWAYS_SHOWN` that the designs have. */
const metricsOf = (objectives: readonly Objective[], front: readonly FrontRow[]) => [
  ...new Set([
    ...objectives.map(({ metric }) => metric),
    ...ALWAYS_SHOWN.filter((name) => front.every((design) => name in design)),
  ]),
];

/** A front as the cells of a table. */
export interface FrontTable {
  columns: TableColumn[];
  rows: string[][];
  /** Axes on which all designs have the same value, with that value: they have no column. */
  shared: string[];
}

/** The cells of a front: axes as multiples of the baseline, metrics, bottlenecks. */
export function frontTable(study: Study, objectives: readonly Objective[], front: readonly FrontRow[]): FrontTable {
  const metrics = metricsOf(objectives, front);
  const { axes, shared } = splitAxes(study, front);
  return {
    columns: [
      { heading: '\nid' },
      ...(study.options ? [{ heading: '\noption', align: 'left' as const }] : []),
      ...axes.map(({ id }) => ({ heading: stacked(describeAxis(id).label) })),
      ...metrics.map((name) => ({ heading: SHORT_HEADINGS[name] ?? `\n${name}` })),
      { heading: '\nbound by', align: 'left' },
    ],
    rows: front.map((row) => [
      `${showMark(row)}${row.id}`,
      ...(study.options ? [String(row[OPTION.name])] : []),
      ...axes.map((axis) => showAxisValue(axis, row[axis.id], study)),
      ...metrics.map((name) => showMetric(name, Number(row[name]))),
      showShares(sharesOf(row), 2),
    ]),
    shared: shared.map((axis) => `${describeAxis(axis.id).label} ${showAxisValue(axis, front[0]![axis.id], study)}`),
  };
}

/** The axes on which designs differ, and those on which all have the same value. */
function splitAxes(study: Study, front: readonly FrontRow[]): { axes: Axis[]; shared: Axis[] } {
  const isShared = (axis: Axis) => front.length > 1 && front.every((row) => row[axis.id] === front[0]![axis.id]);
  // The name of an option stands for its axes.
  const ofOptions = study.options ? study.dimensions[0]! : [];
  const shown = sweptAxes(study).filter((axis) => !ofOptions.includes(axis));
  return { axes: shown.filter((axis) => !isShared(axis)), shared: shown.filter(isShared) };
}

/** Two lines for each design, for studies with too many axes for a table. */
function asList(study: Study, axes: readonly Axis[], metrics: readonly string[], front: readonly FrontRow[]): string {
  return front
    .map((row) => {
      const figures = metrics.map((name) => `${name} ${showMetric(name, Number(row[name]))}`).join(', ');
      const scaled = axes.map((axis) => [axis, showAxisValue(axis, row[axis.id], study)] as const);
      const changed = [
        ...(study.options ? [String(row[OPTION.name])] : []),
        ...scaled.filter(([, text]) => text !== '1').map(([{ id }, text]) => `${describeAxis(id).label} ${text}`),
      ];
      return `${showMark(row)}${row.id}  ${figures}; ${showShares(sharesOf(row), 2)}\n    ${changed.join(', ')}`;
    })
    .join('\n');
}

/** The front as a table, or as a list if a table is too wide. Values that all designs share are stated once. */
export function renderFront(study: Study, objectives: readonly Objective[], front: readonly FrontRow[]): string {
  const { columns, rows, shared } = frontTable(study, objectives, front);
  const table = renderTable(columns, rows);
  return [
    ...(shared.length > 0 ? [`in all of them: ${shared.join(', ')}`, ''] : []),
    fits(table) ? table : asList(study, splitAxes(study, front).axes, metricsOf(objectives, front), front),
  ].join('\n');
}
