import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { PAGE_BYTES, RowPageEncoder, varint } from '../../src/pages/row-pages.js';
import { cellOf, makeBatch, type Batch, type Column } from '../../src/space/columns.js';
import { RowTransfer } from '../../src/store/row-transfer.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

const LONG = 'x'.repeat(300);
const COLUMNS: Column[] = [
  { name: 'id', meaning: '', unit: '', type: 'int', source: { from: 'id' } },
  { name: 'x', meaning: '', unit: '', type: 'real', source: { from: 'row' } },
  { name: 't', meaning: '', unit: '', type: 'text', dictionary: ['é€', '', LONG], source: { from: 'row' } },
  { name: 'y', meaning: '', unit: '', type: 'real', source: { from: 'row' } },
];
const TABLE = 'CREATE TABLE points ("id" INTEGER PRIMARY KEY, "x" REAL, d REAL AS (id * 2), "t" TEXT, "y" REAL)';

type Cells = readonly [id: number, x: number, t: number, y: number];

function batchOf(rows: readonly Cells[]): Batch {
  const batch = makeBatch(COLUMNS, rows.length);
  batch.rows = rows.length;
  rows.forEach((cells, row) => cells.forEach((cell, c) => (batch.columns[c]![row] = cell)));
  return batch;
}

/** What SQLite holds after some chunks of rows were taken over. */
function taken(chunks: readonly (readonly Cells[])[]) {
  const folder = makeFolder();
  const db = new Database(join(folder, 'study.db'));
  db.exec(TABLE);
  const transfer = new RowTransfer(db, join(folder, 'incoming.db'));
  const encoder = new RowPageEncoder(COLUMNS);
  for (const rows of chunks) {
    transfer.offer(encoder.encode(batchOf(rows)));
    db.transaction(() => transfer.takeOver())();
  }
  const result = {
    rows: db.prepare('SELECT id, x, t, y, d FROM points ORDER BY id').raw().all(),
    sound: db.pragma('integrity_check', { simple: true }),
    types: db.prepare("SELECT count(*) FROM points WHERE typeof(x) NOT IN ('real', 'null')").pluck().get(),
  };
  transfer.close();
  db.close();
  return result;
}

/** What was meant, straight from the batches. */
const meant = (rows: readonly Cells[]) => {
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

describe('rows as pages', () => {
  it('are in SQLite what they were, in every cell', () => {
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 80 }).map(ascending), (rows) => {
        expect(taken([rows])).toEqual({ rows: meant(rows), sound: 'ok', types: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('come chunk after chunk, of one page or many', () => {
    const chunks = [5000, 1, 700, 20_000].map((count, chunk) =>
      Array.from({ length: count }, (_, i): Cells => [chunk * 1e6 + i, i % 3, (i % 4) - 1, Math.sqrt(i)]),
    );
    expect(taken(chunks)).toEqual({ rows: meant(chunks.flat()), sound: 'ok', types: 0 });
    expect(new RowPageEncoder(COLUMNS).encode(batchOf(chunks[3]!)).pages.length).toBeGreaterThan(20 * PAGE_BYTES);
  });

  it('that are there already are refused, and nothing of their chunk is taken', () => {
    const rows: Cells[] = [
      [1, 2, -1, 3],
      [2, 2, -1, 3],
    ];
    expect(() => taken([[rows[1]!], rows])).toThrow(/UNIQUE|PRIMARY/);
  });
});

describe('a varint', () => {
  it.each([
    [0, [0]],
    [127, [127]],
    [128, [0x81, 0]],
    [16_383, [0xff, 0x7f]],
    [2 ** 32, [0x90, 0x80, 0x80, 0x80, 0]],
    [2 ** 53, [0x90, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]],
  ])('of %d has the bytes of the file format', (value, bytes) => expect([...varint(value)]).toEqual(bytes));
});
