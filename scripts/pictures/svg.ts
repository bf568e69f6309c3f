/** What pictures are drawn with: SVG as text, on a background of its own, so that it reads on light and dark pages. */

export const WIDTH = 860;

/** Colours that people of any colour vision tell apart (Okabe and Ito, 2008), and greys; text is dark on all but the first. */
export const COLORS = {
  blue: '#0072b2',
  orange: '#e69f00',
  green: '#009e73',
  red: '#d55e00',
  sky: '#a6d8f2',
  sand: '#f6dfa8',
  mint: '#a8dccb',
  ink: '#1b1f24',
  grey: '#57606a',
  light: '#d0d7de',
  pale: '#f3f5f7',
} as const;

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

type Attributes = Record<string, string | number>;

/** A coordinate with a tenth of a pixel: files do not change with the last bits of a sum. */
const shown = (value: string | number) => (typeof value === 'number' ? Number(value.toFixed(1)) : value);

const attributes = (values: Attributes) =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${shown(value)}"`)
    .join('');

export const rect = (x: number, y: number, width: number, height: number, fill: string, more: Attributes = {}) =>
  `<rect${attributes({ x, y, width, height, fill, ...more })}/>`;

export const line = (x1: number, y1: number, x2: number, y2: number, more: Attributes = {}) =>
  `<line${attributes({ x1, y1, x2, y2, stroke: COLORS.grey, ...more })}/>`;

export const path = (points: readonly (readonly [number, number])[], more: Attributes = {}) => {
  const steps = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${shown(x)} ${shown(y)}`);
  return `<path${attributes({ d: steps.join(''), fill: 'none', stroke: COLORS.blue, 'stroke-width': 2, ...more })}/>`;
};

interface TextStyle {
  anchor?: 'start' | 'middle' | 'end';
  size?: number;
  bold?: boolean;
  fill?: string;
  /** Degrees. */
  turn?: number;
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { anchor = 'start', size = 14, bold = false, fill = COLORS.ink, turn } = style;
  return `<text${attributes({
    ...{ x, y, fill, 'font-size': size, 'text-anchor': anchor },
    ...(bold ? { 'font-weight': 600 } : {}),
    ...(turn === undefined ? {} : { transform: `rotate(${turn} ${shown(x)} ${shown(y)})` }),
  })}>${escape(content)}</text>`;
}

/** An arrow from left to right, or down. */
export function arrow(x1: number, y1: number, x2: number, y2: number, color: string = COLORS.grey): string {
  return line(x1, y1, x2, y2, { stroke: color, 'stroke-width': 1.5, 'marker-end': 'url(#tip)' });
}

export interface Picture {
  /** What it shows, for those who do not see it. */
  alt: string;
  svg: string;
}

/** A picture of this height; the title is for screen readers, the page has its own. */
export function picture(height: number, alt: string, parts: readonly string[]): Picture {
  const head = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif">`,
    `<title>${escape(alt)}</title>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="${COLORS.grey}"/></marker></defs>`,
    rect(0.5, 0.5, WIDTH - 1, height - 1, '#ffffff', { rx: 8, stroke: COLORS.light }),
  ];
  return { alt, svg: `${[...head, ...parts, '</svg>'].join('\n')}\n` };
}

/** A scale from figures to pixels, linear or logarithmic. */
export function scale(from: number, to: number, start: number, end: number, isLog = false): (value: number) => number {
  const at = isLog ? Math.log : (value: number) => value;
  return (value) => start + ((at(value) - at(from)) / (at(to) - at(from))) * (end - start);
}
