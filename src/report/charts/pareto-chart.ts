/** Time against cost: the front before a sample of all designs, what binds each, and the marked designs by name. */
import * as Plot from '@observablehq/plot';
import type { Objective } from '../../space/study.js';
import { counted, showNumber } from '../../model/units.js';
import { bottleneckOf, bottlenecksOf } from './design-row.js';
import { figureOf, type DesignRow, type Marked } from '../../study/report-data/design-row.js';
import { ink, SYMBOLS } from './inks.js';
import { legendOf } from './legend.js';
import { placeLabels } from './place-labels.js';
import { plotSvg, withIds, type Mark } from './plot-svg.js';
import { metricHeading } from './quantities.js';
import { metricName } from '../../study/report-data/metric-names.js';
import { scaleOf } from './scale.js';

export interface ParetoData {
  x: Objective;
  y: Objective;
  /** Whether the two are all the objectives: the front is a staircase then. */
  isStaircase: boolean;
  front: readonly DesignRow[];
  sample: readonly DesignRow[];
  marked: readonly Marked[];
  title: string;
  description: string;
}

const MARGIN = { left: 52, right: 18, bottom: 44 };
/** Above the frame: the name of the upward axis. */
const HEADING = 26;

/** So many designs behind the front can stand out a little more. */
const FEW = 100;

/** Where each design is drawn, in pixels. */
function placer(data: ParetoData, width: number, height: number, top: number) {
  const all = [...data.front, ...data.sample, ...data.marked.map(({ design }) => design)];
  const figures = (metric: string) => all.map((design) => figureOf(design, metric)).filter(Number.isFinite);
  const x = scaleOf(figures(data.x.metric), width > 500 ? 9 : 5);
  const y = scaleOf(figures(data.y.metric), 9);
  const frame = { left: MARGIN.left, right: width - MARGIN.right, top, bottom: height - MARGIN.bottom };
  const toX = (value: number) => frame.left + x.at(value) * (frame.right - frame.left);
  const toY = (value: number) => frame.bottom - y.at(value) * (frame.bottom - frame.top);
  const place = (design: DesignRow) => ({
    x: toX(figureOf(design, data.x.metric)),
    y: toY(figureOf(design, data.y.metric)),
  });
  return { x, y, frame, toX, toY, place };
}

type Placer = ReturnType<typeof placer>;

function axes(data: ParetoData, { x, y, frame, toX, toY }: Placer): Mark[] {
  const isLog = (scale: { type: string }) => (scale.type === 'log' ? ' (log scale)' : '');
  const tick = { fill: ink('muted'), fontVariant: 'tabular-nums' } as const;
  return [
    Plot.ruleY(y.ticks.map(toY), { x1: frame.left, x2: frame.right, stroke: ink('grid') }),
    Plot.ruleX(x.ticks.map(toX), { y1: frame.top, y2: frame.bottom, stroke: ink('grid') }),
    Plot.text(y.ticks, { x: frame.left - 8, y: (t: number) => toY(t), text: showNumber, textAnchor: 'end', ...tick }),
    Plot.text(x.ticks, { x: (t: number) => toX(t), y: frame.bottom + 14, text: showNumber, ...tick }),
    Plot.text([`${metricHeading(data.y.metric)}${isLog(y)}`], {
      ...{ x: 0, y: frame.top - HEADING / 2 - 1, textAnchor: 'start', fontWeight: 600, fill: ink('ink') },
    }),
    Plot.text([`${metricHeading(data.x.metric)}${isLog(x)}`], {
      ...{ x: frame.right, y: frame.bottom + 34, textAnchor: 'end', fontWeight: 600, fill: ink('ink') },
    }),
  ];
}

/** Designs as shapes of their bottlenecks. */
function dots(designs: readonly DesignRow[], { place }: Placer, options: Plot.DotOptions): Mark {
  return Plot.dot([...designs], {
    x: (design: DesignRow) => place(design).x,
    y: (design: DesignRow) => place(design).y,
    symbol: (design: DesignRow) => bottleneckOf(design),
    fill: (design: DesignRow) => ink(bottleneckOf(design)),
    ...withIds(designs.map(({ id }) => id)),
    ...options,
  });
}

/** The front as a staircase: beyond it no design lies. */
function staircase({ front, x }: ParetoData, { place }: Placer): Mark {
  const points = front.map(place).sort((a, b) => a.x - b.x);
  return Plot.line(points, {
    ...{ x: 'x', y: 'y', stroke: ink('muted'), strokeWidth: 1.25 },
    curve: x.goal === 'minimize' ? 'step-after' : 'step-before',
  });
}

/** Rings and names of the marked designs. */
function markings({ marked, front }: ParetoData, { place, frame }: Placer): Mark[] {
  const labels = marked.map(({ design, names }) => ({ ...place(design), text: names.join(', ') }));
  const placed = placeLabels(labels, [...front.map(place), ...labels], frame);
  return [
    Plot.dot(labels, { x: 'x', y: 'y', r: 8, stroke: ink('ink'), strokeWidth: 1.5 }),
    ...placed.map(({ x, y, text, anchor, dx, dy }) =>
      Plot.text([text], {
        ...{ x: x + dx, y: y + dy, textAnchor: anchor, fontWeight: 600 },
        ...{ fill: ink('ink'), stroke: ink('surface'), strokeWidth: 4 },
      }),
    ),
  ];
}

/** @param width pixels */
export function paretoChart(data: ParetoData, width: number): string {
  const { front, sample, marked } = data;
  const height = width > 500 ? 540 : 460;
  const shown = bottlenecksOf([...front, ...sample, ...marked.map(({ design }) => design)]);
  const legend = legendOf(shown, 0, width);
  const at = placer(data, width, height, legend.height + HEADING);
  const many = front.length > 120;
  return plotSvg({
    title: data.title,
    description: data.description,
    attributes: { 'data-chart': 'pareto', 'data-frame': Object.values(at.frame).map(Math.round).join(' ') },
    options: {
      ...{ width, height, margin: 0 },
      x: { axis: null, type: 'linear', domain: [0, width], range: [0, width] },
      y: { axis: null, type: 'linear', domain: [0, height], range: [0, height] },
      color: { type: 'identity' },
      symbol: { domain: shown, range: shown.map((name) => SYMBOLS[name]) },
      marks: [
        ...legend.marks,
        ...axes(data, at),
        dots(sample, at, sample.length > FEW ? { r: 2.2, fillOpacity: 0.3 } : { r: 3, fillOpacity: 0.5 }),
        ...(data.isStaircase ? [staircase(data, at)] : []),
        dots(front, at, { r: many ? 3 : 4, stroke: ink('surface'), strokeWidth: 0.6 }),
        ...(marked.some(({ design }) => !front.includes(design))
          ? [
              dots(
                marked.map(({ design }) => design).filter((design) => !front.includes(design)),
                at,
                { r: 4 },
              ),
            ]
          : []),
        ...markings(data, at),
      ],
    },
  });
}

/** What the chart shows, in words. */
export function describePareto(data: Omit<ParetoData, 'title' | 'description'>): string {
  const { x, y, front, sample, marked } = data;
  const range = (metric: string) => {
    const values = front.map((design) => figureOf(design, metric));
    return `${showNumber(Math.min(...values))} to ${showNumber(Math.max(...values))}`;
  };
  const names = marked.map(
    ({ design, names: called }) =>
      `${called.join(', ')}: ${metricName(y.metric)} ${showNumber(figureOf(design, y.metric))}, ${metricName(x.metric)} ${showNumber(figureOf(design, x.metric))}, bound by ${bottleneckOf(design)}`,
  );
  return [
    `${counted(front.length, 'design')} of the front, ${metricHeading(y.metric)} ${range(y.metric)} over ${metricHeading(x.metric)} ${range(x.metric)}`,
    `${counted(sample.length, 'other')} behind`,
    ...names,
  ].join('; ');
}
