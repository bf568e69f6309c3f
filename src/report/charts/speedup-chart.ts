/** Speedup per axis: the mean speed at each of its values, over that at the baseline's or, without it, the first one. */
import * as Plot from '@observablehq/plot';
import type { AxisName, AxisSensitivity, Level } from '../../analysis/sensitivity/axis-sensitivity.js';
import { nameOf } from '../../analysis/sensitivity/axis-sensitivity.js';
import { baselineValue, type GpuSpec } from '../../model/gpu.js';
import { AXIS_IDS, describeAxis, type AxisId } from '../../model/resources.js';
import { showNumber, showPercent } from '../../model/units.js';
import { ink } from './inks.js';
import { textWidth } from './plot-svg.js';
import { pixelChart, ROW, rowTexts, TRACK, trackTop, type Row } from './rows.js';
import { scaleOf } from './scale.js';

interface Dot {
  row: number;
  speedup: number;
  label: string;
  isReference: boolean;
}

/** Axes whose speedup spans less do not move the time: they are named, not drawn. */
const LEAST_SPAN = 1.005;

const isAxis = (name: AxisName): name is AxisId => (AXIS_IDS as readonly string[]).includes(name);

/** What an axis is called; those that are linked together. */
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

/** Whether it is the value that the others' speedups are over. */
export const isReference = ({ axes, reference }: AxisSensitivity, { value }: Level): boolean =>
  axes.every((name) => value[name] === reference[name]);

const speedups = ({ levels }: AxisSensitivity) =>
  levels.flatMap(({ effect }) => (effect === null || effect <= 0 ? [] : [1 / effect]));

const spanOf = (axis: AxisSensitivity) => {
  const all = speedups(axis);
  return all.length === 0 ? 1 : Math.max(...all) / Math.min(...all);
};

/** The axes that are drawn, the one that does most first, and those that do nothing. */
export function splitAxes(axes: readonly AxisSensitivity[]): { moving: AxisSensitivity[]; idle: AxisSensitivity[] } {
  const sorted = [...axes].sort((a, b) => spanOf(b) - spanOf(a));
  return {
    moving: sorted.filter((axis) => spanOf(axis) >= LEAST_SPAN),
    idle: sorted.filter((axis) => spanOf(axis) < LEAST_SPAN),
  };
}

/** `elasticity 0.97`, `72% of the variance` */
function notesOf({ elasticity, total }: AxisSensitivity, isWide: boolean): string[] {
  return [
    ...(elasticity === null ? [] : [`elasticity ${elasticity.toFixed(2)}`]),
    ...(total === null ? [] : [`${showPercent(total)}${isWide ? ' of the variance' : ''}`]),
  ];
}

/** Labels that do not touch, the ends first; texts that are left out are empty. */
function thinned(dots: readonly Dot[], toX: (speedup: number) => number, width: number): string[] {
  const order = dots.map((_, i) => i).sort((a, b) => rank(a) - rank(b));
  function rank(i: number): number {
    return dots[i]!.isReference ? 0 : i === dots.length - 1 || i === 0 ? 1 : 2 + i;
  }
  const taken: [number, number][] = [];
  const texts = dots.map(() => '');
  for (const i of order) {
    const half = textWidth(dots[i]!.label, 11) / 2 + 2;
    const x = Math.min(Math.max(toX(dots[i]!.speedup), half), width - half);
    if (taken.some(([from, to]) => x + half > from && x - half < to)) continue;
    taken.push([x - half, x + half]);
    texts[i] = dots[i]!.label;
  }
  return texts;
}

const AXIS = 30;
const SIDE = 24;

/** The values of an axis for which a speedup is known. */
function dotsOf(axis: AxisSensitivity, row: number, baseline: GpuSpec): Dot[] {
  return axis.levels.flatMap((level) => {
    const { effect } = level;
    if (effect === null || effect <= 0) return [];
    const label = levelLabel(axis, level, baseline);
    return [{ row, speedup: 1 / effect, label, isReference: isReference(axis, level) }];
  });
}

/** @param axes those that move the time */
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
  const texts = dots.flatMap((ofAxis) => thinned(ofAxis, toX, width));
  const height = AXIS + axes.length * ROW + 6;
  const x = ({ speedup }: Dot) => toX(speedup);
  const y = ({ row }: Dot) => trackTop(row, AXIS) + 6;
  const all = dots.flat();
  return pixelChart('speedup', { title, description: describeSpeedups(axes, baseline) }, width, height, [
    Plot.ruleX(scale.ticks.map(toX), { y1: AXIS - 6, y2: height, stroke: ink('grid') }),
    Plot.ruleX([toX(1)], { y1: AXIS - 6, y2: height, stroke: ink('muted'), strokeDasharray: '3 3' }),
    Plot.text(scale.ticks, {
      x: (tick: number) => toX(tick),
      y: AXIS - 16,
      text: (tick: number) => `${showNumber(tick)}×`,
      ...{ fill: ink('muted'), fontVariant: 'tabular-nums' },
    }),
    Plot.rect([...rows], {
      ...{ x1: 0, x2: width, fill: ink('surface') },
      y1: (_: Row, i: number) => trackTop(i, AXIS) - TRACK - 4,
      y2: (_: Row, i: number) => trackTop(i, AXIS) - 4,
    }),
    ...rowTexts(rows, width, AXIS - 2),
    ...dots
      .filter((ofAxis) => ofAxis.length > 1)
      .map((ofAxis) => Plot.line(ofAxis, { x, y, stroke: ink('accent'), strokeWidth: 2 })),
    Plot.dot(all, {
      ...{ x, y, r: 4.5, stroke: ink('accent'), strokeWidth: 2 },
      fill: ({ isReference }: Dot) => (isReference ? ink('surface') : ink('accent')),
    }),
    Plot.text(all, {
      x: (dot: Dot) => {
        const half = textWidth(dot.label, 11) / 2;
        return Math.min(Math.max(x(dot), half), width - half);
      },
      y: (dot: Dot) => y(dot) + 15,
      text: (_: Dot, i: number) => texts[i]!,
      ...{ fill: ink('ink'), stroke: ink('surface'), strokeWidth: 3, fontSize: 11, fontVariant: 'tabular-nums' },
    }),
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
