/** Charts of rows: a line of text above a track, in pixels from the top left. */
import * as Plot from '@observablehq/plot';
import { ink } from './inks.js';
import { plotSvg, textWidth, type Alternative, type Mark } from './plot-svg.js';

export interface Row {
  title: string;
  /** Behind the title, of less weight. */
  subtitle?: string;
  /** At the right edge, what matters most first. */
  notes: readonly string[];
}

/** Pixels of a row: its text, its track, and the room below. */
export const TEXT = 22;
export const TRACK = 16;
const ROOM = 14;
export const ROW = TEXT + TRACK + ROOM;

/** The upper edge of a row's track. */
export const trackTop = (row: number, top = 0): number => top + row * ROW + TEXT;

/** Space between a title and what is behind it. */
const AFTER_TITLE = 8;

const widthOfTitle = (title: string) => textWidth(title, 12.6);

/** As much of a row's notes as fits beside its title. */
export function noteThatFits({ title, notes }: Row, width: number): string {
  for (let shown = notes.length; shown > 0; shown--) {
    const note = notes.slice(0, shown).join('  ·  ');
    if (widthOfTitle(title) + AFTER_TITLE + textWidth(note) < width) return note;
  }
  return '';
}

/** The text lines of some rows. What does not fit goes: first what is behind the titles, then the last notes. */
export function rowTexts(rows: readonly Row[], width: number, top = 0): Mark[] {
  const y = (_: Row, i: number) => top + i * ROW + TEXT / 2;
  const fits = (row: Row) =>
    textWidth(`${row.title}${row.subtitle ?? ''}${noteThatFits(row, width)}`) + 3 * AFTER_TITLE < width;
  return [
    Plot.text([...rows], { x: 0, y, text: 'title', textAnchor: 'start', fontWeight: 600, fill: ink('ink') }),
    Plot.text([...rows], {
      x: ({ title }: Row) => widthOfTitle(title) + AFTER_TITLE,
      y,
      text: (row: Row) => (fits(row) ? (row.subtitle ?? '') : ''),
      ...{ textAnchor: 'start', fill: ink('muted') },
    }),
    Plot.text([...rows], {
      ...{
        x: width,
        y,
        text: (row: Row) => noteThatFits(row, width),
        textAnchor: 'end',
        fill: ink('muted'),
        fontVariant: 'tabular-nums',
      },
    }),
  ];
}

/** A chart whose scales are pixels from the top left. */
export function pixelChart(
  kind: string,
  alternative: Alternative,
  width: number,
  height: number,
  marks: Mark[],
  attributes: Record<string, string> = {},
): string {
  return plotSvg({
    ...alternative,
    attributes: { 'data-chart': kind, ...attributes },
    options: {
      ...{ width, height, margin: 0, marks },
      x: { axis: null, type: 'linear', domain: [0, width], range: [0, width] },
      y: { axis: null, type: 'linear', domain: [0, height], range: [0, height] },
      color: { type: 'identity' },
      symbol: { type: 'identity' } as unknown as Plot.ScaleOptions,
    },
  });
}
