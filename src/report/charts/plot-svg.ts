/** Charts as SVG text: Observable Plot draws them into a small DOM, here and in Node alone. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { escapeText } from '../page/html.js';
import { variables } from './inks.js';

/** What a chart tells those who do not see it. */
export interface Alternative {
  title: string;
  description: string;
}

export interface PlotSvg extends Alternative {
  options: Plot.PlotOptions;
  /** Attributes of the element for scripts of the page. */
  attributes?: Record<string, string>;
}

export type Mark = Plot.Markish;

/** The typeface of the page and of single charts, and what stands in for it. */
export const TYPEFACE = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';

export const FONT_SIZE = 12;

/** Decimals beyond a tenth of a pixel: none are seen. */
const PRECISE = /(\d+\.\d)\d+/g;

/** What of a document is used here. */
interface Drawing {
  createElementNS(namespace: string, name: string): { textContent: string };
}

/** An element that Plot has made. */
interface Drawn {
  children: Iterable<Drawn>;
  childNodes: Iterable<unknown>;
  textContent: string;
  outerHTML: string;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  querySelector(selector: string): { remove(): void } | null;
  querySelectorAll(selector: string): Iterable<Drawn>;
  prepend(...nodes: unknown[]): void;
  removeAttribute(name: string): void;
}

const SVG = 'http://www.w3.org/2000/svg';
const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: Drawing };

const GEOMETRY = ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'width', 'height'];

function roundGeometry(svg: Drawn): void {
  for (const element of svg.querySelectorAll('*'))
    for (const name of GEOMETRY) {
      const value = element.getAttribute(name);
      if (value !== null && value.includes('.')) element.setAttribute(name, value.replace(PRECISE, '$1'));
    }
}

/** Draws a chart. Its colours are variables, which the page or `inThemeOfPaper` gives values. */
export function plotSvg({ options, title, description, attributes = {} }: PlotSvg): string {
  const svg = Plot.plot({
    ...options,
    document: document as never,
    className: 'chart',
    style: { fontFamily: 'inherit', fontSize: `${FONT_SIZE}px`, overflow: 'visible' },
  }) as unknown as Drawn;
  svg.querySelector('style')?.remove();
  roundGeometry(svg);
  for (const [name, value] of Object.entries({ xmlns: SVG, role: 'img', ...attributes })) svg.setAttribute(name, value);
  const texts = [
    ['title', title],
    ['desc', description],
  ].map(([name, text]) => {
    const element = document.createElementNS(SVG, name!);
    element.textContent = text!;
    return element;
  });
  svg.prepend(...texts);
  // The DOM leaves < and & in attributes as they are: in a file of its own that is no XML.
  return svg.outerHTML.replace('<svg ', () => `<svg aria-label="${escapeText(title)}" `);
}

/** Gives each element that a mark draws the id of its datum. */
export function withIds(ids: readonly number[]): { render: Plot.RenderFunction } {
  return {
    render: (index, scales, values, dimensions, context, next) => {
      const group = next!(index, scales, values, dimensions, context) as unknown as Drawn;
      [...group.children].forEach((element, i) => element.setAttribute('data-id', String(ids[index[i]!])));
      return group as never;
    },
  };
}

/** Gives each line that a mark draws the id of its design; lines are in the order of `ids`. */
export function withLineIds(ids: readonly number[]): { render: Plot.RenderFunction } {
  return {
    render: (index, scales, values, dimensions, context, next) => {
      const group = next!(index, scales, values, dimensions, context) as unknown as Drawn;
      [...group.children].forEach((element, i) => element.setAttribute('data-id', String(ids[i])));
      return group as never;
    },
  };
}

/** A chart as a file of its own: light, its colours and typeface spelt out, on white. */
export function inThemeOfPaper(svg: string): string {
  const colours = new Map([...variables('light'), ['surface', '#ffffff']] as [string, string][]);
  // In tags, and there whole values alone: what names hold stays as it is.
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag
      .replace(/="var\(--([\w-]+)\)"/g, (_, name: string) => `="${colours.get(name) ?? 'none'}"`)
      .replaceAll('="currentColor"', `="${colours.get('ink')!}"`)
      .replace('style="font-family:inherit', `style="font-family:${TYPEFACE.replaceAll('"', "'")}`),
  );
}

/** Advances of the typeface, in parts of its size, for characters that are far from the mean. */
const ADVANCES: [RegExp, number][] = [
  [/[iljI.,:;'|! ]/, 0.28],
  [/[ftr()/-]/, 0.39],
  [/[mwMW%@]/, 0.88],
  [/[A-Z]/, 0.7],
];
const MEAN_ADVANCE = 0.615;

/** About how wide a text is; a little more than less. */
export function textWidth(text: string, size = FONT_SIZE): number {
  let width = 0;
  for (const character of text) width += ADVANCES.find(([kind]) => kind.test(character))?.[1] ?? MEAN_ADVANCE;
  return width * size;
}
