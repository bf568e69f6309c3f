import { showNumber } from '../model/units.js';
import type { SqlValue } from './rows.js';
import { renderTable, TABLE_WIDTH, tableWidth } from './table.js';

function showCell(cell: SqlValue): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number') return Number.isInteger(cell) ? String(cell) : showNumber(cell);
  return typeof cell === 'string' ? cell : showBlob(cell);
}

const showBlob = (bytes: Uint8Array) => `<${bytes.byteLength} bytes>`;

/** Rows of a query as a table; one field a line where a table would be too wide. */
export function renderRows(columns: readonly string[], rows: readonly (readonly SqlValue[])[]): string {
  const texts = rows.map((row) => row.map(showCell));
  const isNumeric = columns.map((_, c) => rows.some((row) => typeof row[c] === 'number'));
  const widths = columns.map((name, c) => texts.reduce((width, row) => Math.max(width, row[c]!.length), name.length));
  if (tableWidth(widths, 2) <= TABLE_WIDTH)
    return renderTable(
      columns.map((heading, c) => ({ heading, align: isNumeric[c] ? 'right' : 'left' })),
      texts,
    );
  if (texts.length === 0) return columns.join('\n');
  const nameWidth = Math.max(...columns.map((name) => name.length));
  return texts.map((row) => row.map((text, c) => `${columns[c]!.padEnd(nameWidth)}  ${text}`).join('\n')).join('\n\n');
}
