import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { PAGE_BYTES, RowPageEncoder, varint } from '../../src/pages/row-pages.js';
import { RowTransfer } from '../../src/store/row-transfer.js';
import { batchOf, COLUMNS, manyRows, meant, SELECT, someRows, TABLE, type Cells } from '../helpers/row-batches.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

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
    rows: db.prepare(SELECT).raw().all(),
    sound: db.pragma('integrity_check', { simple: true }),
    types: db.prepare("SELECT count(*) FROM points WHERE typeof(x) NOT IN ('real', 'null')").pluck().get(),
  };
  transfer.close();
  db.close();
  return result;
}

describe('rows as pages', () => {
  it('are in SQLite what they were, in every cell', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        expect(taken([rows])).toEqual({ rows: meant(rows), sound: 'ok', types: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('come chunk after chunk, of one page or many', () => {
    const chunks = [5000, 1, 700, 20_000].map((count, chunk) => manyRows(count, chunk * 1e6));
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
