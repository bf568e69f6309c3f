/** A study's front as text: designs as multiples of the baseline, what they give, what bounds them. */
import { BOTTLENECKS, type Bottleneck } from '../model/bottleneck.js';
import { baselineValue } from '../model/gpu.js';
import { METRICS } from '../model/metrics.js';
import { describeAxis } from '../model/resources.js';
import { showNumber } from '../model/units.js';
import type { Axis } from '../space/axis.js';
import { sweptAxes, type Objective, type Study } from '../space/study.js';
import { showShares } from './explain.js';
import { renderTable, TABLE_WIDTH, type TableColumn } from './table.js';

/** A design on the front: its row of `points`, and its marks. */
export type FrontPoint = Record<string, number | string | null | boolean> & {
  id: number;
  balanced: boolean;
  knee: boolean;
};

/** Metrics that every front shows, after its objectives. */
const ALWAYS_SHOWN = ['time_ms', 'area_mm2', 'speedup', 'balance'];

/** At most `most` designs of a front, evenly spread, its ends and marked designs always among them. */
export function sampleFront<T extends FrontPoint>(front: readonly T[], most: number): T[] {
  if (front.length <= most) return [...front];
  const marked = front.filter((design) => design.balanced || design.knee).length;
  const evenly = Math.max(2, most - marked);
  const kept = new Set(Array.from({ length: evenly }, (_, i) => Math.round((i * (front.length - 1)) / (evenly - 1))));
  return front.filter((design, i) => kept.has(i) || design.balanced || design.knee);
}

/** An axis value beside the baseline: `x2`, or the text of a tile. */
function showAxisValue({ id }: Axis, value: unknown, study: Study): string {
  const base = baselineValue(study.baseline, id);
  if (typeof value !== 'number' || typeof base !== 'number') return String(value);
  return base > 0 ? `x${showNumber(value / base)}` : showNumber(value);
}

const twoLines = (label: string) => (label.includes(' ') ? label.replace(' ', '\n') : `\n${label}`);

function metricHeading(name: string): string {
  const unit = METRICS.find((metric) => metric.name === name)?.unit ?? '1';
  const words = name.replace(/_(ms|mm2|per_s|gb)$/, '').replaceAll('_', ' ');
  return unit === '1' ? twoLines(words) : `${words}\n${unit}`;
}

function sharesOf(row: FrontPoint): Record<Bottleneck, number> {
  return Object.fromEntries(BOTTLENECKS.map((name) => [name, Number(row[`${name}_share`])])) as Record<
    Bottleneck,
    number
  >;
}

/** `*` for the balanced design, `k` for the knee. */
function showMark({ balanced, knee }: FrontPoint): string {
  return `${balanced ? '*' : ''}${knee ? 'k' : ''}`;
}

/** The front's table. Fits 100 columns for up to about ten axes: where two bottlenecks a design do not fit, the largest stands alone. */
export function renderFront(study: Study, objectives: readonly Objective[], front: readonly FrontPoint[]): string {
  const table = renderFrontWith(2, study, objectives, front);
  const fits = table.split('\n').every((line) => line.length <= TABLE_WIDTH);
  return fits ? table : renderFrontWith(1, study, objectives, front);
}

function renderFrontWith(
  mostShares: number,
  study: Study,
  objectives: readonly Objective[],
  front: readonly FrontPoint[],
): string {
  const axes = sweptAxes(study);
  const metrics = [...new Set([...objectives.map(({ metric }) => metric), ...ALWAYS_SHOWN])];
  const columns: TableColumn[] = [
    { heading: '\nid' },
    ...axes.map(({ id }) => ({ heading: twoLines(describeAxis(id).label) })),
    ...metrics.map((name) => ({ heading: metricHeading(name) })),
    { heading: '\nbound by', align: 'left' },
  ];
  const rows = front.map((row) => [
    `${showMark(row)}${row.id}`,
    ...axes.map((axis) => showAxisValue(axis, row[axis.id], study)),
    ...metrics.map((name) => showNumber(Number(row[name]))),
    showShares(sharesOf(row), mostShares),
  ]);
  return renderTable(columns, rows);
}
