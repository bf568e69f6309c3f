/** Shards of a study, merged: the files of an unsharded run, byte by byte and row by row, or one line that says why not. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import {
  appendFileSync,
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
import { join } from 'node:path';
import { gridOf, type SweepSpec } from '../../src/space/study.js';
import { checkStudy } from '../../src/storage/run/check-study.js';
import { hashOf } from '../../src/storage/folder/identity.js';
import type { Manifest, StoredShard } from '../../src/storage/folder/manifest.js';
import { shardFolder, shardFolders } from '../../src/storage/shards/shard-folders.js';
import { closeShards, openShards } from '../../src/storage/shards/shard-set.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { contentsOf, mergeInline, storeInline, storeShards } from '../helpers/sharded.js';
import { OPTIONS, SMALL, studyOf, WIDE } from '../helpers/specs.js';
import { rowsOf } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
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

  it('are the study as one run stores it, in whatever order they come, and where the merge was stopped on its way', async () => {
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

  it.each(STUDIES)('may be parts of it (%#): the rest comes by another merge, or by a run', async (study) => {
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
  const partOf = (folder: string) => join(folder, 'parts', readdirSync(join(folder, 'parts')).sort()[0]!);

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
      'a shard that is there twice',
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
      'a ledger without a line',
      'all',
      (of) => sql(of(2), 'DELETE FROM chunks WHERE chunk = (SELECT max(chunk) FROM chunks)'),
      /2-of-3: its ledger has \d+ of \d+ chunks/,
    ],
    [
      'a shard that has not finished',
      'all',
      (of) => edit(of(2), (manifest) => (manifest.finished = null)),
      /2-of-3: has not finished; expected all 3 shards, or --partial/,
    ],
    [
      'a truncated part',
      'all',
      (of) => truncateSync(partOf(of(3)), 100),
      /3-of-3: its part of points.arrow for chunk \d+ is missing or damaged/,
    ],
    [
      'a flipped bit',
      'all',
      (of) => flip(partOf(of(1))),
      /1-of-3: its part of points.arrow for chunk \d+ is missing or damaged/,
    ],
    [
      'a missing part',
      'all',
      (of) => rmSync(partOf(of(1))),
      /1-of-3: its part of points.arrow for chunk \d+ is missing/,
    ],
    [
      'a part that cannot be read',
      'all',
      (of) => {
        const part = partOf(of(2));
        rmSync(part);
        mkdirSync(part);
      },
      /2-of-3: its part of points.arrow for chunk \d+ cannot be read \(EISDIR\), expected the shard as it was stored/,
    ],
    [
      'a wrong ledger',
      'all',
      (of) => sql(of(2), 'UPDATE chunks SET points = points + 1'),
      /2-of-3: its line of the ledger for chunk \d+ is damaged/,
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
      'a front without a row',
      'front',
      (of) => sql(of(2), 'DELETE FROM points WHERE id = (SELECT max(id) FROM points)'),
      /2-of-3: the rows of the front in study.db are not what was written/,
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
    [1, (chunks) => chunks.from++, /1-of-3: does not begin where the study does/],
    [3, (chunks) => chunks.from++, /3-of-3: does not begin where \S+2-of-3 ends/],
    [3, (chunks) => chunks.to--, /3-of-3: does not end where the study does/],
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
    truncateSync(partOf(shardFolder(folder, { index: 2, count: 3 })), 100);
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

  describe('that was stopped', () => {
    /** Shards whose first parts are no longer what they were: who reads them again sees it. */
    function spoil(folder: string, chunks: number): void {
      const parts = shardFolders(folder).flatMap((shard) => {
        const of = join(shard, 'parts');
        return readdirSync(of).map((name) => ({ file: join(of, name), chunk: Number.parseInt(name) }));
      });
      for (const { file, chunk } of parts) if (chunk < chunks) flip(file);
    }

    async function wholeStudy() {
      const whole = makeFolder();
      await storeInline(whole, study, { chunkPoints: 20 });
      return contentsOf(whole);
    }

    it.each([
      ['by a signal', { most: 4 }],
      ['by an error, after it has saved how far it was', { failsAfter: 4 }],
    ])('%s goes on behind what it has merged', async (_, stop) => {
      const folder = copyOf('all', () => undefined);
      await mergeInline(folder, stop).catch((error: Error) => expect(error.message).toBe('killed'));
      expect(readdirSync(folder).sort()).toEqual(['merging', 'shards']);
      // What it wrote after that is written over, or cut off.
      for (const name of ['study.db', 'last-ids', 'points.arrow'])
        appendFileSync(join(folder, 'merging', name), 'x'.repeat(1e6));
      spoil(folder, 3);
      await expect(mergeInline(folder)).resolves.toBe(true);
      expect(contentsOf(folder)).toEqual(await wholeStudy());
      expect(problemsOf(folder)).toEqual([]);
      expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'shards', 'study.db', 'study.json']);
    });

    it.each<[string, (folder: string) => void, Parameters<typeof mergeInline>[1]]>([
      ['what it has saved is damaged', (folder) => truncateSync(join(folder, 'merging/state.json'), 20), {}],
      ['a file of it is gone', (folder) => rmSync(join(folder, 'merging/points.arrow')), {}],
      ['a file of it is cut off', (folder) => truncateSync(join(folder, 'merging/points.arrow'), 100), {}],
      ['another version of the program goes on', () => undefined, { toolVersion: 'next' }],
    ])('begins anew where %s', async (_, change, options) => {
      const folder = copyOf('all', () => undefined);
      await mergeInline(folder, { most: 4 });
      change(folder);
      const spoilt = makeFolder();
      cpSync(folder, spoilt, { recursive: true });
      spoil(spoilt, 3);
      await expect(mergeInline(spoilt, options)).rejects.toThrow(/its part of points.arrow for chunk 0 is/);
      await expect(mergeInline(folder, options)).resolves.toBe(true);
      expect(problemsOf(folder)).toEqual([]);
    });

    it.each<[string, (file: string) => void]>([
      ['is shorter', (file) => truncateSync(file, statSync(file).size - 8)],
      ['says that it has other metadata', (file) => flip(file, 5)],
    ])('finds a part that it has merged before where that %s now', async (_, change) => {
      const folder = copyOf('all', () => undefined);
      await mergeInline(folder, { most: 4 });
      change(join(shardFolder(folder, { index: 1, count: 3 }), 'parts/1.batch'));
      await expect(mergeInline(folder)).rejects.toThrow(/1-of-3: its part of points.arrow for chunk 1 is missing or/);
    });

    it('and goes on with other shards begins anew', async () => {
      const folder = copyOf('all', (of) => renameSync(of(3), join(of(3), '..', 'away')));
      await mergeInline(folder, { most: 2, partial: true });
      renameSync(join(folder, 'shards/away'), shardFolder(folder, { index: 3, count: 3 }));
      await expect(mergeInline(folder)).resolves.toBe(true);
      expect(contentsOf(folder)).toEqual(await wholeStudy());
    });

    it('is in the way of no run', async () => {
      const folder = copyOf('all', () => undefined);
      await mergeInline(folder, { most: 2 });
      await expect(storeInline(folder, study, { chunkPoints: 20 })).resolves.toBe(true);
      expect(contentsOf(folder)).toEqual(await wholeStudy());
      expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'shards', 'study.db', 'study.json']);
    });
  });

  it('does not replace a database that another program is reading', async () => {
    const folder = copyOf('all', (of) => rmSync(of(2), { recursive: true }));
    await storeInline(folder, study, { chunkPoints: 20, most: 3 });
    const reader = new Database(join(folder, 'study.db'));
    reader.exec('BEGIN; SELECT count(*) FROM points');
    await expect(mergeInline(folder, { partial: true })).rejects.toThrow(/study.db: another program is using it/);
    reader.close();
    await expect(mergeInline(folder, { partial: true })).resolves.toBe(false);
    // One that writes leaves a journal, which SQLite would read into the other file.
    const writer = new Database(join(folder, 'study.db'));
    writer.exec("BEGIN; UPDATE study SET value = 'x'");
    cpSync(shardFolder(places.all, { index: 2, count: 3 }), shardFolder(folder, { index: 2, count: 3 }), {
      recursive: true,
    });
    await expect(mergeInline(folder)).rejects.toThrow(/study.db: another program is using it/);
    writer.close();
    await expect(mergeInline(folder)).resolves.toBe(true);
    expect(problemsOf(folder)).toEqual([]);
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

  (existsSync('/dev/shm') ? it : it.skip)('copies parts from another file system, for a run that goes on', async () => {
    const folder = mkdtempSync('/dev/shm/delta-sweep-test-');
    try {
      const shards = [1, 3].map((index) => shardFolder(places.all, { index, count: 3 }));
      await expect(mergeInline(folder, { folders: shards, partial: true })).resolves.toBe(false);
      await expect(storeInline(folder, study)).resolves.toBe(true);
      expect(problemsOf(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

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
    expect(existsSync(join(folder, 'parts'))).toBe(false);
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
