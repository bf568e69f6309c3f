/** Shards of a study, merged: the files of an unsharded run, byte by byte and row by row, or one line that says why not. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gridOf, type SweepSpec } from '../../src/space/study.js';
import { checkStudy } from '../../src/storage/run/check-study.js';
import { hashOf } from '../../src/storage/folder/identity.js';
import type { Manifest, StoredShard } from '../../src/storage/folder/manifest.js';
import { shardFolder, shardFolders } from '../../src/storage/shards/shard-folders.js';
import { closeShards, openShards } from '../../src/storage/shards/shard-set.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { PACKAGE_ROOT } from '../helpers/command.js';
import { contentsOf, mergeInline, storeInline, storeShards } from '../helpers/sharded.js';
import { OPTIONS, SMALL, studyOf, WIDE } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const MERGE_PROCESS = join(PACKAGE_ROOT, 'dist/test/merge-process.js');
const FRONT = { store: { points: 'front' as const } };
const FEW: SweepSpec = {
  ...WIDE,
  axes: { ...WIDE.axes, l2_gbps: { values: [1000, 2000] }, dram_gbps: { scale: [1, 3, 4] } },
};
const STUDIES = [FEW, { ...FEW, ...FRONT }, SMALL, { ...SMALL, ...FRONT }, OPTIONS].map(studyOf);

const problemsOf = (folder: string) => [...checkStudy(folder, () => undefined)].flatMap(({ problems }) => problems);
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8')) as object;

describe('shards that are merged', () => {
  const cases = fc.record({
    study: fc.constantFrom(...STUDIES),
    count: fc.integer({ min: 1, max: 6 }),
    chunkPoints: fc.integer({ min: 9, max: 120 }),
    order: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    stopsAfter: fc.integer({ min: 1, max: 12 }),
  });

  it('are the study as one run stores it, in whatever order they come, and wherever a merge was stopped on its way', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ study, count, chunkPoints, order, stopsAfter }) => {
        const [whole, merged] = [makeFolder(), makeFolder()];
        await storeInline(whole, study, { chunkPoints });
        const folders = await storeShards(merged, study, count, chunkPoints);
        folders.sort((a, b) => order[folders.indexOf(a) % 6]! - order[folders.indexOf(b) % 6]!);
        await mergeInline(merged, { folders, most: stopsAfter });
        await expect(mergeInline(merged, { folders })).resolves.toBe(true);
        expect(contentsOf(merged)).toEqual(contentsOf(whole));
        expect(readdirSync(merged).sort()).toEqual(['points.arrow', 'shards', 'study.db', 'study.json']);
      }),
      { numRuns: 6 },
    );
  });

  it.each(STUDIES)('may be some of all (%#): another merge, or a run, completes the study', async (study) => {
    const [whole, merged] = [makeFolder(), makeFolder()];
    const chunkPoints = Math.ceil(gridOf(study).size / 15);
    await storeInline(whole, study, { chunkPoints });
    await storeShards(merged, study, 4, chunkPoints, [1, 3, 4]);
    await expect(mergeInline(merged, { partial: true })).resolves.toBe(false);
    expect(manifestOf(merged)).toMatchObject({ finished: null, merged: { shards: 3, of: 4 } });
    expect(rowsOf(merged, "SELECT value FROM study WHERE key = 'merged'")).toEqual([{ value: '3 of 4 shards' }]);
    expect(problemsOf(merged)).toEqual([]);
    const byRun = makeFolder();
    cpSync(merged, byRun, { recursive: true });
    await storeShards(merged, study, 4, chunkPoints, [2]);
    await expect(mergeInline(merged)).resolves.toBe(true);
    await expect(storeInline(byRun, study)).resolves.toBe(true);
    for (const folder of [merged, byRun]) {
      expect(contentsOf(folder)).toEqual(contentsOf(whole));
      expect(manifestOf(folder)).not.toHaveProperty('merged');
    }
  });

  it.each(STUDIES)('are sound themselves, resumed where they stopped (%#)', async (study) => {
    const folder = makeFolder();
    const shard = { index: 2, count: 2 };
    const own = shardFolder(folder, shard);
    await expect(
      storeInline(own, study, { shard, chunkPoints: Math.ceil(gridOf(study).size / 15), most: 2 }),
    ).resolves.toBe(false);
    expect(problemsOf(own)).toEqual([]);
    await expect(storeInline(own, study, { shard })).resolves.toBe(true);
    expect(problemsOf(own)).toEqual([]);
    expect(manifestOf(own)).toMatchObject({ shard: { index: 2, count: 2 } });
    expect(rowsOf(own, "SELECT value FROM study WHERE key = 'shard'")).toEqual([{ value: '2/2' }]);
  });

  it('may be more than the study has chunks', async () => {
    const [whole, merged] = [makeFolder(), makeFolder()];
    const study = studyOf(OPTIONS);
    await storeInline(whole, study, { chunkPoints: 20 });
    await storeShards(merged, study, 3, 20);
    await mergeInline(merged);
    expect(contentsOf(merged)).toEqual(contentsOf(whole));
  });
});

describe('a merge', () => {
  const study = studyOf(FEW);
  const front = studyOf({ ...FEW, ...FRONT });
  const other = studyOf({ ...FEW, constraints: [] });
  const places = { all: '', front: '', other: '' };
  beforeAll(async () => {
    for (const [name, of] of Object.entries({ all: study, front, other })) {
      places[name as keyof typeof places] = makeFolder();
      await storeShards(places[name as keyof typeof places], of, 3, 20);
    }
  });

  /** A copy of the shards of a study, with something done to them. */
  function copyOf(name: keyof typeof places, change: (shard: (index: number) => string) => void): string {
    const folder = makeFolder();
    cpSync(places[name], folder, { recursive: true });
    change((index) => shardFolder(folder, { index, count: 3 }));
    return folder;
  }

  const sql = (folder: string, statement: string) => {
    const db = new Database(join(folder, 'study.db'));
    db.exec(statement);
    db.close();
  };
  const batchOf = (folder: string) => join(folder, 'chunks', readdirSync(join(folder, 'chunks')).sort()[0]!);

  it.each<[string, keyof typeof places, (shard: (index: number) => string) => void, RegExp]>([
    [
      'a missing shard',
      'all',
      (of) => rmSync(of(2), { recursive: true }),
      /shards: shard 2 of 3 missing; expected all 3/,
    ],
    [
      'all but one missing',
      'all',
      (of) => [1, 3].forEach((index) => rmSync(of(index), { recursive: true })),
      /shards: shards 1,3 of 3 missing/,
    ],
    [
      'a shard of another study',
      'all',
      (of) => replace(of(2), 'other'),
      /2-of-3: is a shard of another study than \S+1-of-3 \(differs in constraints\)/,
    ],
    [
      'a shard that keeps the front alone',
      'all',
      (of) => replace(of(3), 'front'),
      /3-of-3: .* \(differs in points to store\)/,
    ],
    [
      'a shard that is given twice',
      'all',
      (of) => cpSync(of(1), of(1).replace('1-of', '9-of'), { recursive: true }),
      /9-of-3: is shard 1\/3, as \S+1-of-3 is/,
    ],
    [
      'a shard of another number',
      'all',
      (of) => edit(of(2), (manifest) => (manifest.shard.count = 4)),
      /2-of-3: is shard 2\/4, but \S+1-of-3 is shard 1\/3/,
    ],
    [
      'a whole study',
      'all',
      (of) => edit(of(2), (manifest) => delete (manifest as Partial<typeof manifest>).shard),
      /2-of-3: holds a whole study/,
    ],
    [
      'a study that was changed in its shard',
      'all',
      (of) => edit(of(2), ({ study }) => (study.constraints = [])),
      /2-of-3: study.json: its hash is not that of the study in it, expected the shard as it was stored/,
    ],
    [
      'shards of an older model',
      'all',
      (of) => [1, 2, 3].forEach((index) => age(of(index))),
      /1-of-3: was stored by version test of the program \(differs in model\), expected shards of this version/,
    ],
    [
      'chunks without a line',
      'all',
      (of) => sql(of(2), 'DELETE FROM chunks WHERE chunk = (SELECT max(chunk) FROM chunks)'),
      /2-of-3: it has 2 of 3 chunks/,
    ],
    [
      'a shard that has not finished',
      'all',
      (of) => edit(of(2), (manifest) => (manifest.finished = null)),
      /2-of-3: has not finished; expected all 3 shards, or --partial/,
    ],
    [
      'a truncated record batch',
      'all',
      (of) => truncateSync(batchOf(of(3)), 100),
      /3-of-3: its record batch of chunk \d+ is missing or damaged/,
    ],
    [
      'a record batch with a flipped bit',
      'all',
      (of) => flip(batchOf(of(1))),
      /1-of-3: its record batch of chunk \d+ is missing or damaged/,
    ],
    [
      'a missing record batch',
      'all',
      (of) => rmSync(batchOf(of(1))),
      /1-of-3: its record batch of chunk \d+ is missing/,
    ],
    [
      'a record batch that cannot be read',
      'all',
      (of) => {
        const batch = batchOf(of(2));
        rmSync(batch);
        mkdirSync(batch);
      },
      /2-of-3: its record batch of chunk \d+ cannot be read \(EISDIR\), expected the shard as it was stored/,
    ],
    [
      'a line of chunks whose points do not add up',
      'all',
      (of) => sql(of(2), 'UPDATE chunks SET points = points + 1'),
      /2-of-3: its line of chunks for chunk \d+ is damaged/,
    ],
    [
      'a line of chunks with the ids of another',
      'all',
      (of) => sql(of(2), 'UPDATE chunks SET first_id = first_id - 20, end_id = end_id - 20'),
      /2-of-3: its line of chunks for chunk \d+ is damaged/,
    ],
    [
      'a line of chunks of another shard',
      'all',
      (of) => sql(of(2), 'UPDATE chunks SET chunk = 0, first_id = 0, end_id = 20 WHERE chunk = 4'),
      /2-of-3: its line of chunks for chunk 0 is damaged/,
    ],
    [
      'a truncated database',
      'all',
      (of) => truncateSync(join(of(2), 'study.db'), 5000),
      /2-of-3: its study.db cannot be read/,
    ],
    ['no database', 'all', (of) => rmSync(join(of(2), 'study.db')), /2-of-3: its study.db cannot be read/],
    [
      'a database of another study',
      'all',
      (of) => sql(of(2), "UPDATE study SET value = 'x' WHERE key = 'hash'"),
      /2-of-3: study.db is of another study than study.json/,
    ],
    [
      'a workload that a user deleted',
      'all',
      (of) => sql(of(2), 'DELETE FROM workloads WHERE workload = 0'),
      /2-of-3: study\.db: workloads: 1 of its \d+ rows are missing or changed, expected the shard as it was stored/,
    ],
    [
      'a front without a row',
      'front',
      (of) => sql(of(2), 'DELETE FROM evaluated WHERE id = (SELECT max(id) FROM evaluated)'),
      /2-of-3: the front has \d+ rows, not those that were stored/,
    ],
    [
      'marginals that do not add up',
      'front',
      (of) => sql(of(2), 'UPDATE marginals SET points = points + 1'),
      /2-of-3: marginals has .* points along digit 1/,
    ],
  ])('refuses %s in one line that names it, and writes nothing', async (_, name, change, message) => {
    const folder = copyOf(name, change);
    await expect(mergeInline(folder)).rejects.toThrow(message);
    await expect(mergeInline(folder)).rejects.toMatchObject({ code: 'input' });
    expect(readdirSync(folder)).toEqual(['shards']);
  });

  function replace(folder: string, by: keyof typeof places): void {
    const index = Number(/(\d)-of-3$/.exec(folder)![1]);
    rmSync(folder, { recursive: true });
    cpSync(shardFolder(places[by], { index, count: 3 }), folder, { recursive: true });
  }

  function edit(folder: string, change: (manifest: Manifest & { shard: StoredShard }) => void) {
    const manifest = manifestOf(folder) as Parameters<typeof change>[0];
    change(manifest);
    writeFileSync(join(folder, 'study.json'), JSON.stringify(manifest));
  }

  /** Makes a shard what the version of the model before this one would have stored. */
  function age(folder: string): void {
    edit(folder, (manifest) => {
      manifest.model_version--;
      manifest.hash = hashOf(manifest);
      sql(folder, `UPDATE study SET value = '${manifest.hash}' WHERE key = 'hash'`);
    });
  }

  function flip(file: string, at = statSync(file).size >> 1): void {
    const bytes = readFileSync(file);
    bytes[at]! ^= 1;
    rmSync(file);
    writeFileSync(file, bytes);
  }

  it.each<[number, (chunks: { from: number; to: number }) => void, RegExp]>([
    [1, (chunks) => chunks.from++, /1-of-3: has other chunks than this version of the program gives shard 1\/3/],
    [3, (chunks) => chunks.from++, /3-of-3: has other chunks than this version of the program gives shard 3\/3/],
    [3, (chunks) => chunks.to--, /3-of-3: has other chunks than this version of the program gives shard 3\/3/],
  ])(
    'refuses shards that leave a chunk to none, as other versions of the program may have cut them (%j, %s)',
    async (index, cut, message) => {
      const folder = copyOf('all', (of) => rmSync(of(index), { recursive: true }));
      const shard = { index, count: 3 };
      const own = shardFolder(folder, shard);
      await storeInline(own, study, { shard, chunkPoints: 20, most: 0 });
      edit(own, (manifest) => cut(manifest.shard.chunks));
      await expect(storeInline(own, study, { shard })).resolves.toBe(true);
      await expect(mergeInline(folder)).rejects.toThrow(message);
      expect(readdirSync(folder)).toEqual(['shards']);
    },
  );

  it('leaves a study that it was about to complete as it was, where another shard is bad', async () => {
    const folder = copyOf('all', (of) => renameSync(of(2), join(of(2), '..', 'away')));
    await mergeInline(folder, { partial: true });
    const before = rowsOf(folder, 'SELECT * FROM chunks');
    renameSync(join(folder, 'shards/away'), shardFolder(folder, { index: 2, count: 3 }));
    truncateSync(batchOf(shardFolder(folder, { index: 2, count: 3 })), 100);
    await expect(mergeInline(folder)).rejects.toThrow('2-of-3');
    expect(rowsOf(folder, 'SELECT * FROM chunks')).toEqual(before);
    expect(problemsOf(folder)).toEqual([]);
  });

  it.each(['all', 'front'] as const)('goes by what the study holds already (%s)', async (name) => {
    const folder = copyOf(name, () => undefined);
    const [one, two, three] = [1, 2, 3].map((index) => shardFolder(folder, { index, count: 3 })) as [
      string,
      string,
      string,
    ];
    await expect(mergeInline(folder, { folders: [one], partial: true })).resolves.toBe(false);
    await expect(mergeInline(folder, { folders: [three] })).rejects.toThrow(/shards: shard 2 of 3 missing/);
    await expect(mergeInline(folder, { folders: [three], partial: true })).resolves.toBe(false);
    expect(manifestOf(folder)).toMatchObject({ finished: null, merged: { shards: 2, of: 3 } });
    await expect(mergeInline(folder, { folders: [two] })).resolves.toBe(true);
    expect(problemsOf(folder)).toEqual([]);
    expect(manifestOf(folder)).not.toHaveProperty('merged');
    rmSync(two, { recursive: true });
    await expect(mergeInline(folder)).resolves.toBe(true);
  });

  it('keeps runs out of the shards until it is over, and stays out while one is at work', async () => {
    const folder = copyOf('all', () => undefined);
    const own = shardFolder(folder, { index: 2, count: 3 });
    const again = { shard: { index: 2, count: 3 }, chunkPoints: 20, fresh: true };
    const set = openShards(shardFolders(folder));
    await expect(storeInline(own, study, again)).rejects.toThrow(/2-of-3: another run .* is at work/);
    closeShards(set);
    const run = new StudyRun(own, study, { toolVersion: 'test', ...again });
    await expect(mergeInline(folder)).rejects.toThrow(/2-of-3: another run .* is at work/);
    run.stop();
    await expect(mergeInline(folder)).resolves.toBe(true);
    await expect(storeInline(own, study, again)).resolves.toBe(true);
  });

  /** The study as one run stores it, in the chunks of the shards. */
  async function storedWhole(of = study) {
    const whole = makeFolder();
    await storeInline(whole, of, { chunkPoints: 20 });
    return contentsOf(whole);
  }

  /** Chunks of the first two shards; a merge that is stopped at the next chunk has stored those of the first. */
  const [FIRST, SECOND] = [
    [0, 1, 2, 3],
    [4, 5, 6],
  ] as const;
  const STOP = FIRST.length + 1;

  const WHOLE = ['points.arrow', 'shards', 'study.db', 'study.json'];
  const storedChunks = (folder: string) =>
    rowsOf(folder, 'SELECT chunk FROM chunks ORDER BY chunk').map(({ chunk }) => chunk);

  it('stores nothing of a shard that lacks rows, keeps the shards before it, and resumes with the shard as it was', async () => {
    const folder = copyOf('all', (of) =>
      sql(of(2), 'DELETE FROM evaluated WHERE id = (SELECT max(id) FROM evaluated)'),
    );
    await expect(mergeInline(folder)).rejects.toThrow(
      /2-of-3: its study.db has \d+ of the \d+ rows of chunk 6, expected the shard as it was stored: run it again with --fresh/,
    );
    expect(storedChunks(folder)).toEqual(FIRST);
    expect(problemsOf(folder)).toEqual([]);
    await storeInline(shardFolder(folder, { index: 2, count: 3 }), study, {
      ...{ shard: { index: 2, count: 3 }, chunkPoints: 20, fresh: true },
    });
    await expect(mergeInline(folder)).resolves.toBe(true);
    expect(contentsOf(folder)).toEqual(await storedWhole());
  });

  describe('that was stopped', () => {
    /** Shards whose first record batches are no longer what they were: who reads them again sees it. */
    function spoil(folder: string, chunks: number): void {
      const batches = shardFolders(folder).flatMap((shard) => {
        const of = join(shard, 'chunks');
        return readdirSync(of).map((name) => ({ file: join(of, name), chunk: Number.parseInt(name) }));
      });
      for (const { file, chunk } of batches) if (chunk < chunks) flip(file);
    }

    it.each([
      ['by a signal', { most: STOP }],
      ['by an error', { failsAfter: STOP }],
    ])('%s resumes behind the last shard that was stored', async (_, stop) => {
      const folder = copyOf('all', () => undefined);
      await mergeInline(folder, stop).catch((error: Error) => expect(error.message).toBe('killed'));
      expect(storedChunks(folder)).toEqual(FIRST);
      expect(problemsOf(folder)).toEqual([]);
      const other = makeFolder();
      cpSync(folder, other, { recursive: true });
      spoil(other, STOP);
      await expect(mergeInline(other)).rejects.toThrow(/2-of-3: its record batch of chunk 4 is missing or damaged/);
      spoil(folder, FIRST.length);
      await expect(mergeInline(folder, { toolVersion: 'next' })).resolves.toBe(true);
      expect(contentsOf(folder)).toEqual(await storedWhole());
      expect(problemsOf(folder)).toEqual([]);
      expect(readdirSync(folder).sort()).toEqual(WHOLE);
    });

    it.each<[string, string, number, readonly number[]]>([
      ['as it checks the shards', 'chunks checked', 4, []],
      ['as it stores the first shard', 'chunks merged', 3, []],
      ['as it begins with the second shard', 'chunks merged', STOP, FIRST],
      ['as it stores the last shard', 'chunks merged', 10, [...FIRST, ...SECOND]],
      ['as it makes points.arrow', 'chunks in points.arrow', 2, Array.from({ length: 11 }, (_, i) => i)],
    ])('by SIGKILL %s resumes with the shards that it lacks', async (_, step, chunk, stored) => {
      const folder = copyOf('all', () => undefined);
      const { signal } = spawnSync(process.execPath, [MERGE_PROCESS, folder, step, `${chunk}`]);
      expect(signal).toBe('SIGKILL');
      if (stored.length > 0) expect(storedChunks(folder)).toEqual(stored);
      // Who reads a record batch again that is stored already would refuse it.
      spoil(folder, stored.length);
      await expect(mergeInline(folder)).resolves.toBe(true);
      expect(contentsOf(folder)).toEqual(await storedWhole());
      expect(problemsOf(folder)).toEqual([]);
      expect(readdirSync(folder).sort()).toEqual(WHOLE);
    });

    it.each<[string, (folder: string) => void]>([
      ['a record batch is lost', (folder) => rmSync(join(folder, 'chunks/1.batch'))],
      ['a record batch is cut off', (folder) => truncateSync(join(folder, 'chunks/1.batch'), 100)],
      ['all record batches are lost', (folder) => rmSync(join(folder, 'chunks'), { recursive: true })],
      ['rows are lost', (folder) => sql(folder, 'DELETE FROM evaluated WHERE id < 30')],
      ['a line of chunks is lost', (folder) => sql(folder, 'DELETE FROM chunks WHERE chunk = 1')],
      ['a line of chunks is wrong', (folder) => sql(folder, 'UPDATE chunks SET points = 7 WHERE chunk = 1')],
      ['the database is cut off', (folder) => truncateSync(join(folder, 'study.db'), 20_000)],
    ])('makes what is damaged again, where %s', async (_, change) => {
      const folder = copyOf('all', () => undefined);
      await mergeInline(folder, { most: STOP });
      // Copies: a change to a file that a shard shares would be one to the shard.
      const copied = makeFolder();
      cpSync(folder, copied, { recursive: true });
      change(copied);
      await expect(mergeInline(copied)).resolves.toBe(true);
      expect(contentsOf(copied)).toEqual(await storedWhole());
      expect(problemsOf(copied)).toEqual([]);
    });

    it.each(['all', 'front'] as const)(
      'removes nothing where a shard that it needs is not there (%s)',
      async (name) => {
        const folder = copyOf(name, () => undefined);
        await mergeInline(folder, {
          folders: [1, 2].map((index) => shardFolder(folder, { index, count: 3 })),
          partial: true,
        });
        sql(folder, 'DELETE FROM evaluated WHERE id = (SELECT min(id) FROM evaluated)');
        const stored = () =>
          ['evaluated', 'chunks', 'marginals'].map((table) => rowsOf(folder, `SELECT * FROM ${table}`));
        const before = stored();
        rmSync(shardFolder(folder, { index: 1, count: 3 }), { recursive: true });
        await expect(mergeInline(folder)).rejects.toThrow(/shard 1 of 3 missing/);
        expect(stored()).toEqual(before);
      },
    );

    it('resumes with shards that have come since', async () => {
      const folder = copyOf('all', (of) => renameSync(of(3), join(of(3), '..', 'away')));
      await mergeInline(folder, { most: STOP, partial: true });
      expect(storedChunks(folder)).toEqual(FIRST);
      renameSync(join(folder, 'shards/away'), shardFolder(folder, { index: 3, count: 3 }));
      await expect(mergeInline(folder)).resolves.toBe(true);
      expect(contentsOf(folder)).toEqual(await storedWhole());
    });

    it('leaves a study that a run completes, and shards as they were', async () => {
      const folder = copyOf('all', () => undefined);
      await mergeInline(folder, { most: STOP });
      await expect(storeInline(folder, study)).resolves.toBe(true);
      expect(contentsOf(folder)).toEqual(await storedWhole());
      expect(readdirSync(folder).sort()).toEqual(WHOLE);
      for (const shard of shardFolders(folder)) expect(problemsOf(shard)).toEqual([]);
    });
  });

  it('stores shards while another program reads the study', async () => {
    const folder = copyOf('all', (of) => rmSync(of(2), { recursive: true }));
    await mergeInline(folder, { partial: true });
    const reader = new Database(join(folder, 'study.db'), { readonly: true });
    reader.exec('BEGIN');
    const count = reader.prepare('SELECT count(*) FROM points').pluck();
    const before = count.get();
    cpSync(shardFolder(places.all, { index: 2, count: 3 }), shardFolder(folder, { index: 2, count: 3 }), {
      recursive: true,
    });
    await expect(mergeInline(folder)).resolves.toBe(true);
    expect(count.get()).toBe(before);
    reader.close();
    expect(contentsOf(folder)).toEqual(await storedWhole());
    expect(problemsOf(folder)).toEqual([]);
  });

  it('ends in one line while another program writes to the study, and resumes once that is done', async () => {
    const folder = copyOf('all', () => undefined);
    await mergeInline(folder, { most: STOP });
    const writer = new Database(join(folder, 'study.db'));
    writer.exec("BEGIN IMMEDIATE; INSERT INTO study (key, value) VALUES ('mine', 'x')");
    await expect(mergeInline(folder)).rejects.toThrow(
      /study.db: another program is using it; run again when that program is done/,
    );
    expect(storedChunks(folder)).toEqual(FIRST);
    writer.exec('ROLLBACK');
    writer.close();
    await expect(mergeInline(folder)).resolves.toBe(true);
    expect(contentsOf(folder)).toEqual(await storedWhole());
  });

  describe('of shards into a study that a user has added to', () => {
    const ADDED = `CREATE TABLE log (id INTEGER);
      CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT);
      INSERT INTO notes VALUES (1, 'mine');
      CREATE INDEX by_time ON evaluated (time_ms);
      CREATE TRIGGER logged AFTER INSERT ON evaluated BEGIN INSERT INTO log VALUES (new.id); END;
      CREATE VIEW quick AS SELECT id, time_ms FROM points ORDER BY time_ms LIMIT 5;
      ALTER TABLE evaluated ADD COLUMN remark TEXT DEFAULT 'none';
      ALTER TABLE chunks ADD COLUMN remark TEXT;
      ALTER TABLE pareto ADD COLUMN remark TEXT;
      UPDATE evaluated SET remark = 'mine' WHERE id = (SELECT min(id) FROM evaluated)`;
    const DROPPED = `DROP TRIGGER logged; DROP INDEX by_time; DROP VIEW quick; DROP TABLE log; DROP TABLE notes;
      ALTER TABLE evaluated DROP COLUMN remark;
      ALTER TABLE chunks DROP COLUMN remark;
      ALTER TABLE pareto DROP COLUMN remark`;

    const completions: [string, keyof typeof places, (folder: string) => Promise<boolean>][] = [
      ['a merge', 'all', (folder) => mergeInline(folder)],
      ['a merge of fronts', 'front', (folder) => mergeInline(folder)],
      ['a run', 'all', (folder) => storeInline(folder, study)],
      ['a run that keeps the front alone', 'front', (folder) => storeInline(folder, front)],
    ];
    it.each(completions)('%s keeps tables, columns, views, indexes and triggers (%s)', async (_, name, complete) => {
      const folder = copyOf(name, () => undefined);
      await mergeInline(folder, { most: STOP });
      const before = rowsOf(folder, 'SELECT id FROM evaluated').length;
      sql(folder, ADDED);
      await expect(complete(folder)).resolves.toBe(true);
      expect(problemsOf(folder)).toEqual([]);
      expect(rowsOf(folder, 'SELECT * FROM notes')).toEqual([{ id: 1, text: 'mine' }]);
      expect(rowsOf(folder, 'SELECT * FROM quick')).toEqual(
        rowsOf(folder, 'SELECT id, time_ms FROM evaluated ORDER BY time_ms LIMIT 5'),
      );
      expect(rowsOf(folder, "SELECT name FROM sqlite_schema WHERE name IN ('by_time', 'logged') ORDER BY 1")).toEqual([
        { name: 'by_time' },
        { name: 'logged' },
      ]);
      for (const table of ['chunks', 'pareto']) rowsOf(folder, `SELECT remark FROM ${table}`);
      const unlogged = rowsOf(
        folder,
        'SELECT id, remark FROM evaluated WHERE id NOT IN (SELECT id FROM log) ORDER BY id',
      );
      if (name === 'all') {
        expect(unlogged).toHaveLength(before);
        expect(unlogged[0]).toMatchObject({ remark: 'mine' });
        expect(rowsOf(folder, 'SELECT id FROM log GROUP BY id HAVING count(*) > 1')).toEqual([]);
        expect(rowsOf(folder, "SELECT count(*) AS n FROM evaluated WHERE remark = 'mine'")).toEqual([{ n: 1 }]);
      } else expect(unlogged.length).toBeLessThanOrEqual(before);
      sql(folder, DROPPED);
      expect(contentsOf(folder)).toEqual(await storedWhole(name === 'all' ? study : front));
    });

    /** What refuses rows, how it is dropped, and what SQLite says. */
    const refusals: [string, string, string, RegExp][] = [
      [
        'a unique index',
        `CREATE UNIQUE INDEX once ON evaluated (id / 100)
          WHERE id >= 80`,
        'DROP INDEX once',
        /UNIQUE constraint failed: index 'once'/,
      ],
      [
        'a trigger that raises an error',
        "CREATE TRIGGER never BEFORE INSERT ON evaluated BEGIN SELECT RAISE(ABORT, 'not now'); END",
        'DROP TRIGGER never',
        /not now/,
      ],
      [
        'a trigger that rolls back',
        "CREATE TRIGGER never BEFORE INSERT ON evaluated BEGIN SELECT RAISE(ROLLBACK, 'not now'); END",
        'DROP TRIGGER never',
        /not now/,
      ],
      [
        'a trigger on chunks',
        "CREATE TRIGGER never AFTER INSERT ON chunks BEGIN SELECT RAISE(FAIL, 'not now'); END",
        'DROP TRIGGER never',
        /not now/,
      ],
    ];
    it.each(
      refusals.flatMap((refusal) =>
        completions
          .slice(2, 3)
          .concat(completions.slice(0, 1))
          .map(([by, , complete]) => [by, ...refusal, complete] as const),
      ),
    )(
      '%s that meets %s ends in one line, and completes the study once that is dropped',
      async (_by, _, add, drop, says, complete) => {
        const folder = copyOf('all', () => undefined);
        await mergeInline(folder, { most: STOP });
        const before = storedChunks(folder);
        sql(folder, add);
        const refused = complete(folder);
        await expect(refused).rejects.toThrow(says);
        await expect(refused).rejects.toThrow(
          /^\S+study\.db: .*: an index, trigger or column that was added refuses rows; drop it and run again$/,
        );
        await expect(refused).rejects.toMatchObject({ code: 'run' });
        expect(storedChunks(folder)).toEqual(before);
        sql(folder, drop);
        await expect(complete(folder)).resolves.toBe(true);
        expect(contentsOf(folder)).toEqual(await storedWhole());
        expect(problemsOf(folder)).toEqual([]);
      },
    );
  });

  it('that is asked for what the study holds already leaves it as it is', async () => {
    const folder = copyOf('all', (of) => rmSync(of(2), { recursive: true }));
    await mergeInline(folder, { partial: true });
    const { ino } = statSync(join(folder, 'study.db'));
    await expect(mergeInline(folder, { partial: true })).resolves.toBe(false);
    expect(statSync(join(folder, 'study.db')).ino).toBe(ino);
  });

  it('goes into the folder of a run that was killed before its database had tables', async () => {
    const folder = copyOf('all', () => undefined);
    await storeInline(folder, study, { chunkPoints: 20, most: 0 });
    writeFileSync(join(folder, 'study.db'), '');
    await expect(mergeInline(folder)).resolves.toBe(true);
    expect(problemsOf(folder)).toEqual([]);
  });

  it('leaves no mark in a study that a run has completed, whenever the merge before was killed', async () => {
    const folder = copyOf('all', (of) => rmSync(of(2), { recursive: true }));
    await mergeInline(folder, { partial: true });
    edit(folder, (manifest) => delete (manifest as Partial<Manifest>).merged);
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expect(rowsOf(folder, "SELECT value FROM study WHERE key = 'merged'")).toEqual([]);
  });

  (existsSync('/dev/shm') ? it : it.skip)(
    'copies record batches from another file system, for a run that resumes',
    async () => {
      const folder = mkdtempSync('/dev/shm/delta-sweep-test-');
      try {
        const shards = [1, 3].map((index) => shardFolder(places.all, { index, count: 3 }));
        await expect(mergeInline(folder, { folders: shards, partial: true })).resolves.toBe(false);
        await expect(storeInline(folder, study)).resolves.toBe(true);
        expect(problemsOf(folder)).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('refuses to go into the folder of another study', async () => {
    const folder = copyOf('all', () => undefined);
    await storeInline(folder, other);
    await expect(mergeInline(folder)).rejects.toThrow(/holds another study \(differs in constraints\)/);
  });

  it('that is done again finds nothing to do, and leaves the shards as they are', async () => {
    const folder = copyOf('all', () => undefined);
    await mergeInline(folder);
    const before = contentsOf(folder);
    await expect(mergeInline(folder)).resolves.toBe(true);
    expect(contentsOf(folder)).toEqual(before);
    for (const index of [1, 2, 3]) expect(problemsOf(shardFolder(folder, { index, count: 3 }))).toEqual([]);
    expect(existsSync(join(folder, 'chunks'))).toBe(false);
  });

  it('takes a front whole or not at all: chunks that a run has evaluated meanwhile are not counted twice', async () => {
    const folder = copyOf('front', (of) => rmSync(of(2), { recursive: true }));
    await mergeInline(folder, { partial: true });
    await storeInline(folder, front, { most: 1 });
    await storeShards(folder, front, 3, 20, [2]);
    await expect(mergeInline(folder)).rejects.toThrow(
      /2-of-3: \S+ has evaluated some of its chunks since, expected that run/,
    );
    await expect(storeInline(folder, front)).resolves.toBe(true);
    const whole = makeFolder();
    await storeInline(whole, front, { chunkPoints: 20 });
    expect(contentsOf(folder)).toEqual(contentsOf(whole));
  });
});
