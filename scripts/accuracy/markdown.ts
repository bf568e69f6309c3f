/** A Markdown table; the first column is text, the others figures. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = headings.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}

export const percent = (fraction: number, digits = 1): string => `${(100 * fraction).toFixed(digits)}%`;
