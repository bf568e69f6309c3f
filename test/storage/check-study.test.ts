import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkStudy } from '../../src/storage/run/check-study.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { deltaSweep, printedJson } from '../helpers/command.js';
import { studyOf, TINY, WIDE } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(WIDE);
const ofFront = studyOf({ ...WIDE, store: { points: 'front' } });
const checks = (folder: string) => [...checkStudy(folder, () => undefined)];
const problemsOf = (folder: string) => checks(folder).flatMap(({ problems }) => problems);

function change(folder: string, sql: string): void {
  const db = new Database(join(folder, 'study.db'));
  db.exec(sql);
  db.close();
}

/** Turns a bit of a file in the middle. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(file, bytes);
}

let sound: string;
let front: string;
beforeAll(async () => {
  [sound, front] = [makeFolder(), makeFolder()];
  await storeStudy(sound, study, { chunkPoints: 100 });
  await storeStudy(front, ofFront, { chunkPoints: 100 });
});

function copyOf(folder: string): string {
  const copy = makeFolder();
  cpSync(folder, copy, { recursive: true });
  return copy;
}

describe('the check of a study', () => {
  it('finds nothing wrong with one that ran, whatever it stores, and says what it looked at', () => {
    expect(problemsOf(sound)).toEqual([]);
    expect(problemsOf(front)).toEqual([]);
    expect(checks(sound).map(({ name }) => name)).toEqual(['study.db', 'identity', 'chunks', 'rows', 'model']);
    expect(checks(front).map(({ name }) => name)).toEqual(['study.db', 'identity', 'chunks', 'front', 'model']);
    expect(checks(sound)[2]!.verified).toBe('18 lines (finished)');
  });

  it('finds nothing wrong with one whose baseline cannot run: nothing is faster or slower than it', async () => {
    const folder = makeFolder();
    const of = studyOf({ ...TINY, axes: { ...TINY.axes, register_kib: { values: [1, 256] } } });
    await storeStudy(folder, { ...of, baseline: { ...of.baseline, register_kib: 1 } });
    const counted = 'SELECT count(time_ms) AS times, count(speedup) AS speedups FROM points';
    expect(rowsOf(folder, counted)).toEqual([{ times: 40, speedups: 0 }]);
    expect(problemsOf(folder)).toEqual([]);
  });

  it('finds nothing wrong with one that was stopped', async () => {
    const folder = makeFolder();
    const controller = new AbortController();
    const through = (run: StudyRun) => ({
      append: async (chunk: Parameters<StudyRun['append']>[0]) => {
        await run.append(chunk);
        if (chunk.chunk === 3) controller.abort();
      },
      fail: run.fail.bind(run),
    });
    await storeStudy(folder, study, { chunkPoints: 100, signal: controller.signal, through });
    expect(problemsOf(folder)).toEqual([]);
    expect(checks(folder)[2]!.verified).toMatch(/^\d+ lines \(unfinished, \d+ of 18 chunks\)$/);
    damage(join(folder, 'chunks/2.batch'));
    expect(problemsOf(folder)).toEqual([
      'chunk 2 (ids 200 to 299): its record batch is not what was written; run mends it',
    ]);
  });

  it.each<[string, (folder: string) => void, RegExp]>([
    [
      'a bit of points.arrow',
      (f) => damage(join(f, 'points.arrow')),
      /^chunk \d+ .*: points.arrow is not what was written; delete points.arrow and run$/,
    ],
    [
      'the end of points.arrow',
      (f) => truncateSync(join(f, 'points.arrow'), 9999),
      /^points.arrow: the file does not end/,
    ],
    ['points.arrow', (f) => rmSync(join(f, 'points.arrow')), /^points.arrow: ENOENT/],
    [
      'a time',
      (f) => change(f, 'UPDATE evaluated SET time_ms = time_ms * 1.01 WHERE id = 1799'),
      /^chunk 17 .*: the rows in study.db/,
    ],
    [
      'a row',
      (f) => change(f, 'DELETE FROM evaluated WHERE id = 1000'),
      /^points has [\d,]+ rows, chunks has [\d,]+; run mends it$/,
    ],
    [
      'a line of chunks',
      (f) => change(f, 'UPDATE chunks SET points = 3 WHERE chunk = 4'),
      /^chunk 4: its line of chunks is damaged/,
    ],
    ['a chunk', (f) => change(f, 'DELETE FROM chunks WHERE chunk = 4'), /^1 of 18 chunks are missing/],
    ['a count', (f) => change(f, 'UPDATE constraints SET rejected = 1'), /^constraints has other counts than chunks/],
    [
      'the identity',
      (f) => change(f, "UPDATE study SET value = 'x' WHERE key = 'hash'"),
      /^study.db is of another study/,
    ],
    ['all times', tamper, /^point \d+: time_ms.* differ from what the model gives/],
  ])('finds that %s was changed', (_, spoil, problem) => {
    const folder = copyOf(sound);
    spoil(folder);
    expect(problemsOf(folder).some((found) => problem.test(found))).toBe(true);
  });

  it('finds a point that is not on the front, and rows that points.arrow has not', () => {
    const folder = copyOf(front);
    change(folder, 'UPDATE evaluated SET time_ms = time_ms * 10 WHERE id = (SELECT max(id) FROM points)');
    const problems = problemsOf(folder);
    expect(problems).toContainEqual(expect.stringMatching(/^points.arrow differs from study.db/));
    expect(problems).toContainEqual(expect.stringMatching(/^1 stored points are dominated/));
  });

  it('finds that a time of a front was changed, by points.arrow', () => {
    const folder = copyOf(front);
    change(folder, 'UPDATE evaluated SET time_ms = time_ms * 0.999999 WHERE id = (SELECT max(id) FROM evaluated)');
    expect(problemsOf(folder)[0]).toMatch(/^points.arrow differs from study.db in the rows up to/);
  });

  describe.each(['finished', 'unfinished'])('of a front, %s', (state) => {
    it.each([
      [
        'a row',
        'DELETE FROM evaluated WHERE id = (SELECT min(id) FROM evaluated)',
        /^the front has [\d,]+ rows, not those that were stored/,
      ],
      [
        'a sum along an axis',
        'DELETE FROM marginals WHERE workload = 1 AND digit = 2 AND position = 0',
        /^marginals has [\d,]+ points along digit 2, chunks has [\d,]+/,
      ],
    ])(
      'finds that %s was deleted, and so does a run, which evaluates everything again in place',
      async (_, sql, problem) => {
        const folder = copyOf(front);
        change(folder, `CREATE TABLE mine AS SELECT 7 AS seven; ${sql}`);
        if (state === 'unfinished') rmSync(join(folder, 'points.arrow'));
        expect(problemsOf(folder)[0]).toMatch(problem);
        const notes: string[] = [];
        const through = (run: StudyRun) => (notes.push(...run.notes), run);
        await expect(storeStudy(folder, ofFront, { through })).resolves.toBe(true);
        expect(notes).toHaveLength(1);
        expect(notes[0]!.split('; ')[0]).toMatch(problem);
        expect(notes[0]).toMatch(/; everything is made again$/);
        expect(problemsOf(folder)).toEqual([]);
        expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
        expect(rowsOf(folder, 'SELECT * FROM mine')).toEqual([{ seven: 7 }]);
        for (const table of ['points', 'marginals', 'chunks', 'constraints'])
          expect(rowsOf(folder, `SELECT * FROM ${table}`)).toEqual(rowsOf(front, `SELECT * FROM ${table}`));
      },
    );
  });

  it('is refused while a run is at work', () => {
    const folder = makeFolder();
    const run = new StudyRun(folder, study, { toolVersion: 'test' });
    cpSync(join(sound, 'study.json'), join(folder, 'study.json'));
    expect(() => checks(folder)).toThrow('another run');
    run.stop();
  });

  it('keeps runs out until it has ended, and leaves nothing', () => {
    const folder = copyOf(sound);
    for (const { problems } of checkStudy(folder, () => undefined)) {
      expect(problems).toEqual([]);
      expect(() => new StudyRun(folder, study, { toolVersion: 'test' })).toThrow('another run');
    }
    expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
    for (const _ of checkStudy(folder, () => undefined)) break;
    new StudyRun(folder, study, { toolVersion: 'test' }).stop();
  });
});

/** Changes that no count shows: only the model, and the SHA-256 of the rows, tell. */
function tamper(folder: string): void {
  change(folder, 'UPDATE evaluated SET time_ms = time_ms * 1.0001');
}

describe('delta-sweep check', () => {
  it('says what it verified, with exit code 0, or what is wrong, with exit code 2 and one line', async () => {
    const good = await deltaSweep(['check', sound]);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout.split('\n')).toHaveLength(6);
    expect(good.stdout).toMatch(/^ok {6}study.db {2}SQLite integrity_check\n/);
    expect(await printedJson(['check', sound, '--json'])).toMatchObject({ ok: true, checks: checks(sound) });
    const folder = copyOf(sound);
    damage(join(folder, 'points.arrow'));
    const bad = await deltaSweep(['check', folder]);
    expect(bad.code).toBe(2);
    expect(bad.stdout).toMatch(/\nFAILED {2}rows/);
    expect(bad.stderr).toMatch(/^delta-sweep: .*: the study is not sound \(chunk .*; delete points.arrow and run\)\n$/);
  });

  it('names a folder that holds no study', async () => {
    expect(await deltaSweep(['check', 'nope'])).toMatchObject({ code: 1 });
  });
});
