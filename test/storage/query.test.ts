/** Read-only SQL: what it answers, and that nothing it is given writes. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { DeltaSweepError } from '../../src/errors.js';
import { openQuery, type QueryOptions } from '../../src/storage/read/query.js';
import { beginsAsRead } from '../../src/storage/read/read-statement.js';
import { FORBIDDEN_OF_ATTACHED, fingerprint, forbiddenStatements, writeStudyFolder } from '../helpers/database.js';
import { tempFolders } from '../helpers/temp.js';
import { messageOf } from '../space/studies.js';

const makeFolder = tempFolders();
let folder: string;
let file: string;
beforeAll(() => {
  folder = writeStudyFolder(makeFolder());
  file = join(folder, 'study.db');
});

function rowsOf(sql: string, database = file, options: QueryOptions = {}): unknown[][] {
  const query = openQuery(database, sql, options);
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

  it('reads other databases beside it, and refuses whatever would write to them', () => {
    const attached = new Map([['other', join(folder, 'other.db')]]);
    expect(rowsOf('SELECT count(*) FROM points JOIN other.points AS o USING (id)', file, { attached })).toEqual([[3]]);
    const before = fingerprint(folder);
    for (const sql of [...FORBIDDEN_OF_ATTACHED, ...forbiddenStatements(folder)]) {
      const message = messageOf(() => rowsOf(sql, file, { attached }));
      expect(message).toMatch(/^(SQL: |the statement does not read rows)[^\n]*$/);
      expect([sql, fingerprint(folder)]).toEqual([sql, before]);
    }
    const missing = new Map([['other', join(folder, 'none.db')]]);
    expect(() => rowsOf('SELECT 1', file, { attached: missing })).toThrow(/none.db: cannot be read/);
    expect(fingerprint(folder)).toEqual(before);
  });

  it('gives its rows as often as they are gone through', () => {
    const query = openQuery(file, 'SELECT id FROM points WHERE id >= @least', { values: { least: 1 } });
    expect([[...query.rows], [...query.rows]]).toEqual([
      [[1], [2]],
      [[1], [2]],
    ]);
    query.close();
  });

  it.each<[string, string, number | undefined, string | undefined]>([
    ['SELECT tme_ms FROM points', 'no such column: tme_ms', 8, 'time_ms'],
    ['SELECT p.tme_ms FROM points AS p', 'no such column: p.tme_ms', 8, 'p.time_ms'],
    ['SELECT 1 AS x -- tme_ms\n, /* tme_ms */ tme_ms FROM points', 'no such column: tme_ms', 40, 'time_ms'],
    ["SELECT 'tme_ms''', [tme_ms] FROM points", 'no such column: tme_ms', 20, 'time_ms'],
    ['SELECT "tme_ms" FROM points', 'no such column: "tme_ms" - should', 8, 'time_ms'],
    ['SELECT * FROM pionts', 'no such table: pionts', 15, 'points'],
    ['SELECT avrg(time_ms) FROM points', 'no such function: avrg', 8, 'avg'],
    ['SELECT id FROM points, points AS p', 'ambiguous column name: id', 8, undefined],
    ["SELECT id, 'FROM' FROM FROM points", 'near "FROM": syntax error', 24, undefined],
    ['SELECT id FROM points WHERE id = = 1', 'near "=": syntax error', 34, undefined],
    ['SELECT #', 'unrecognized token: "#"', 8, undefined],
    ["SELECT 'a", 'unrecognized token: "\'a"', 8, undefined],
    ['SELECT (1', 'incomplete input', 10, undefined],
    ["SELECT json('x')", 'malformed JSON', undefined, undefined],
    ['SELECT zzzzzzzzz FROM points', 'no such column: zzzzzzzzz', 8, undefined],
  ])('says where %s goes wrong', (sql, what, character, nearest) => {
    const message = messageOf(() => rowsOf(sql));
    expect(message.startsWith(`SQL: ${what}`)).toBe(true);
    expect(/ at character (\d+), got/.exec(message)?.[1]).toBe(character === undefined ? undefined : String(character));
    expect(/ \(did you mean '(.*)'\?\)$/.exec(message)?.[1]).toBe(nearest);
  });

  it('shows the part of a long statement that is wrong', () => {
    const message = messageOf(() => rowsOf(`SELECT ${'id, '.repeat(50)}tme_ms FROM points`));
    expect(message).toMatch(/at character 208, got "….*id, tme_ms FROM points" \(did you mean 'time_ms'\?\)$/);
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
