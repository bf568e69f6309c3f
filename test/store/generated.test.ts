import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { ChunkEvaluator } from '../../src/engine/evaluate-chunk.js';
import { factsOf } from '../../src/engine/facts.js';
import { TIE } from '../../src/model/bottleneck.js';
import { cellOf, columnsOf } from '../../src/space/columns.js';
import { gridOf } from '../../src/space/study.js';
import { derivedSql, exactNumbers } from '../../src/store/generated.js';
import { SMALL, studyOf, WIDE } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const db = new Database(':memory:');
const read = (sql: string) => db.prepare(`SELECT ${sql}`).pluck().get() as number;
const showNumber = exactNumbers(read);

describe('numbers in SQL', () => {
  it('are read by SQLite as the very same numbers', () => {
    const numbers = fc.double({ min: 1e-12, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(numbers, (value) => expect(read(showNumber(value))).toBe(value)),
      { numRuns: 5000 },
    );
  });

  it.each([
    [30, '30.0'],
    [449.114, '449.114'],
    [Number.NaN, 'NULL'],
    [1 + TIE, '1.000000001'],
  ])('are written as short as they can be: %d as %s', (value, text) => expect(showNumber(value)).toBe(text));
});

describe('derived columns', () => {
  it.each([
    ['a study of the first model', SMALL],
    ['a study of the staged kernel', WIDE],
  ])('are in SQLite what they are in a batch, bit by bit: %s', async (_, spec) => {
    const study = studyOf(spec);
    const folder = makeFolder();
    await storeStudy(folder, study);
    const chunks = new ChunkEvaluator(study, factsOf(study));
    const batch = chunks.complete(chunks.evaluate(0, { from: 0, to: gridOf(study).size }).batch);
    const columns = columnsOf(study);
    const rows = rowsOf(folder, 'SELECT * FROM points ORDER BY id');
    expect(rows.length).toBe(batch.rows);
    rows.forEach((row, r) =>
      expect(Object.values(row)).toEqual(columns.map((column, c) => cellOf(column, batch.columns[c]!, r))),
    );
  });

  it.each([100, 100_000])('of an axis with %i values are found in a few steps', (length) => {
    const values = Array.from({ length }, (_, i) => i / 7);
    const grid = { dimensions: [], radices: [1, length, 3], size: 3 * length };
    const column = {
      name: 'x',
      meaning: '',
      unit: '',
      type: 'real',
      source: { from: 'digit', digit: 1, values },
    } as const;
    const sql = derivedSql(column, grid, [], showNumber)!;
    const get = db.prepare(`SELECT ${sql} FROM (SELECT ? AS id)`).pluck();
    for (let id = 0; id < 3 * length; id += Math.ceil(length / 777))
      expect(get.get(BigInt(id))).toBe(values[Math.floor(id / 3)]);
    expect(sql.includes('CASE')).toBe(length < 1000); // SQLite reads 100,000 cases in hours
  });
});
