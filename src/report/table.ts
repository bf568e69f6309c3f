export interface TableColumn {
  heading: string;
  align?: 'left' | 'right';
}

/** The width of text in characters. */
export const TABLE_WIDTH = 100;

/** Whether every line of a text is within the width. */
export function fits(text: string): boolean {
  return text.split('\n').every((line) => line.length <= TABLE_WIDTH);
}

/** Breaks a text into lines of at most `width` characters, between words. */
export function wrap(text: string, width = TABLE_WIDTH): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.join('\n');
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (texts: readonly string[]): string =>
  texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;

/** Lines of a cell's text. */
type Lines = readonly string[];

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** The width of a table in characters, with `gap` characters between columns. */
export function tableWidth(columnWidths: readonly number[], gap: number): number {
  return sum(columnWidths) + gap * Math.max(0, columnWidths.length - 1);
}

/** The widths of columns for the given rows, at least those in `least`. */
export function widthsFor(rows: readonly (readonly string[])[], least: readonly number[]): number[] {
  const widthOf = (text: string) => text.split('\n').reduce((width, line) => Math.max(width, line.length), 0);
  return least.map((width, c) => rows.reduce((widest, row) => Math.max(widest, widthOf(row[c]!)), width));
}

/** The lines of a table with the given widths; columns are closer where space is short. */
export function renderLines(
  columns: readonly TableColumn[],
  widths: readonly number[],
  rows: readonly (readonly string[])[],
): string[] {
  const gap = ' '.repeat(tableWidth(widths, 2) <= TABLE_WIDTH ? 2 : 1);
  const pad = (text: string, c: number) =>
    columns[c]!.align === 'left' ? text.padEnd(widths[c]!) : text.padStart(widths[c]!);
  const renderRow = (row: readonly Lines[]) =>
    Array.from({ length: Math.max(...row.map((lines) => lines.length)) }, (_, i) =>
      row
        .map((lines, c) => pad(lines[i] ?? '', c))
        .join(gap)
        .trimEnd(),
    );
  return rows.flatMap((row) => renderRow(row.map((text) => text.split('\n'))));
}

/** A table of texts under headings, whose columns are as wide as their contents. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const cells = [columns.map(({ heading }) => heading), ...rows];
  const widths = widthsFor(
    cells,
    columns.map(() => 0),
  );
  return renderLines(columns, widths, cells).join('\n');
}
