/** Parallel coordinates: each design is a line through all axes and metrics. The axes are upright in a wide chart, level in a narrow one. */
import { bottleneckOf, bottlenecksOf } from './design-row.js';
import type { DesignRow } from '../../study/report-data/design-row.js';
import { ink } from './inks.js';
import { bottleneckLegend } from './legend.js';
import type { ParallelAxis } from './parallel-axes.js';
import { chartSvg, element, group, halo, line, pathThrough, TABULAR, text, type Attributes } from './svg.js';
import { textWidth } from './text-width.js';

export interface ParallelData {
  axes: readonly ParallelAxis[];
  front: readonly DesignRow[];
  sample: readonly DesignRow[];
  /** Designs with a thick line. */
  marked: readonly DesignRow[];
  title: string;
  description: string;
}

/** The width in pixels of the strip in which lines through the same value lie side by side. */
const SPREAD = 12;

/** Where axis `i` crosses the chart, and where its ends are, in pixels. */
interface Layout {
  isUpright: boolean;
  height: number;
  across: (i: number) => number;
  from: number;
  to: number;
}

const HEAD = 62;
const FOOT = 26;
const ROW_HEIGHT = 60;
/** Room for the ticks beside the first upright axis, and for the label of the last one. */
const LEFT = 44;
const RIGHT = 28;
/** Room beside level axes, for their outermost ticks. */
const SIDE = 18;

function layoutOf(axes: number, width: number, top: number): Layout {
  if (width > 500) {
    const height = top + HEAD + 380;
    const step = (width - LEFT - RIGHT) / Math.max(1, axes - 1);
    return { isUpright: true, height, across: (i) => LEFT + i * step, from: height - FOOT, to: top + HEAD };
  }
  const height = top + axes * ROW_HEIGHT + 8;
  return {
    ...{ isUpright: false, height, from: SIDE, to: width - SIDE },
    across: (i) => top + i * ROW_HEIGHT + 28,
  };
}

/** A number from -0.5 to 0.5 derived from an id: multiples of the golden ratio are spread evenly. */
const spreadOf = (id: number) => ((id * 0.618033988749895) % 1) - 0.5;

/** The line of each design, through its place on every axis. */
const lines = (
  designs: readonly DesignRow[],
  axes: readonly ParallelAxis[],
  { from, to, across, isUpright }: Layout,
  attributes: Attributes,
  colour?: (design: DesignRow) => string,
): string =>
  group(
    { fill: 'none', ...attributes },
    designs.map((design) => {
      const points = axes.map((axis, i) => {
        const along = from + axis.at(design) * (to - from) + (axis.isDiscrete ? SPREAD * spreadOf(design.id) : 0);
        return isUpright ? { x: across(i), y: along } : { x: along, y: across(i) };
      });
      return element('path', {
        d: pathThrough(points),
        ...(colour && { stroke: colour(design) }),
        'data-id': design.id,
      });
    }),
  );

const RULE = { stroke: ink('rule'), 'stroke-width': 1.5 };
const TICK = { 'font-size': 11, fill: ink('muted'), ...TABULAR, ...halo(4) };
const LABEL = { 'font-weight': 600, fill: ink('ink') };
const UNIT = { 'font-size': 11, fill: ink('muted') };

/** An upright axis: its ends are labelled beyond it, the ticks between them beside it. */
function uprightAxis(axis: ParallelAxis, x: number, layout: Layout): string[] {
  const { from, to } = layout;
  const ticks = thinTicks(axis, layout).map(({ at, text: shown }) => {
    const y = from + at * (to - from);
    if (at === 0 || at === 1) return text(x, y + (at === 0 ? 18 : -17), shown, { 'text-anchor': 'middle' });
    return text(x - 7, y, shown, { 'text-anchor': 'end' });
  });
  return [
    group(RULE, [line(x, to - 8, x, from + 8)]),
    group(TICK, ticks),
    text(x, to - 50, axis.label, { 'text-anchor': 'middle', ...LABEL }),
    text(x, to - 36, axis.unit, { 'text-anchor': 'middle', ...UNIT }),
  ];
}

/** A level axis: its label above, its ticks below it. */
function levelAxis(axis: ParallelAxis, y: number, layout: Layout): string[] {
  const { from, to } = layout;
  const ticks = thinTicks(axis, layout).map((tick) => {
    const rightmost = to + SIDE - textWidth(tick.text, 11) / 2;
    return text(Math.min(from + tick.at * (to - from), rightmost), y + 14, tick.text);
  });
  return [
    group(RULE, [line(from - 8, y, to + 8, y)]),
    group({ 'text-anchor': 'middle', ...TICK }, ticks),
    text(0, y - 16, headingOf(axis), { ...LABEL, ...halo(4) }),
  ];
}

/** The ticks of an axis whose labels do not touch; its ends take precedence. */
function thinTicks({ ticks }: ParallelAxis, { isUpright, from, to }: Layout): ParallelAxis['ticks'] {
  const length = Math.abs(to - from);
  const room = (shown: string) => (isUpright ? 14 : textWidth(shown, 11) + 6);
  const kept: ParallelAxis['ticks'] = [];
  for (const tick of [ticks[0], ticks.at(-1), ...ticks.slice(1, -1)])
    if (
      tick &&
      kept.every((other) => Math.abs(other.at - tick.at) * length >= (room(other.text) + room(tick.text)) / 2)
    )
      kept.push(tick);
  return kept;
}

export function parallelChart(data: ParallelData, width: number): string {
  const { axes, front, sample, marked } = data;
  const legend = bottleneckLegend(bottlenecksOf(front), width);
  const layout = layoutOf(axes.length, width, legend.height + 6);
  const attributes = {
    role: 'group',
    'data-upright': String(layout.isUpright),
    'data-across': axes.map((_, i) => Math.round(layout.across(i))).join(' '),
    'data-along': `${layout.from} ${layout.to}`,
  };
  const ofFront = { 'stroke-opacity': front.length > 100 ? 0.4 : 0.7, 'stroke-width': 1.25 };
  const drawAxis = layout.isUpright ? uprightAxis : levelAxis;
  const marks = [
    ...legend.marks,
    lines(sample, axes, layout, { stroke: ink('muted'), 'stroke-opacity': 0.09, 'stroke-width': 1.5 }),
    lines(front, axes, layout, ofFront, (design) => ink(bottleneckOf(design))),
    lines(marked, axes, layout, { stroke: ink('ink'), 'stroke-width': 2.5 }),
    ...axes.flatMap((axis, i) => drawAxis(axis, layout.across(i), layout)),
  ];
  return chartSvg('parallel', data, width, layout.height, marks, attributes);
}

const headingOf = ({ label, unit }: ParallelAxis) => (unit ? `${label}, ${unit}` : label);

/** The chart in words: the values of the front on each axis. */
export function describeParallel({ axes, front }: Pick<ParallelData, 'axes' | 'front'>): string {
  return axes
    .map((axis) => {
      if (!axis.isDiscrete) return headingOf(axis);
      const designs = (at: number) => front.filter((design) => axis.at(design) === at).length;
      return `${headingOf(axis)}: ${axis.ticks.map(({ at, text: value }) => `${value} in ${designs(at)}`).join(', ')}`;
    })
    .join('; ');
}
