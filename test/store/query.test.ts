/** Read-only SQL: what it answers, and that nothing it is given writes. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { DeltaSweepError } from '../../src/errors.js';
import { openQuery } from '../../src/store/query.js';
import { beginsAsRead } from '../../src/store/read-statement.js';
import { fingerprint, forbiddenStatements, writeStudyFolder } from '../helpers/database.js';
import { tempFolders } from '../helpers/temp.js';
import { messageOf } from '../space/studies.js';

const makeFolder = tempFolders();
let folder: string;
let file: string;
beforeAll(() => {
  folder = writeStudyFolder(makeFolder());
  file = join(folder, 'study.db');
});

function rowsOf(sql: string, database = file): unknown[][] {
  const query = openQuery(database, sql);
  try {
    return [...query.rows];
  } finally {
    query.close();
  }
}

describe('openQuery', () => {
  it.each<[string, unknown[][]]>([
    [
      'SELECT id, time_ms FROM points ORDER BY id LIMIT 2',
      [
        [0, 1.5],
        [1, 2.5],
      ],
    ],
    ['  -- a comment\n/* and ; another */ select 1;  -- the end', [[1]]],
    [
      "VALUES (1, 'a'), (2, NULL)",
      [
        [1, 'a'],
        [2, null],
      ],
    ],
    ['WITH twice(x) AS (SELECT 2 * id FROM points) SELECT sum(x) FROM twice', [[6]]],
    ['WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5) SELECT max(x) FROM c', [[5]]],
    ["SELECT name, type FROM pragma_table_info('points') WHERE pk", [['id', 'INTEGER']]],
    ['SELECT name FROM sqlite_schema', [['points']]],
    ["SELECT value FROM json_each('[1, 2]')", [[1], [2]]],
    ['SELECT replace(name, 1, 2) AS "insert" FROM points WHERE 0', []],
  ])('answers %s', (sql, rows) => {
    expect(rowsOf(sql)).toEqual(rows);
  });

  it('tells the plan of a query', () => {
    expect(rowsOf('EXPLAIN QUERY PLAN SELECT * FROM points WHERE id = 1')[0]![3]).toContain('SEARCH points');
    expect(rowsOf('explain /* */ query\n plan WITH a AS (SELECT 1) SELECT * FROM a')).not.toEqual([]);
  });

  it('refuses in one line whatever would write, and changes no file', () => {
    const before = fingerprint(folder);
    for (const sql of forbiddenStatements(folder)) {
      expect(messageOf(() => rowsOf(sql))).toMatch(/^(SQL: |the statement does not read rows)[^\n]*$/);
      expect([sql, fingerprint(folder)]).toEqual([sql, before]);
    }
  });

  it('reads a database that another connection is writing, as of the last commit', () => {
    const written = writeStudyFolder(makeFolder());
    const db = new Database(join(written, 'study.db'));
    db.pragma('journal_mode = WAL');
    db.exec('INSERT INTO points (id) VALUES (3); BEGIN; INSERT INTO points (id) VALUES (4)');
    const before = fingerprint(written).filter((line) => !line.includes('-shm'));
    expect(rowsOf('SELECT max(id) FROM points', join(written, 'study.db'))).toEqual([[3]]);
    expect(fingerprint(written).filter((line) => !line.includes('-shm'))).toEqual(before);
    db.exec('COMMIT');
    expect(rowsOf('SELECT max(id) FROM points', join(written, 'study.db'))).toEqual([[4]]);
    db.close();
  });

  it('makes no database where there is none', () => {
    const empty = makeFolder();
    expect(() => rowsOf('SELECT 1', join(empty, 'study.db'))).toThrow(DeltaSweepError);
    expect(fingerprint(empty)).toEqual([]);
  });

  it('answers any text with rows or in one line, and changes no file', () => {
    const before = fingerprint(folder);
    const words = fc.constantFrom(
      ...'SELECT INSERT INTO points VALUES ( ) (1) * FROM WITH a AS RETURNING id ; -- /* */ EXPLAIN QUERY PLAN PRAGMA ATTACH'.split(
        ' ',
      ),
      ...["'x.db'", '\n', ',', '"', 'DELETE', 'UPDATE', 'SET', 'VACUUM', 'query_only', '=', '0', 'LIMIT', 'NULL'],
    );
    const text = fc.oneof(
      fc.array(words, { maxLength: 12 }).map((all) => all.join(' ')),
      fc.array(words, { maxLength: 8 }).map((all) => `SELECT ${all.join(' ')}`),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, (sql) => {
        try {
          rowsOf(sql);
        } catch (error) {
          expect(error).toBeInstanceOf(DeltaSweepError);
          expect((error as DeltaSweepError).code).toBe('input');
          expect((error as DeltaSweepError).message).not.toMatch(/[\n\r]/);
        }
      }),
      { numRuns: 500, seed: 7 },
    );
    expect(fingerprint(folder)).toEqual(before);
  });
});

describe('beginsAsRead', () => {
  it.each<[string, boolean]>([
    ['SELECT 1', true],
    ['select(1)', true],
    ['values(1)', true],
    ['/**/with a as (select 1) select 1', true],
    ['--\nSELECT 1', true],
    ['-- SELECT 1', false],
    ['/* SELECT 1', false],
    ['SELECTED', false],
    ['EXPLAIN SELECT 1', false],
    ['EXPLAIN QUERY PLAN SELECT 1', true],
    ['EXPLAIN QUERY PLAN PRAGMA x', false],
    ['PRAGMA SELECT', false],
    ['(SELECT 1)', false],
    ['', false],
  ])('of %j is %p', (sql, expected) => expect(beginsAsRead(sql)).toBe(expected));

  it('takes no longer than the text is long', () => {
    const start = performance.now();
    for (const text of ['/*'.repeat(500_000), '-'.repeat(1e6), ' '.repeat(1e6), '--\n'.repeat(3e5), 'a'.repeat(1e6)])
      expect(beginsAsRead(text)).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
