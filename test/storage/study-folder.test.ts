import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Sink } from '../../src/engine/sink.js';
import type { Study, SweepSpec } from '../../src/space/study.js';
import { factsOf } from '../../src/engine/facts.js';
import { checkStudy } from '../../src/storage/run/check-study.js';
import type { Manifest } from '../../src/storage/folder/manifest.js';
import { storeFront } from '../../src/storage/database/pareto-table.js';
import { findStudy, storedStudies } from '../../src/storage/folder/study-folder.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { studyOf, TINY } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(TINY);
const open = (folder: string, of: Study = study, fresh = false) =>
  new StudyRun(folder, of, { toolVersion: 'test', fresh });
/** A run that has begun and stored nothing. */
function begin(folder: string, of: Study = study, fresh = false): StudyRun {
  const run = open(folder, of, fresh);
  run.begin(factsOf(of));
  return run;
}
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8')) as Manifest;

describe('a study folder', () => {
  it('holds three files and nothing else once the run has finished', async () => {
    const folder = join(makeFolder(), 'a', 'b');
    await storeStudy(folder, study);
    expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
  });

  it('has a manifest that says what was run, where, by what, and when', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study);
    const manifest = manifestOf(folder);
    expect(manifest).toMatchObject({ name: 'tiny', tool_version: 'test', model_version: 2, study });
    expect(manifest.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest.columns).toContain('time_ms');
    expect(Date.parse(manifest.finished!)).toBeGreaterThanOrEqual(Date.parse(manifest.started));
    expect(rowsOf(folder, "SELECT value FROM study WHERE key = 'hash'")).toEqual([{ value: manifest.hash }]);
  });

  it('is known as unfinished until the run ends', () => {
    const folder = makeFolder();
    begin(folder).stop();
    expect(manifestOf(folder).finished).toBeNull();
    expect(existsSync(join(folder, 'points.arrow'))).toBe(false);
  });

  it.each<[string, Partial<SweepSpec>, string]>([
    ['name', { name: 'other' }, 'name'],
    ['baseline', { baseline: 'p100' }, 'baseline, axes'],
    ['batch', { workloads: [{ network: 'alexnet', batch: 9 }] }, 'workloads'],
    ['axes', { axes: { ...TINY.axes, sm_count: { scale: [1, 2] } } }, 'axes'],
    ['order of the axes', { axes: Object.fromEntries(Object.entries(TINY.axes!).reverse()) }, 'axes'],
    ['constraints', { constraints: ['dram_gbps < 2000'] }, 'constraints'],
    ['objectives', { objectives: { minimize: ['time_ms'] } }, 'objectives'],
  ])('refuses a study that differs in its %s, and says so', async (_, change, differences) => {
    const folder = makeFolder();
    await storeStudy(folder, study);
    expect(() => open(folder, studyOf({ ...TINY, ...change }))).toThrow(
      `${folder}: holds another study (differs in ${differences}), expected this study, an empty folder`,
    );
    expect(manifestOf(folder).name).toBe('tiny');
  });

  it('takes another study in place of the first when told to start anew', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const other = studyOf({ ...TINY, name: 'other' });
    open(folder, other, true).stop();
    expect(manifestOf(folder)).toMatchObject({ name: 'tiny', finished: expect.any(String) });
    await storeStudy(folder, other, { fresh: true });
    expect(existsSync(join(folder, 'previous'))).toBe(false);
    expect(manifestOf(folder).name).toBe('other');
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('is as it was where a run that was to start anew stops before it has stored anything', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const files = readdirSync(folder).sort();
    const before = files.map((name) => readFileSync(join(folder, name)));
    for (const of of [study, studyOf({ ...TINY, name: 'other' })]) {
      await expect(storeStudy(folder, of, { fresh: true, signal: AbortSignal.abort() })).resolves.toBe(false);
      expect(readdirSync(folder).sort()).toEqual(files);
      files.forEach((name, i) => expect(readFileSync(join(folder, name)).equals(before[i]!)).toBe(true));
    }
  });

  it('refuses files of others, starting anew or not', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'thesis.tex'), 'years of work');
    for (const fresh of [false, true]) expect(() => open(folder, study, fresh)).toThrow('holds files but no study');
    expect(readdirSync(folder)).toEqual(['thesis.tex']);
  });

  it.each([
    ['not JSON', '{', "study.json: is not a study's manifest: Expected property name"],
    ['no manifest', '{}', "study.json: is not a study's manifest: the document must have required property 'format'"],
    ['null', 'null', "study.json: is not a study's manifest: the document must be object"],
  ])('refuses a study.json that is %s', (_, text, message) => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'study.json'), text);
    expect(() => open(folder)).toThrow(message);
  });

  it.each([
    [0, 'must be >= 1'],
    [-1, 'must be >= 1'],
    [1.5, 'must be integer'],
    [2 ** 32, 'must be <= 2147483648'],
    ['100', 'must be integer'],
    [null, 'must be integer'],
  ])('refuses a study.json with chunks of %p points', (chunkPoints, problem) => {
    const folder = makeFolder();
    begin(folder).stop();
    writeFileSync(join(folder, 'study.json'), JSON.stringify({ ...manifestOf(folder), chunk_points: chunkPoints }));
    const message = `study.json: is not a study's manifest: chunk_points ${problem}, expected the study.json of a run`;
    expect(() => open(folder)).toThrow(message);
    expect(() => [...checkStudy(folder, () => undefined)]).toThrow(message);
  });

  it.each(['afile', 'afile/below'])('refuses %s, where there is a file', (path) => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'afile'), '');
    expect(() => open(join(folder, path))).toThrow(/afile.*: (not a folder|cannot be made: ENOTDIR)/);
  });

  it('resumes where the database was made but holds nothing yet', async () => {
    const folder = makeFolder();
    begin(folder).stop();
    rmSync(join(folder, 'study.db'));
    writeFileSync(join(folder, 'study.db'), '');
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expect(rowsOf(folder, 'SELECT count(*) AS n FROM points')).toEqual([{ n: 40 }]);
  });

  it.each(['finished', 'half done'])(
    'is not taken for this study, %s, where its database is of another one',
    async (state) => {
      const [folder, other] = [makeFolder(), makeFolder()];
      const of = studyOf({ ...TINY, axes: { ...TINY.axes, l2_gbps: { scale: [1, 3] } } });
      await storeStudy(folder, study);
      const before = rowsOf(folder, 'SELECT * FROM points');
      await storeStudy(other, of);
      cpSync(join(other, 'study.db'), join(folder, 'study.db'));
      if (state === 'half done')
        writeFileSync(join(folder, 'study.json'), JSON.stringify({ ...manifestOf(folder), finished: null }));
      const notes: string[] = [];
      const through = (run: StudyRun) => (notes.push(...run.notes), run);
      await expect(storeStudy(folder, study, { through })).resolves.toBe(true);
      expect(notes).toEqual([
        `${join(folder, 'study.db')} is damaged (it is of another study than study.json): kept as study.db.damaged, and everything is made again`,
      ]);
      expect(rowsOf(folder, 'SELECT * FROM points')).toEqual(before);
    },
  );

  it('writes points.arrow anew from the database where it was lost', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study);
    const before = readFileSync(join(folder, 'points.arrow'));
    rmSync(join(folder, 'points.arrow'));
    await storeStudy(folder, study);
    expect(readFileSync(join(folder, 'points.arrow')).equals(before)).toBe(true);
  });

  it('tells what went wrong where a run cannot write its manifest at the end', async () => {
    const folder = makeFolder();
    const through = (run: StudyRun): Sink => ({
      append: async (chunk) => {
        await run.append(chunk);
        mkdirSync(join(folder, 'study.json.partial'));
      },
      fail: (chunk) => run.fail(chunk),
    });
    await expect(storeStudy(folder, study, { through })).rejects.toThrow(/EISDIR.*study\.json\.partial/);
    rmSync(join(folder, 'study.json.partial'), { recursive: true });
    await expect(storeStudy(folder, study)).resolves.toBe(true);
  });

  it('lets one run in at a time', () => {
    const folder = makeFolder();
    const first = open(folder);
    expect(() => open(folder)).toThrow(`${folder}: another run (process ${process.pid} on ${hostname()}, since `);
    expect(() => open(folder, study, true)).toThrow('another run');
    first.stop();
    open(folder).stop();
  });

  it('finishes while someone reads the database', async () => {
    const folder = makeFolder();
    begin(folder).stop();
    const reader = new Database(join(folder, 'study.db'), { readonly: true });
    try {
      const rows = reader.prepare('SELECT * FROM axes').iterate();
      rows.next();
      try {
        await expect(storeStudy(folder, study)).resolves.toBe(true);
      } finally {
        rows.return!();
      }
    } finally {
      reader.close();
    }
    expect(manifestOf(folder).finished).not.toBeNull();
    expect(rowsOf(folder, 'SELECT count(*) AS n FROM points')).toEqual([{ n: 40 }]);
  });

  it('forgets fronts over some of the points when a run resumes', async () => {
    const folder = makeFolder();
    begin(folder).stop();
    storeFront(join(folder, 'study.db'), 'minimize dram_gb', [
      { id: 0, balanced: true, knee: false, imbalance: 0, robust: null },
    ]);
    await storeStudy(folder, study);
    expect(rowsOf(folder, 'SELECT * FROM pareto')).toEqual([]);
  });
});

describe('finding a study', () => {
  it('lists the folders under results that hold one', () => {
    const results = makeFolder();
    for (const name of ['b', 'a']) begin(join(results, name)).stop();
    mkdirSync(join(results, 'empty'));
    writeFileSync(join(results, 'README.md'), '');
    expect(storedStudies(results)).toEqual(['a', 'b']);
    expect(storedStudies(join(results, 'nowhere'))).toEqual([]);
  });

  it('takes a folder by its path, and names what it looked for otherwise', () => {
    const folder = makeFolder();
    begin(folder).stop();
    expect(findStudy(folder)).toBe(folder);
    expect(() => findStudy(join(folder, 'nope'))).toThrow(`no study '${join(folder, 'nope')}'`);
  });
});
