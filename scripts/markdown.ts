/** Tables of Markdown, laid out as prettier does it, so that what is generated is formatted. */

export interface MarkdownColumn {
  heading: string;
  align?: 'left' | 'right';
}

/** A table of these columns; in cells, `|` is escaped. */
export function alignedTable(columns: readonly MarkdownColumn[], rows: readonly (readonly string[])[]): string {
  const texts = [columns.map(({ heading }) => heading), ...rows].map((row) => row.map(escaped));
  const widths = columns.map((_, c) => Math.max(3, ...texts.map((row) => row[c]!.length)));
  const isRight = (c: number) => columns[c]!.align === 'right';
  const pad = (text: string, c: number) => (isRight(c) ? text.padStart(widths[c]!) : text.padEnd(widths[c]!));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = widths.map((width, c) => (isRight(c) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(texts[0]!.map(pad)), line(rule), ...texts.slice(1).map((row) => line(row.map(pad)))].join('\n');
}

const escaped = (text: string) => text.replaceAll('|', '\\|');

/** A table whose first column is text, the others figures. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return alignedTable(
    headings.map((heading, c) => ({ heading, align: c === 0 ? 'left' : 'right' })),
    rows,
  );
}

export const percent = (fraction: number, digits = 1): string => `${(100 * fraction).toFixed(digits)}%`;
