/** The front over two objectives: its designs and a sample of the others by their bottlenecks, and the names of the marked designs. */
import type { Objective } from '../../space/study.js';
import { counted, showNumber } from '../../model/units.js';
import { bottleneckOf, bottlenecksOf } from './design-row.js';
import { figureOf, type DesignRow, type Marked } from '../../study/report-data/design-row.js';
import { ink } from './inks.js';
import { bottleneckLegend } from './legend.js';
import { placeLabels } from './place-labels.js';
import { metricHeading } from './quantities.js';
import { metricName } from '../../study/report-data/metric-names.js';
import { scaleOf, type Scale } from './scale.js';
import { shapePath } from './shapes.js';
import { chartSvg, element, group, halo, line, pathThrough, TABULAR, text, type Attributes } from './svg.js';

export interface ParetoData {
  x: Objective;
  y: Objective;
  /** Whether these are all the objectives, so that the front is a staircase. */
  isStaircase: boolean;
  front: readonly DesignRow[];
  sample: readonly DesignRow[];
  marked: readonly Marked[];
  title: string;
  description: string;
}

const MARGIN = { left: 52, right: 18, bottom: 44 };
/** Room above the frame for the name of the y axis. */
const HEADING = 26;

/** A sample of at most this size is drawn larger. */
const FEW = 100;

/** The scales, and the place of each design in pixels. */
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

function axes(data: ParetoData, { x, y, frame, toX, toY }: Placer): string[] {
  const { left, right, top, bottom } = frame;
  const heading = ({ metric }: Objective, { type }: Scale) =>
    `${metricHeading(metric)}${type === 'log' ? ' (log scale)' : ''}`;
  const [labels, titles] = [
    { fill: ink('muted'), ...TABULAR },
    { 'font-weight': 600, fill: ink('ink') },
  ];
  return [
    group({ stroke: ink('grid') }, [
      ...y.ticks.map((tick) => line(left, toY(tick), right, toY(tick))),
      ...x.ticks.map((tick) => line(toX(tick), top, toX(tick), bottom)),
    ]),
    group(
      { 'text-anchor': 'end', ...labels },
      y.ticks.map((tick) => text(left - 8, toY(tick), showNumber(tick))),
    ),
    group(
      { 'text-anchor': 'middle', ...labels },
      x.ticks.map((tick) => text(toX(tick), bottom + 14, showNumber(tick))),
    ),
    text(0, top - HEADING / 2 - 1, heading(data.y, y), titles),
    text(right, bottom + 34, heading(data.x, x), { 'text-anchor': 'end', ...titles }),
  ];
}

/** Designs as shapes of their bottlenecks, with the area of circles of radius `r`. */
const dots = (designs: readonly DesignRow[], { place }: Placer, r: number, attributes: Attributes = {}): string =>
  group(
    attributes,
    designs.map((design) => {
      const [{ x, y }, name] = [place(design), bottleneckOf(design)];
      const transform = `translate(${x.toFixed(1)},${y.toFixed(1)})`;
      return element('path', { d: shapePath(name, r), transform, fill: ink(name), 'data-id': design.id });
    }),
  );

/** The front as a staircase: no design lies beyond it. */
function staircase({ front, x }: ParetoData, { place }: Placer): string {
  const points = front.map(place).sort((a, b) => a.x - b.x);
  const steps = points.flatMap((point, i) => {
    const before = points[i - 1];
    if (!before) return [point];
    return [x.goal === 'minimize' ? { x: point.x, y: before.y } : { x: before.x, y: point.y }, point];
  });
  return element('path', { d: pathThrough(steps), fill: 'none', stroke: ink('muted'), 'stroke-width': 1.25 });
}

/** Rings and names of the marked designs. */
function markings({ marked, front }: ParetoData, { place, frame }: Placer): string[] {
  const labels = marked.map(({ design, names }) => ({ ...place(design), text: names.join(', ') }));
  const placed = placeLabels(labels, [...front.map(place), ...labels], frame);
  return [
    group(
      { fill: 'none', stroke: ink('ink'), 'stroke-width': 1.5 },
      labels.map(({ x, y }) => element('circle', { cx: x, cy: y, r: 8 })),
    ),
    group(
      { 'font-weight': 600, fill: ink('ink'), ...halo(4) },
      placed.map((label) => text(label.x + label.dx, label.y + label.dy, label.text, { 'text-anchor': label.anchor })),
    ),
  ];
}

/** @param width pixels */
export function paretoChart(data: ParetoData, width: number): string {
  const { front, sample, marked } = data;
  const height = width > 500 ? 540 : 460;
  const named = marked.map(({ design }) => design);
  const legend = bottleneckLegend(bottlenecksOf([...front, ...sample, ...named]), width);
  const at = placer(data, width, height, legend.height + HEADING);
  const isFew = sample.length <= FEW;
  return chartSvg('pareto', data, width, height, [
    ...legend.marks,
    ...axes(data, at),
    dots(sample, at, isFew ? 3 : 2.2, { 'fill-opacity': isFew ? 0.5 : 0.3 }),
    data.isStaircase ? staircase(data, at) : '',
    dots(front, at, front.length > 120 ? 3 : 4, { stroke: ink('surface'), 'stroke-width': 0.6 }),
    dots(
      named.filter((design) => !front.includes(design)),
      at,
      4,
    ),
    ...markings(data, at),
  ]);
}

/** The chart in words. */
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
