import { showNumber } from '../model/units.js';
import type { Rows, SqlValue } from './rows.js';
import { renderLines, TABLE_WIDTH, tableWidth, widthsFor, type TableColumn } from './table.js';

/** The rows that are laid out at a time. */
const ROWS_AT_ONCE = 1000;

function showCell(cell: SqlValue): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'number') return Number.isInteger(cell) ? String(cell) : showNumber(cell);
  return typeof cell === 'string' ? cell : showBlob(cell);
}

const showBlob = (bytes: Uint8Array) => `<${bytes.byteLength} bytes>`;

/** Rows in parts; no rows are one empty part. */
function* parts(rows: Rows): Generator<(readonly SqlValue[])[]> {
  let [part, isFirst] = [[] as (readonly SqlValue[])[], true];
  for (const row of rows) {
    if (part.push(row) < ROWS_AT_ONCE) continue;
    yield part;
    [part, isFirst] = [[], false];
  }
  if (isFirst || part.length > 0) yield part;
}

const withEnds = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Rows with one field a line, separated by blank lines. */
function fieldByField(columns: readonly string[], rows: readonly (readonly SqlValue[])[]): string {
  const nameWidth = Math.max(...columns.map((name) => name.length));
  const block = (row: readonly SqlValue[]) =>
    row.map((cell, c) => `${columns[c]!.padEnd(nameWidth)}  ${showCell(cell)}`);
  return rows.map((row) => withEnds(block(row))).join('\n');
}

/**
 * Rows of a query as a table, in pieces of many rows, or with one field a line if the table is too wide. The first part of the
 * rows determines which, and the widths of columns; a column grows if a later part needs it.
 */
export function* tablePieces(columns: readonly string[], rows: Rows): Generator<string> {
  const rest = parts(rows);
  const first = rest.next().value as (readonly SqlValue[])[];
  const isNumeric = columns.map((_, c) => first.some((row) => typeof row[c] === 'number'));
  const layout = columns.map((heading, c): TableColumn => ({ heading, align: isNumeric[c] ? 'right' : 'left' }));
  let texts = [[...columns], ...first.map((row) => row.map(showCell))];
  let widths = widthsFor(
    texts,
    columns.map(() => 0),
  );
  if (tableWidth(widths, 2) > TABLE_WIDTH) {
    yield first.length === 0 ? withEnds(columns) : fieldByField(columns, first);
    for (const part of rest) yield `\n${fieldByField(columns, part)}`;
    return;
  }
  yield withEnds(renderLines(layout, widths, texts));
  for (const part of rest) {
    texts = part.map((row) => row.map(showCell));
    widths = widthsFor(texts, widths);
    yield withEnds(renderLines(layout, widths, texts));
  }
}
