/** Rows of a study as CSV and NDJSON. Texts come out of a column's dictionary, so that each is written as its format wants it once. */
import { stringify } from 'csv-stringify/sync';
import type { Batch, Column } from '../../space/columns.js';
import type { TextFormat } from './text-file.js';

type ShowCell = (values: Float64Array | Int32Array, row: number) => string;

function cellShower(column: Column, show: (cell: string | number) => string, missing: string): ShowCell {
  if (column.type !== 'text') return (values, row) => (Number.isNaN(values[row]!) ? missing : show(values[row]!));
  const texts = column.dictionary.map(show);
  return (values, row) => texts[values[row]!] ?? missing;
}

/** Rows that are made into one text: it is held as a whole. */
const TEXT_ROWS = 1024;

/** One line a row: what stands before each cell, the cells, and what ends the line. */
function* linesOf(
  { rows, columns }: Batch,
  before: readonly string[],
  cells: readonly ShowCell[],
  end: string,
): Generator<string> {
  for (let from = 0; from < rows; from += TEXT_ROWS) {
    let lines = '';
    for (let row = from; row < Math.min(from + TEXT_ROWS, rows); row++) {
      for (let c = 0; c < cells.length; c++) lines += before[c]! + cells[c]!(columns[c]!, row);
      lines += end;
    }
    yield lines;
  }
}

/** A cell with quotes where it needs them. */
const csvCell = (cell: string | number) =>
  typeof cell === 'number' ? String(cell) : stringify([[cell]], { record_delimiter: '\n', eof: false });

/** RFC 4180 with a header, lines ending in a line feed; NULL is an empty field. Numbers are the shortest that read back as they were. */
export function csvFormat(columns: readonly Column[]): TextFormat {
  const before = columns.map((_, c) => (c === 0 ? '' : ','));
  const cells = columns.map((column) => cellShower(column, csvCell, ''));
  return {
    header: stringify([columns.map(({ name }) => name)]),
    lines: (batch) => linesOf(batch, before, cells, '\n'),
  };
}

/** One JSON object a line, every column in each. */
export function ndjsonFormat(columns: readonly Column[]): TextFormat {
  const before = columns.map(({ name }, c) => `${c === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const cells = columns.map((column) => cellShower(column, (cell) => JSON.stringify(cell), 'null'));
  return { header: '', lines: (batch) => linesOf(batch, before, cells, '}\n') };
}

/** A table of the columns in CSV: name, unit, meaning. What CSV and NDJSON have no place for. */
export function unitsTable(columns: readonly Column[]): string {
  const rows = columns.map(({ name, unit, meaning }) => [name, unit, meaning]);
  return stringify([['column', 'unit', 'meaning'], ...rows]);
}
