/** Batches of rows of a few columns of every kind, and what SQLite is to make of them. */
import fc from 'fast-check';
import { cellOf, makeBatch, type Batch, type Column } from '../../src/space/columns.js';

const LONG = 'x'.repeat(300);

export const COLUMNS: Column[] = [
  { name: 'id', meaning: '', unit: '', type: 'int', source: { from: 'id' } },
  { name: 'x', meaning: '', unit: '', type: 'real', source: { from: 'row' } },
  { name: 't', meaning: '', unit: '', type: 'text', dictionary: ['é€', '', LONG], source: { from: 'row' } },
  { name: 'y', meaning: '', unit: '', type: 'real', source: { from: 'row' } },
];

/** Their table: with a column that follows from the id. */
export const TABLE = 'CREATE TABLE points ("id" INTEGER PRIMARY KEY, "x" REAL, d REAL AS (id * 2), "t" TEXT, "y" REAL)';

/** What `meant` is, as it is read. */
export const SELECT = 'SELECT id, x, t, y, d FROM points ORDER BY id';

export type Cells = readonly [id: number, x: number, t: number, y: number];

export function batchOf(rows: readonly Cells[]): Batch {
  const batch = makeBatch(COLUMNS, rows.length);
  batch.rows = rows.length;
  rows.forEach((cells, row) => cells.forEach((cell, c) => (batch.columns[c]![row] = cell)));
  return batch;
}

/** What was meant, straight from the batches. */
export const meant = (rows: readonly Cells[]) => {
  const batch = batchOf(rows);
  return rows.map((cells, row) => [
    ...COLUMNS.map((column, c) => cellOf(column, batch.columns[c]!, row)),
    2 * cells[0],
  ]);
};

const number = fc.oneof(
  fc.constantFrom(0, 1, -1, Number.NaN, 1e-300, 0.5),
  fc.double().map((x) => x + 0),
);
const cells = fc.tuple(fc.integer({ min: 0, max: 2 ** 51 }), number, fc.integer({ min: -1, max: 2 }), number);
const ascending = (rows: Cells[]) =>
  [...new Map(rows.map((row) => [row[0], row])).values()].sort((a, b) => a[0] - b[0]);

/** Rows, at least one, ids ascending. */
export const someRows = fc.array(cells, { minLength: 1, maxLength: 80 }).map(ascending);

/** So many rows, the first ones with the id `from`. */
export const manyRows = (count: number, from = 0): Cells[] =>
  Array.from({ length: count }, (_, i): Cells => [from + i, i % 3, (i % 4) - 1, Math.sqrt(i)]);
