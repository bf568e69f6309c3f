/** Parallel coordinates: a line a design through all axes and metrics; upright axes where there is room, else one below the other. */
import * as Plot from '@observablehq/plot';
import { bottleneckOf, bottlenecksOf } from './design-row.js';
import type { DesignRow } from '../../study/report-data/design-row.js';
import { ink } from './inks.js';
import { legendOf } from './legend.js';
import type { ParallelAxis } from './parallel-axes.js';
import { textWidth, withLineIds, type Mark } from './plot-svg.js';
import { pixelChart } from './rows.js';

export interface ParallelData {
  axes: readonly ParallelAxis[];
  front: readonly DesignRow[];
  sample: readonly DesignRow[];
  /** Designs that stand out. */
  marked: readonly DesignRow[];
  title: string;
  description: string;
}

/** Lines of designs that share a value lie side by side within so many pixels. */
const SPREAD = 12;

/** Where axis `i` crosses the chart, and where its ends are; in pixels. */
interface Layout {
  isUpright: boolean;
  width: number;
  height: number;
  across: (i: number) => number;
  from: number;
  to: number;
}

const HEAD = 62;
const FOOT = 26;
const ROW_HEIGHT = 60;
/** Room for the text of ticks beside an upright axis, and for the last axis. */
const LEFT = 44;
const SIDE = 12;

function layoutOf(axes: number, width: number, top: number): Layout {
  if (width > 500) {
    const height = top + HEAD + 380;
    const step = (width - LEFT - SIDE) / Math.max(1, axes - 1);
    return { isUpright: true, width, height, across: (i) => LEFT + i * step, from: height - FOOT, to: top + HEAD };
  }
  const height = top + axes * ROW_HEIGHT + 8;
  return {
    isUpright: false,
    width,
    height,
    across: (i) => top + i * ROW_HEIGHT + 28,
    from: SIDE + 6,
    to: width - SIDE - 6,
  };
}

/** A number from -0.5 to 0.5 that an id always has: multiples of the golden ratio are spread evenly. */
const spreadOf = (id: number) => ((id * 0.618033988749895) % 1) - 0.5;

function lines(
  designs: readonly DesignRow[],
  axes: readonly ParallelAxis[],
  layout: Layout,
  options: Plot.LineOptions,
): Mark {
  const { from, to, across, isUpright } = layout;
  const points = designs.flatMap((design) =>
    axes.map((axis, i) => {
      const along = from + axis.at(design) * (to - from) + (axis.isDiscrete ? SPREAD * spreadOf(design.id) : 0);
      return { design, x: isUpright ? across(i) : along, y: isUpright ? along : across(i) };
    }),
  );
  return Plot.line(points, {
    ...{ x: 'x', y: 'y', z: ({ design }: (typeof points)[number]) => design.id },
    ...withLineIds(designs.map(({ id }) => id)),
    ...options,
  });
}

/** A tick of axis `i`, and where it is along it in pixels. */
interface Tick {
  at: number;
  text: string;
  i: number;
  along: number;
}

function scaffold(axes: readonly ParallelAxis[], layout: Layout): Mark[] {
  const { isUpright, across, from, to } = layout;
  const halo = { stroke: ink('surface'), strokeWidth: 4 };
  const ticks: Tick[] = axes.flatMap((axis, i) =>
    thinTicks(axis, layout).map((tick) => ({ ...tick, i, along: from + tick.at * (to - from) })),
  );
  const tickAcross = ({ i }: Tick) => across(i);
  const tickText = { text: 'text', fontSize: 11, fill: ink('muted'), fontVariant: 'tabular-nums', ...halo } as const;
  if (isUpright) {
    // The ends of an axis are told beyond it, what is between beside it.
    const [ends, between] = [ticks.filter(isEnd), ticks.filter((tick) => !isEnd(tick))];
    const label = { x: (_: ParallelAxis, i: number) => across(i), textAnchor: 'middle' } as const;
    return [
      Plot.ruleX(
        axes.map((_, i) => across(i)),
        { y1: to - 8, y2: from + 8, stroke: ink('rule'), strokeWidth: 1.5 },
      ),
      Plot.text(between, { x: (tick: Tick) => tickAcross(tick) - 7, y: 'along', textAnchor: 'end', ...tickText }),
      Plot.text(ends, { x: tickAcross, y: ({ at, along }: Tick) => along + (at === 0 ? 18 : -17), ...tickText }),
      Plot.text([...axes], { ...label, y: to - 50, text: 'label', fontWeight: 600, fill: ink('ink') }),
      Plot.text([...axes], { ...label, y: to - 36, text: 'unit', fontSize: 11, fill: ink('muted') }),
    ];
  }
  return [
    Plot.ruleY(
      axes.map((_, i) => across(i)),
      { x1: from - 8, x2: to + 8, stroke: ink('rule'), strokeWidth: 1.5 },
    ),
    Plot.text(ticks, { y: (tick: Tick) => tickAcross(tick) + 14, x: 'along', ...tickText }),
    Plot.text([...axes], {
      ...{
        y: (_: ParallelAxis, i: number) => across(i) - 16,
        x: 0,
        textAnchor: 'start',
        fontWeight: 600,
        fill: ink('ink'),
        ...halo,
      },
      text: ({ label, unit }: ParallelAxis) => (unit ? `${label}, ${unit}` : label),
    }),
  ];
}

const isEnd = ({ at }: Tick) => at === 0 || at === 1;

/** The ticks of an axis whose texts do not touch, the ends first. */
function thinTicks({ ticks }: ParallelAxis, { isUpright, from, to }: Layout): ParallelAxis['ticks'] {
  const length = Math.abs(to - from);
  const room = (text: string) => (isUpright ? 14 : textWidth(text, 11) + 6);
  const kept: ParallelAxis['ticks'] = [];
  for (const tick of [ticks[0], ticks.at(-1), ...ticks.slice(1, -1)])
    if (tick && kept.every(({ at, text }) => Math.abs(at - tick.at) * length >= (room(text) + room(tick.text)) / 2))
      kept.push(tick);
  return kept;
}

export function parallelChart(
  { axes, front, sample, marked, title, description }: ParallelData,
  width: number,
): string {
  const legend = legendOf(bottlenecksOf(front), 0, width);
  const layout = layoutOf(axes.length, width, legend.height + 6);
  const stroke = ({ design }: { design: DesignRow }) => ink(bottleneckOf(design));
  const attributes = {
    role: 'group',
    'data-upright': String(layout.isUpright),
    'data-across': axes.map((_, i) => Math.round(layout.across(i))).join(' '),
    'data-along': `${layout.from} ${layout.to}`,
  };
  const marks = [
    ...legend.marks,
    lines(sample, axes, layout, { stroke: ink('muted'), strokeOpacity: 0.09 }),
    lines(front, axes, layout, { stroke, strokeOpacity: front.length > 100 ? 0.4 : 0.7, strokeWidth: 1.25 }),
    lines(marked, axes, layout, { stroke: ink('ink'), strokeWidth: 2.5 }),
    ...scaffold(axes, layout),
  ];
  return pixelChart('parallel', { title, description }, width, layout.height, marks, attributes);
}

/** What the chart shows, in words: of each axis, the values of the front. */
export function describeParallel({ axes, front }: Pick<ParallelData, 'axes' | 'front'>): string {
  return axes
    .map(({ label, unit, ticks, isDiscrete, at }) => {
      if (!isDiscrete) return `${label}${unit ? `, ${unit}` : ''}`;
      const counts = ticks.map((tick) => `${tick.text} in ${front.filter((design) => at(design) === tick.at).length}`);
      return `${label}${unit ? `, ${unit}` : ''}: ${counts.join(', ')}`;
    })
    .join('; ');
}
