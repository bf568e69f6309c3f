/** SVG as text: elements whose coordinates are pixels from the top left of a chart. */
import { escapeText } from '../page/html.js';
import { ink, variables } from './inks.js';
import { FONT_SIZE } from './text-width.js';

export type Attributes = Readonly<Record<string, string | number>>;

/** The text alternative of a chart. */
export interface Alternative {
  title: string;
  description: string;
}

interface Point {
  x: number;
  y: number;
}

/** The typeface of the page and of single charts, with its fallbacks. */
const TYPEFACE = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif";

const showValue = (value: string | number) =>
  typeof value === 'number' ? String(Number(value.toFixed(2))) : escapeText(value);

/** An element. `content` is SVG: escape text first. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const shown = Object.entries(attributes).map(([key, value]) => ` ${key}="${showValue(value)}"`);
  return `<${name}${shown.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`;
}

/** Elements that share attributes. */
export const group = (attributes: Attributes, members: readonly string[]): string =>
  members.length === 0 ? '' : element('g', attributes, members.join(''));

export const line = (x1: number, y1: number, x2: number, y2: number): string => element('line', { x1, y1, x2, y2 });

export const rect = (x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string =>
  element('rect', { x: x1, y: y1, width: x2 - x1, height: y2 - y1, ...attributes });

/** A line of text, centred on `y`. */
export const text = (x: number, y: number, content: string, attributes: Attributes = {}): string =>
  content === '' ? '' : element('text', { x, y, dy: '0.32em', ...attributes }, escapeText(content));

/** Path data of straight lines, to a tenth of a pixel; a point that is not finite interrupts them. */
export function pathThrough(points: readonly Point[]): string {
  const isShown = (point?: Point) => point !== undefined && Number.isFinite(point.x + point.y);
  const steps = points.map((point, i) => {
    if (!isShown(point)) return '';
    return `${isShown(points[i - 1]) ? 'L' : 'M'}${Number(point.x.toFixed(1))},${Number(point.y.toFixed(1))}`;
  });
  return steps.join('');
}

/** Digits of equal width. */
export const TABULAR = { 'font-variant': 'tabular-nums' } as const;

/** An outline in the colour of the surface, which keeps text readable over marks. */
export const halo = (width: number): Attributes => ({
  ...{ stroke: ink('surface'), 'stroke-width': width },
  ...{ 'stroke-linejoin': 'round', 'paint-order': 'stroke' },
});

/** A chart. Its colours are variables, to which the page or `inThemeOfPaper` gives values. */
export function chartSvg(
  kind: string,
  { title, description }: Alternative,
  width: number,
  height: number,
  marks: readonly string[],
  attributes: Attributes = {},
): string {
  const root = {
    ...{ 'aria-label': title, xmlns: 'http://www.w3.org/2000/svg', class: 'chart', role: 'img', 'data-chart': kind },
    ...{ width, height, viewBox: `0 0 ${width} ${height}` },
    style: `font-family:inherit;font-size:${FONT_SIZE}px;overflow:visible`,
  };
  const alternative = [
    element('title', {}, escapeText(title)),
    description === '' ? '' : element('desc', {}, escapeText(description)),
  ];
  return element('svg', { ...root, ...attributes }, [...alternative, ...marks].join(''));
}

/** A chart as a file of its own: in the light theme, on white, with its colours and typeface spelt out. */
export function inThemeOfPaper(svg: string): string {
  const colours = new Map([...variables('light'), ['surface', '#ffffff']] as [string, string][]);
  // Whole attribute values alone: text that looks like one stays as it is.
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag
      .replace(/="var\(--([\w-]+)\)"/g, (_, name: string) => `="${colours.get(name)!}"`)
      .replace('style="font-family:inherit', `style="font-family:${TYPEFACE}`),
  );
}
