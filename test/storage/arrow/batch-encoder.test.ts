import { describe, expect, it } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { readBatchFile, writeBatchFile } from '../../../src/storage/arrow/batch-files.js';
import { BatchEncoder, sha256Of } from '../../../src/storage/arrow/batch-encoder.js';
import { PointsFile } from '../../../src/storage/arrow/points-file.js';
import { readMessages } from '../../../src/storage/arrow/read-batches.js';
import { StoredMessages } from '../../../src/storage/arrow/stored-messages.js';
import { cellOf, makeBatch, type Batch, type Column } from '../../../src/space/columns.js';
import { tempFolders } from '../../helpers/temp.js';

const makeFolder = tempFolders();

const COLUMNS: Column[] = [
  { name: 'id', meaning: 'index', unit: '1', type: 'int', source: { from: 'id' } },
  { name: 'x', meaning: 'a number', unit: 'ms', type: 'real', source: { from: 'row' } },
  { name: 't', meaning: 'a text', unit: '-', type: 'text', dictionary: ['é', '', 'c'], source: { from: 'row' } },
];

type Cells = [id: number, x: number, t: number];

function batchOf(rows: readonly Cells[]): Batch {
  const batch = makeBatch(COLUMNS, rows.length);
  batch.rows = rows.length;
  rows.forEach((cells, row) => cells.forEach((cell, c) => (batch.columns[c]![row] = cell)));
  return batch;
}

const shown = (batch: Batch) =>
  Array.from({ length: batch.rows }, (_, row) => COLUMNS.map((column, c) => cellOf(column, batch.columns[c]!, row)));

/** Writes messages of record batches into a file; its path. */
function fileOf(messages: readonly Buffer[]): string {
  const path = join(makeFolder(), 'points.arrow');
  const file = new PointsFile(path, COLUMNS, { study: 'test' });
  for (const batch of new BatchEncoder(COLUMNS).decode(messages)) file.addRecordBatch(batch);
  expect(existsSync(path)).toBe(false);
  file.finish();
  return path;
}

const cells = fc.tuple(
  fc.maxSafeNat(),
  fc.double({ noNaN: false }),
  fc.integer({ min: -1, max: 2 }),
) as fc.Arbitrary<Cells>;

describe('an Arrow file of record batches', () => {
  it('holds every cell, as two other readers see it, however the rows are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cells, { maxLength: 70 }), { maxLength: 5 }), (chunks) => {
        const encoder = new BatchEncoder(COLUMNS);
        const path = fileOf(chunks.map((rows) => encoder.encode(batchOf(rows))));
        const expected = shown(batchOf(chunks.flat()));
        const bytes = readFileSync(path);
        const plain = (cell: unknown) => (typeof cell === 'bigint' ? Number(cell) : (cell ?? null));
        const table = tableFromIPC(bytes);
        expect(table.toArray().map((row) => Object.values(row as object).map(plain))).toEqual(expected);
        if (expected.length === 0) return;
        const frame = pl.readIPC(bytes);
        const columns = COLUMNS.map(({ name }) => [...frame.getColumn(name).toArray()].map(plain));
        expect(columns).toEqual(COLUMNS.map((_, c) => expected.map((row) => row[c])));
      }),
      { numRuns: 60 },
    );
  });

  it('gives the messages of its batches back, byte for byte, and by SHA-256', () => {
    const encoder = new BatchEncoder(COLUMNS);
    const messages = [[[1, 2, 0]], [[3, Number.NaN, -1]], [[2 ** 53 - 1, -0, 2]]].map((rows) =>
      encoder.encode(batchOf(rows as Cells[])),
    );
    const file = fileOf(messages);
    expect([...readMessages(file)]).toEqual(messages);
    const stored = new StoredMessages(makeFolder(), file);
    messages.forEach((message, chunk) => expect(stored.read(chunk, sha256Of(message))).toEqual(message));
    expect(stored.read(0, sha256Of(Buffer.of(1)))).toBeUndefined();
  });

  it.each([0, 5, 9, 100, -1])('is known as broken when cut at %i bytes', (size) => {
    const path = fileOf([new BatchEncoder(COLUMNS).encode(batchOf([[1, 2, 0]]))]);
    truncateSync(path, size < 0 ? readFileSync(path).length + size : size);
    expect(() => [...readMessages(path)]).toThrow(/truncated|does not end as an Arrow file does/);
  });
});

describe('the file of a chunk', () => {
  it('is read where it is what was written', () => {
    const folder = makeFolder();
    const sha256 = writeBatchFile(folder, 7, Buffer.from('rows'));
    expect(readBatchFile(folder, 7, sha256)!.toString()).toBe('rows');
    writeFileSync(join(folder, '7.batch'), 'ruws');
    expect(readBatchFile(folder, 7, sha256)).toBeUndefined();
    expect(readBatchFile(folder, 8, sha256)).toBeUndefined();
  });
});
