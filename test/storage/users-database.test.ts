/** The database is the user's: what they add to it, and the rows that they delete. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkStudy } from '../../src/storage/run/check-study.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { FULL } from '../helpers/full.js';
import { storeInline } from '../helpers/sharded.js';
import { studyOf, WIDE } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const CHUNK_POINTS = 40;

/** Everything that a user may add; the trigger counts what the run inserts. */
const ADDITIONS: Record<string, string> = {
  'an index': 'CREATE INDEX by_time ON evaluated (time_ms, area_mm2)',
  'an index over an expression': 'CREATE INDEX by_density ON evaluated (time_ms * area_mm2) WHERE time_ms < 10',
  'a trigger': `CREATE TABLE log (id INTEGER PRIMARY KEY, time_ms REAL);
    CREATE TRIGGER log_rows AFTER INSERT ON evaluated BEGIN INSERT INTO log VALUES (new.id, new.time_ms); END`,
  'a view': 'CREATE VIEW fast AS SELECT id, design, sm_count, speedup FROM points WHERE speedup > 1',
  'a table': 'CREATE TABLE notes (id INTEGER PRIMARY KEY REFERENCES evaluated, note TEXT)',
  'columns in every table': `ALTER TABLE evaluated ADD COLUMN note TEXT;
    ALTER TABLE evaluated ADD COLUMN cost REAL AS (area_mm2 * 0.1);
    ALTER TABLE evaluated ADD COLUMN rank INTEGER NOT NULL DEFAULT 7;
    ALTER TABLE chunks ADD COLUMN host TEXT DEFAULT 'here';
    ALTER TABLE pareto ADD COLUMN mine TEXT; ALTER TABLE constraints ADD COLUMN mine TEXT;
    ALTER TABLE study ADD COLUMN mine TEXT; ALTER TABLE failures ADD COLUMN mine TEXT;
    ALTER TABLE marginals ADD COLUMN mine TEXT`,
  'statistics of the planner': 'ANALYZE',
};

/** Of these, what a run with threads is tried with, besides one in this process; `npm run test:all` tries all. */
const BY_THREADS = ['a trigger', 'columns in every table'];

function change(folder: string, sql: string): void {
  const db = new Database(join(folder, 'study.db'));
  db.exec(sql);
  db.close();
}

const problemsOf = (folder: string) => [...checkStudy(folder, () => undefined)].flatMap(({ problems }) => problems);

describe.each([
  { store: 'all points', spec: WIDE },
  { store: 'the front alone', spec: { ...WIDE, store: { points: 'front' as const } } },
])('a study that stores $store', ({ spec }) => {
  const study = studyOf(spec);
  const whole = makeFolder();
  let rows: Row[];
  let arrow: Buffer;
  const pointsOf = (folder: string) => rowsOf(folder, 'SELECT * FROM points ORDER BY id');
  beforeAll(async () => {
    await storeInline(whole, study, { chunkPoints: CHUNK_POINTS });
    rows = pointsOf(whole);
    arrow = readFileSync(join(whole, 'points.arrow'));
    expect(rows.length).toBeGreaterThan(20);
  });

  function expectWhole(folder: string): void {
    expect(pointsOf(folder)).toEqual(rows);
    expect(readFileSync(join(folder, 'points.arrow')).equals(arrow)).toBe(true);
    expect(problemsOf(folder)).toEqual([]);
  }

  it.each(Object.keys(ADDITIONS))('is resumed after a user adds %s to it unfinished', async (name) => {
    const folder = makeFolder();
    await storeInline(folder, study, { chunkPoints: CHUNK_POINTS, most: 3 });
    const before = rowsOf<{ n: number }>(folder, 'SELECT count(*) AS n FROM evaluated')[0]!.n;
    change(folder, ADDITIONS[name]!);
    await expect((FULL || BY_THREADS.includes(name) ? storeStudy : storeInline)(folder, study)).resolves.toBe(true);
    expectWhole(folder);
    if (name === 'a trigger' && study.store === 'all')
      expect(rowsOf(folder, 'SELECT count(*) AS n FROM log')).toEqual([{ n: rows.length - before }]);
    if (name === 'columns in every table')
      expect(rowsOf(folder, 'SELECT DISTINCT rank FROM evaluated')).toEqual([{ rank: 7 }]);
  });

  it('keeps what a user added while it was finished, and has nothing to do', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    change(folder, Object.values(ADDITIONS).join(';'));
    const run = new StudyRun(folder, study, { toolVersion: 'test' });
    await run.resume();
    expect(run.isFinished).toBe(true);
    await run.finish();
    run.stop();
    expectWhole(folder);
    expect(rowsOf(folder, 'SELECT count(*) AS n FROM fast')[0]!['n']).toBeGreaterThan(0);
  });

  it.each(['a third of its rows', 'one row', 'all rows', 'a line of chunks', 'all lines of chunks'])(
    'gets %s back where a user deleted them from it finished',
    async (what) => {
      const folder = makeFolder();
      cpSync(whole, folder, { recursive: true });
      change(folder, ADDITIONS['an index']!);
      const deletion = {
        'a third of its rows': 'DELETE FROM evaluated WHERE id % 3 = 0',
        'one row': `DELETE FROM evaluated WHERE id = ${rows[7]!['id']}`,
        'all rows': 'DELETE FROM evaluated',
        'a line of chunks': 'DELETE FROM chunks WHERE chunk = 2',
        'all lines of chunks': 'DELETE FROM chunks',
      };
      change(folder, deletion[what as keyof typeof deletion]);
      expect(problemsOf(folder)).not.toEqual([]);
      await expect(storeInline(folder, study)).resolves.toBe(true);
      expectWhole(folder);
      expect(rowsOf(folder, "SELECT name FROM sqlite_schema WHERE name = 'by_time'")).toHaveLength(1);
    },
  );

  it.each([
    ...['study', 'axes', 'workloads', 'layers', 'baseline', 'dimension_2'].map((table) => [
      `rows of ${table}`,
      `DELETE FROM ${table}`,
      table,
    ]),
    ...['study', 'dimension_1', 'evaluated', 'chunks', 'pareto', 'marginals'].map((table) => [
      `the table ${table}`,
      `DROP TABLE ${table}`,
      table,
    ]),
    ['a constraint', 'DELETE FROM constraints', 'constraints'],
    ['the view points', 'DROP VIEW points', 'points'],
    ['a changed value of an axis', 'UPDATE dimension_2 SET sm_count = 7 WHERE position = 1', 'dimension_2'],
    ['the hash', "DELETE FROM study WHERE key = 'hash'", 'study'],
  ])('gets %s back after it was finished, of which check says what is wrong', async (_, sql, table) => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    change(folder, `CREATE TABLE mine AS SELECT 7 AS seven; ALTER TABLE axes ADD COLUMN note TEXT; ${sql}`);
    expect(problemsOf(folder).join()).toMatch(new RegExp(`\\b${table}\\b.*run mends it`));
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expectWhole(folder);
    expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
    const tables = ['axes', 'workloads', 'layers', 'baseline', 'constraints', 'chunks', 'dimension_1', 'dimension_2'];
    change(folder, 'ALTER TABLE axes DROP COLUMN note');
    for (const name of [...tables, 'study'])
      expect(rowsOf(folder, `SELECT * FROM ${name} ORDER BY 1, 2`)).toEqual(
        rowsOf(whole, `SELECT * FROM ${name} ORDER BY 1, 2`),
      );
  });

  it('counts what constraints reject once after lines of chunks were deleted from it', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    change(folder, 'DELETE FROM chunks WHERE rejected > 0');
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expect(rowsOf(folder, 'SELECT * FROM constraints')).toEqual(rowsOf(whole, 'SELECT * FROM constraints'));
  });

  it('is not set aside where the rows of a user break a rule of their own table', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    change(
      folder,
      `CREATE TABLE mine (n INTEGER CHECK (n > 0)); PRAGMA ignore_check_constraints = ON; INSERT INTO mine VALUES (-1);
      DELETE FROM evaluated WHERE id = ${rows[0]!['id']}`,
    );
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expectWhole(folder);
    expect(rowsOf(folder, 'SELECT n FROM mine')).toEqual([{ n: -1 }]);
  });

  it('is kept each time that it is damaged, and made again', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    for (const garbage of ['garbage', 'other garbage']) {
      writeFileSync(join(folder, 'study.db'), garbage.repeat(1000));
      await expect(storeInline(folder, study)).resolves.toBe(true);
      expectWhole(folder);
    }
    const kept = ['study.db.damaged', 'study.db.damaged-2'].map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(kept.map((text) => text.startsWith('garbage'))).toEqual([true, false]);
  });

  it('gets deleted rows back after points.arrow is deleted too', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    change(folder, 'DELETE FROM evaluated WHERE id < 100');
    rmSync(join(folder, 'points.arrow'));
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expectWhole(folder);
  });

  it('gets a row back that a table of the user refers to', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    const [first, second] = rows.map(({ id }) => Number(id)) as [number, number];
    change(folder, `${ADDITIONS['a table']!}; INSERT INTO notes VALUES (${second}, 'mine')`);
    change(folder, `DELETE FROM evaluated WHERE id = ${first}`); // of the same chunk
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expectWhole(folder);
    expect(rowsOf(folder, 'SELECT id, note FROM notes')).toEqual([{ id: second, note: 'mine' }]);
  });

  it('has the rows removed by begin that are to be made again, and by nothing before it', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    change(
      folder,
      `DELETE FROM evaluated WHERE id = ${rows[0]!['id']}; INSERT INTO evaluated (id) VALUES (1000000000)`,
    );
    const stored = () => rowsOf(folder, 'SELECT id FROM evaluated ORDER BY id');
    const before = stored();
    const run = new StudyRun(folder, study, { toolVersion: 'test' });
    await run.resume();
    run.stop();
    expect(stored()).toEqual(before);
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expectWhole(folder);
  });

  it('is completed where as many rows were deleted as were added', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    const taken = new Set(rows.map(({ id }) => id));
    const free = Array.from({ length: 1000 }, (_, id) => id).find((id) => !taken.has(id))!;
    change(folder, `UPDATE evaluated SET id = ${free} WHERE id = ${rows.at(-1)!['id']}`);
    expect(problemsOf(folder).join()).toMatch(/rows instead of \d+; run mends it|rows, not those that were stored/);
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expectWhole(folder);
  });

  it('evaluates only the chunks whose rows a user deleted', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    change(folder, `DELETE FROM evaluated WHERE id = ${rows[0]!['id']}`);
    const run = new StudyRun(folder, study, { toolVersion: 'test' });
    await run.resume();
    const pending = [...run.pending()];
    run.stop();
    const all = rowsOf(whole, 'SELECT chunk FROM chunks').length;
    expect(pending).toHaveLength(study.store === 'all' ? 1 : all);
    expect(run.notes.join()).toMatch(/made again/);
  });
});

describe('the database of an unfinished study', () => {
  const study = studyOf(WIDE);

  it.each([
    ['a unique index', 'CREATE UNIQUE INDEX one_bottleneck ON evaluated (infeasible IS NULL)'],
    ['a trigger that raises', "CREATE TRIGGER no BEFORE INSERT ON evaluated BEGIN SELECT RAISE(ABORT, 'no more'); END"],
  ])('says what to do where %s refuses rows, and is completed once that is dropped', async (_, sql) => {
    const folder = makeFolder();
    await storeInline(folder, study, { chunkPoints: CHUNK_POINTS, most: 0 });
    change(folder, sql);
    await expect(storeStudy(folder, study)).rejects.toThrow(
      /study\.db: .*: an index, trigger or column that was added refuses rows; drop it and run again$/,
    );
    change(folder, 'DROP INDEX IF EXISTS one_bottleneck; DROP TRIGGER IF EXISTS no');
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expect(problemsOf(folder)).toEqual([]);
  });

  it('says which trigger to drop where one drops rows silently, and is completed once it is dropped', async () => {
    const folder = makeFolder();
    await storeInline(folder, study, { chunkPoints: CHUNK_POINTS, most: 1 });
    change(
      folder,
      'CREATE TRIGGER drop_slow BEFORE INSERT ON evaluated WHEN new.id % 2 = 0 BEGIN SELECT RAISE(IGNORE); END',
    );
    await expect(storeStudy(folder, study)).rejects.toThrow(/a trigger that was added drops rows; drop the trigger/);
    change(folder, 'DROP TRIGGER drop_slow');
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expect(problemsOf(folder)).toEqual([]);
  });

  it('says in one line that a trigger names a table that does not exist', async () => {
    const folder = makeFolder();
    await storeInline(folder, study, { chunkPoints: CHUNK_POINTS, most: 1 });
    change(folder, 'CREATE TRIGGER bad AFTER INSERT ON evaluated BEGIN INSERT INTO nowhere VALUES (new.id); END');
    await expect(storeStudy(folder, study)).rejects.toThrow(
      /no such table: main\.nowhere: a table is missing or changed, or a trigger that was added fails; undo that/,
    );
    change(folder, 'DROP TRIGGER bad');
    await expect(storeInline(folder, study)).resolves.toBe(true);
  });

  it('gets a table of its own back that is gone, and keeps what that was renamed to', async () => {
    const folder = makeFolder();
    await storeInline(folder, study, { chunkPoints: CHUNK_POINTS, most: 1 });
    change(folder, 'ALTER TABLE chunks RENAME TO mine');
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expect(rowsOf(folder, 'SELECT chunk FROM mine')).toEqual([{ chunk: 0 }]);
    expect(problemsOf(folder)).toEqual([]);
  });

  it('waits for a lock that another program takes while a run stores chunks, and says so once', async () => {
    const folder = makeFolder();
    const notes: string[] = [];
    let released = false;
    const through = (run: StudyRun) => {
      const other = new Database(join(folder, 'study.db'));
      other.exec('BEGIN IMMEDIATE');
      setTimeout(() => {
        released = true;
        other.exec('COMMIT');
        other.close();
      }, 1500);
      return run;
    };
    const options = { chunkPoints: CHUNK_POINTS, through, onNote: (note: string) => notes.push(note) };
    await expect(storeStudy(folder, study, options)).resolves.toBe(true);
    expect(released).toBe(true);
    expect(notes).toEqual([`${join(folder, 'study.db')} is locked by another program; waiting until it is free`]);
    expect(problemsOf(folder)).toEqual([]);
  });

  it('is left by a run that is stopped while it waits for a lock, with what is stored', async () => {
    const folder = makeFolder();
    const stop = new AbortController();
    let other: Database.Database | undefined;
    const through = (run: StudyRun) => {
      other = new Database(join(folder, 'study.db'));
      other.exec('BEGIN IMMEDIATE');
      setTimeout(() => stop.abort(), 500);
      return run;
    };
    const options = { chunkPoints: CHUNK_POINTS, through, signal: stop.signal };
    await expect(storeStudy(folder, study, options)).resolves.toBe(false);
    other!.close();
    await expect(storeInline(folder, study, { chunkPoints: CHUNK_POINTS })).resolves.toBe(true);
  });

  it('says that another program is using it where one holds its lock', async () => {
    const folder = makeFolder();
    await storeInline(folder, study, { chunkPoints: CHUNK_POINTS, most: 2 });
    const other = new Database(join(folder, 'study.db'));
    other.exec('BEGIN IMMEDIATE');
    await expect(storeStudy(folder, study)).rejects.toThrow(/study\.db: another program is/);
    other.exec('COMMIT');
    other.close();
    await expect(storeInline(folder, study)).resolves.toBe(true);
  });
});
