/** What killed programs leave behind, made on purpose: the moments that a random kill seldom meets. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PointsFile } from '../../src/storage/arrow/points-file.js';
import { Engine } from '../../src/engine/run.js';
import { columnsOf } from '../../src/space/columns.js';
import { openDatabase } from '../../src/storage/database/open-database.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { expectSame } from '../helpers/crash.js';
import { studyOf, TINY } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(TINY);
const old = studyOf({ ...TINY, axes: { l2_gbps: { scale: [1, 2, 4] } } });
let whole: string;
beforeAll(async () => {
  whole = makeFolder();
  await storeStudy(whole, study);
});

describe('a transaction that a killed program left half done', () => {
  /** A finished study whose database has a journal that is to be rolled back. */
  function cutOff(): string {
    const [busy, folder] = [makeFolder(), makeFolder()];
    cpSync(whole, busy, { recursive: true });
    const db = new Database(join(busy, 'study.db'));
    db.pragma('cache_size = 1');
    db.exec(`BEGIN; CREATE TABLE waste (text TEXT); DELETE FROM evaluated;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
      INSERT INTO waste SELECT hex(randomblob(100)) FROM n`);
    cpSync(busy, folder, { recursive: true });
    db.exec('ROLLBACK');
    db.close();
    expect(existsSync(join(folder, 'study.db-journal'))).toBe(true);
    return folder;
  }

  it('is undone by a command that only reads', () => {
    const folder = cutOff();
    const db = openDatabase(join(folder, 'study.db'), { readonly: true });
    expect(db.prepare('SELECT count(*) AS n FROM points').all()).toEqual([{ n: 40 }]);
    db.close();
  });

  it('is undone by a run that finds nothing to do', async () => {
    const folder = cutOff();
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expectSame(folder, whole);
  });

  it('goes with the study that --fresh replaces, and comes back with it', async () => {
    const folder = cutOff();
    await beginAnew(folder);
    expect(existsSync(join(folder, 'study.db-journal'))).toBe(false);
    // As one that is killed before the new study has any file.
    for (const name of ['study.json', 'study.db', 'study.db-wal', 'study.db-shm']) rmSync(join(folder, name));
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expectSame(folder, whole);
  });
});

/** Begins another study anew, and stops before anything of it is stored, as one that is killed there. */
async function beginAnew(folder: string): Promise<void> {
  const run = new StudyRun(folder, old, { toolVersion: 'test', fresh: true });
  const engine = await Engine.open(old, { workers: 1 });
  run.begin(engine.facts);
  await engine.close();
  const left = join(makeFolder(), 'left');
  cpSync(folder, left, { recursive: true });
  run.stop();
  rmSync(folder, { recursive: true });
  renameSync(left, folder);
}

describe('a run that finds nothing to do', () => {
  it("is in nobody's way, nor they in its", async () => {
    const reader = new Database(join(whole, 'study.db'), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM points').all();
    await expect(storeStudy(whole, study)).resolves.toBe(true);
    reader.close();
  });
});

describe('a study that --fresh is to replace', () => {
  it('is kept however often the new one is begun and stores nothing', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    for (let i = 0; i < 3; i++) {
      await beginAnew(folder);
      expectSame(join(folder, 'previous'), whole);
    }
  });

  it('is removed where a run resumes the new one', async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    await beginAnew(folder);
    await expect(storeStudy(folder, old)).resolves.toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
    expect(rowsOf(folder, 'SELECT count(*) AS n FROM points')).toEqual([{ n: 3 }]);
  });

  it("takes nothing with it that is no study's", async () => {
    const folder = makeFolder();
    cpSync(whole, folder, { recursive: true });
    mkdirSync(join(folder, 'previous'));
    writeFileSync(join(folder, 'previous/thesis.tex'), 'mine');
    await expect(storeStudy(folder, old, { fresh: true })).resolves.toBe(true);
    expect(readdirSync(join(folder, 'previous'))).toEqual(['thesis.tex']);
  });
});

describe('a points.arrow that cannot be finished', () => {
  it('leaves nothing, and its error is not hidden', () => {
    const file = join(makeFolder(), 'points.arrow');
    mkdirSync(join(file, 'in the way'), { recursive: true });
    const points = new PointsFile(file, columnsOf(study), {});
    expect(() => points.finish()).toThrow(/rename/);
    points.abandon();
    expect(existsSync(`${file}.partial`)).toBe(false);
  });
});

describe('the clock of a machine', () => {
  it('may be set back between runs', async () => {
    const folder = makeFolder();
    const signal = AbortSignal.abort();
    await expect(storeStudy(folder, study, { signal })).resolves.toBe(false);
    const file = join(folder, 'study.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...manifest, started: '2999-12-31T23:59:59.999Z' }));
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expectSame(folder, whole);
  });
});
