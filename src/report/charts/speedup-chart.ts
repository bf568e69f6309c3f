/** Speedup per axis: the mean speed at each value, relative to that at the baseline's value or, without it, at the first value. */
import type { AxisName, AxisSensitivity, Level } from '../../analysis/sensitivity/axis-sensitivity.js';
import { nameOf } from '../../analysis/sensitivity/axis-sensitivity.js';
import { baselineValue, type GpuSpec } from '../../model/gpu.js';
import { AXIS_IDS, describeAxis, type AxisId } from '../../model/resources.js';
import { showNumber, showPercent } from '../../model/units.js';
import { ink } from './inks.js';
import { ROW, rowTexts, TRACK, trackTop, type Row } from './rows.js';
import { scaleOf, type Scale } from './scale.js';
import { chartSvg, element, group, halo, line, pathThrough, rect, TABULAR, text } from './svg.js';
import { textWidth } from './text-width.js';

interface Dot {
  row: number;
  speedup: number;
  label: string;
  isReference: boolean;
}

/** The least ratio of speedups of an axis that is drawn; the others are only named. */
const MIN_SPAN = 1.005;

const isAxis = (name: AxisName): name is AxisId => (AXIS_IDS as readonly string[]).includes(name);

/** The name of an axis, or of linked axes. */
export const axisTitle = ({ axes }: Pick<AxisSensitivity, 'axes'>): string =>
  axes.map((name) => (isAxis(name) ? describeAxis(name).label : name)).join(' + ');

/** `2×` the baseline, or a tile or option by its name. */
export function levelLabel({ axes, along }: AxisSensitivity, { value }: Level, baseline: GpuSpec): string {
  const name = along ?? axes[0]!;
  const at = value[name]!;
  const base = isAxis(name) ? baselineValue(baseline, name) : undefined;
  if (typeof at !== 'number') return String(at);
  return typeof base === 'number' && base > 0 ? `${showNumber(Number((at / base).toPrecision(3)))}×` : showNumber(at);
}

/** Whether speedups are relative to this value. */
export const isReference = ({ axes, reference }: AxisSensitivity, { value }: Level): boolean =>
  axes.every((name) => value[name] === reference[name]);

const speedups = ({ levels }: AxisSensitivity) =>
  levels.flatMap(({ effect }) => (effect === null || effect <= 0 ? [] : [1 / effect]));

const spanOf = (axis: AxisSensitivity) => {
  const all = speedups(axis);
  return all.length === 0 ? 1 : Math.max(...all) / Math.min(...all);
};

/** The axes that change the time, by the size of their effect, and those that do not. */
export function splitAxes(axes: readonly AxisSensitivity[]): { moving: AxisSensitivity[]; idle: AxisSensitivity[] } {
  const sorted = [...axes].sort((a, b) => spanOf(b) - spanOf(a));
  return {
    moving: sorted.filter((axis) => spanOf(axis) >= MIN_SPAN),
    idle: sorted.filter((axis) => spanOf(axis) < MIN_SPAN),
  };
}

/** `elasticity 0.97`, `72% of the variance` */
function notesOf({ elasticity, total }: AxisSensitivity, isWide: boolean): string[] {
  return [
    ...(elasticity === null ? [] : [`elasticity ${elasticity.toFixed(2)}`]),
    ...(total === null ? [] : [`${showPercent(total)}${isWide ? ' of the variance' : ''}`]),
  ];
}

/** The labels of an axis that do not touch, within the chart: the reference first, then the ends. */
function labelsThatFit(dots: readonly Dot[], toX: (speedup: number) => number, width: number) {
  const rank = ({ isReference }: Dot, i: number) => (isReference ? 0 : i === 0 || i === dots.length - 1 ? 1 : 2 + i);
  const placed: { x: number; half: number; row: number; label: string }[] = [];
  const byRank = dots.map((dot, i) => ({ dot, rank: rank(dot, i) })).sort((a, b) => a.rank - b.rank);
  for (const { dot } of byRank) {
    const half = textWidth(dot.label, 11) / 2 + 2;
    const x = Math.min(Math.max(toX(dot.speedup), half), width - half);
    if (placed.every((other) => Math.abs(other.x - x) >= other.half + half))
      placed.push({ x, half, row: dot.row, label: dot.label });
  }
  return placed;
}

const AXIS = 30;
const SIDE = 24;

/** The dots of an axis; a level without an effect has none. */
const dotsOf = (axis: AxisSensitivity, row: number, baseline: GpuSpec): Dot[] =>
  axis.levels.flatMap((level) => {
    if (level.effect === null || level.effect <= 0) return [];
    const label = levelLabel(axis, level, baseline);
    return [{ row, speedup: 1 / level.effect, label, isReference: isReference(axis, level) }];
  });

/** The scale of speedups: its ticks, and an upright line at each of them. */
function speedupScale({ ticks }: Scale, toX: (speedup: number) => number, height: number): string[] {
  const rule = (speedup: number) => line(toX(speedup), AXIS - 6, toX(speedup), height);
  return [
    group({ stroke: ink('grid') }, ticks.map(rule)),
    group({ stroke: ink('muted'), 'stroke-dasharray': '3 3' }, [rule(1)]),
    group(
      { fill: ink('muted'), 'text-anchor': 'middle', ...TABULAR },
      ticks.map((tick) => text(toX(tick), AXIS - 16, `${showNumber(tick)}×`)),
    ),
  ];
}

/** @param axes those that change the time */
export function speedupChart(
  axes: readonly AxisSensitivity[],
  baseline: GpuSpec,
  title: string,
  width: number,
): string {
  const scale = scaleOf([1, ...axes.flatMap(speedups)], width > 500 ? 8 : 5);
  const toX = (speedup: number) => SIDE + scale.at(speedup) * (width - 2 * SIDE);
  const rows: Row[] = axes.map((axis) => ({
    title: axisTitle(axis),
    subtitle: width > 500 && nameOf(axis) !== axisTitle(axis) ? nameOf(axis) : '',
    notes: notesOf(axis, width > 500),
  }));
  const dots = axes.map((axis, row) => dotsOf(axis, row, baseline));
  const place = ({ speedup, row }: Dot) => ({ x: toX(speedup), y: trackTop(row, AXIS) + 6 });
  const height = AXIS + axes.length * ROW + 6;
  return chartSvg('speedup', { title, description: describeSpeedups(axes, baseline) }, width, height, [
    ...speedupScale(scale, toX, height),
    group(
      { fill: ink('surface') },
      rows.map((_, i) => rect(0, trackTop(i, AXIS) - TRACK - 4, width, trackTop(i, AXIS) - 4)),
    ),
    ...rowTexts(rows, width, AXIS - 2),
    group(
      { fill: 'none', stroke: ink('accent'), 'stroke-width': 2 },
      dots.map((ofAxis) => element('path', { d: pathThrough(ofAxis.map(place)) })),
    ),
    group(
      { stroke: ink('accent'), 'stroke-width': 2 },
      dots.flat().map((dot) => {
        const { x, y } = place(dot);
        return element('circle', { cx: x, cy: y, r: 4.5, fill: ink(dot.isReference ? 'surface' : 'accent') });
      }),
    ),
    group(
      { fill: ink('ink'), 'font-size': 11, 'text-anchor': 'middle', ...halo(3), ...TABULAR },
      dots
        .flatMap((ofAxis) => labelsThatFit(ofAxis, toX, width))
        .map(({ x, row, label }) => text(x, trackTop(row, AXIS) + 21, label)),
    ),
  ]);
}

function describeSpeedups(axes: readonly AxisSensitivity[], baseline: GpuSpec): string {
  return axes
    .map((axis) => {
      const levels = axis.levels.flatMap((level) =>
        level.effect === null ? [] : [`${levelLabel(axis, level, baseline)} ${showNumber(1 / level.effect)}`],
      );
      return `${axisTitle(axis)}: speedup at ${levels.join(', ')}`;
    })
    .join('; ');
}
