/** Charts of rows: a line of text above a track. */
import { ink } from './inks.js';
import { group, TABULAR, text } from './svg.js';
import { textWidth } from './text-width.js';

export interface Row {
  title: string;
  /** After the title, less prominent. */
  subtitle?: string;
  /** At the right edge, the most important first. */
  notes: readonly string[];
}

/** Pixels of a row: its text, its track, and the room below. */
export const TEXT = 22;
export const TRACK = 16;
const ROOM = 14;
export const ROW = TEXT + TRACK + ROOM;

/** The upper edge of a row's track. */
export const trackTop = (row: number, top = 0): number => top + row * ROW + TEXT;

/** Space between a title and its subtitle. */
const AFTER_TITLE = 8;

const widthOfTitle = (title: string) => textWidth(title, 12.6);

/** The first notes of a row, as many as fit beside its title. */
export function noteThatFits({ title, notes }: Row, width: number): string {
  for (let shown = notes.length; shown > 0; shown--) {
    const note = notes.slice(0, shown).join('  ·  ');
    if (widthOfTitle(title) + AFTER_TITLE + textWidth(note) < width) return note;
  }
  return '';
}

/** The lines of text of rows. Where room is short, subtitles are left out first, then the last notes. */
export function rowTexts(rows: readonly Row[], width: number, top = 0): string[] {
  const y = (i: number) => top + i * ROW + TEXT / 2;
  const fits = (row: Row) =>
    textWidth(`${row.title}${row.subtitle ?? ''}${noteThatFits(row, width)}`) + 3 * AFTER_TITLE < width;
  return [
    group(
      { 'font-weight': 600, fill: ink('ink') },
      rows.map(({ title }, i) => text(0, y(i), title)),
    ),
    group(
      { fill: ink('muted') },
      rows.map((row, i) => text(widthOfTitle(row.title) + AFTER_TITLE, y(i), fits(row) ? (row.subtitle ?? '') : '')),
    ),
    group(
      { fill: ink('muted'), 'text-anchor': 'end', ...TABULAR },
      rows.map((row, i) => text(width, y(i), noteThatFits(row, width))),
    ),
  ];
}
