/** How far a study is, from what runs leave in its folder. */
import { describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { factsOf } from '../../src/engine/facts.js';
import { renderStatus } from '../../src/report/status.js';
import { fits } from '../../src/report/table.js';
import { gridOf } from '../../src/space/study.js';
import { readStatus } from '../../src/storage/folder/read-status.js';
import { shardFolder } from '../../src/storage/shards/shard-folders.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { mergeInline, storeInline, storeShards } from '../helpers/sharded.js';
import { studyOf, TINY } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(TINY);
const { size } = gridOf(study);
const COUNT = 8;
/** A process that was, and is no more: beyond what Linux gives out. */
const GONE = 2 ** 22 + 1;

const shardOf = (index: number) => ({ index, count: COUNT });
const options = (index: number) => ({ shard: shardOf(index), chunkPoints: 1 });

/** Makes a stopped shard look as if its run were still there. */
function owned(folder: string, owner: { pid: number; host: string }, secondsAgo = 0): void {
  const file = join(folder, 'study.owner');
  writeFileSync(file, JSON.stringify({ ...owner, since: new Date().toISOString() }));
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(file, then, then);
}

describe('the status of a study', () => {
  it('tells of each shard whether it is done, runs, has failed, was stopped or has not begun, and which to submit again', async () => {
    const folder = makeFolder();
    const at = (index: number) => shardFolder(folder, shardOf(index));
    await storeInline(at(1), study, options(1));
    for (const index of [2, 3, 4, 5]) await storeInline(at(index), study, { ...options(index), most: 2 });
    owned(at(3), { pid: GONE, host: hostname() });
    owned(at(4), { pid: GONE, host: 'another-machine' });
    owned(at(5), { pid: process.pid, host: 'another-machine' }, 600);
    const failed = new StudyRun(at(6), study, { toolVersion: 'test', ...options(6) });
    await failed.resume();
    failed.begin(factsOf(study));
    failed.fail({ chunk: 25, from: 25, to: 26, attempts: 2, cause: 'it is cursed' });
    failed.stop();
    const running = new StudyRun(at(7), study, { toolVersion: 'test', ...options(7) });
    await running.resume();
    running.begin(factsOf(study));
    try {
      const before = readdirSync(folder, { recursive: true }).sort();
      const status = readStatus(folder);
      expect(status.shards.map(({ shard, state, done, points }) => [shard, state, done, points])).toEqual([
        [1, 'done', 5, 5],
        [2, 'stopped', 2, 5],
        [3, 'stopped', 2, 5],
        [4, 'running', 2, 5],
        [5, 'stopped', 2, 5],
        [6, 'failed', 0, 5],
        [7, 'running', 0, 5],
        [8, 'missing', 0, undefined],
      ]);
      expect(status).toMatchObject({ study: 'tiny', done: 13, points: size, resubmit: [2, 3, 5, 6, 8] });
      expect(status.rate).toBeGreaterThan(0);
      expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
      const text = renderStatus(status);
      expect(text).toContain('8 shards: 1 done, 2 running, 1 failed, 3 stopped, 1 missing');
      expect(text).toMatch(/\nto submit again, unless they are queued: --array=2-3,5-6,8$/);
      expect(fits(text)).toBe(true);
    } finally {
      running.stop();
    }
  });

  it('tells of a study that is one run, and of one that was merged', async () => {
    const [one, merged] = [makeFolder(), makeFolder()];
    await storeInline(one, study, { chunkPoints: 10, most: 3 });
    expect(readStatus(one)).toMatchObject({ whole: { state: 'stopped' }, shards: [], done: 30, seconds_left: null });
    expect(renderStatus(readStatus(one))).toBe('tiny: 30 of 40 points (75%)\nrun: stopped');
    await storeInline(one, study);
    expect(readStatus(one)).toMatchObject({ whole: { state: 'done' }, done: 40 });
    expect(readdirSync(one).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);

    await storeShards(merged, study, 3, 10, [1, 3]);
    await mergeInline(merged, { partial: true });
    expect(renderStatus(readStatus(merged))).toContain('\nmerged: in part\n');
    await storeShards(merged, study, 3, 10, [2]);
    await mergeInline(merged);
    rmSync(shardFolder(merged, { index: 2, count: 3 }), { recursive: true });
    expect(readStatus(merged)).toMatchObject({ done: 40, resubmit: [], whole: { state: 'done' } });
  });

  it('tells which shards are of another study: they count for nothing, and are not to be submitted', async () => {
    const folder = makeFolder();
    await storeShards(folder, study, 3, 10, [1]);
    await storeShards(folder, studyOf({ ...TINY, constraints: ['l2_gbps > dram_gbps'] }), 3, 10, [3]);
    const status = readStatus(folder);
    expect(status.shards.map(({ state }) => state)).toEqual(['done', 'missing', 'foreign']);
    expect(status).toMatchObject({ done: status.shards[0]!.done, resubmit: [2] });
    expect(renderStatus(status)).toContain('\nof another study, to be removed or run with --fresh: 3\n');
  });

  it('asks how many shards there are to be, where none has begun to say', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'shards'));
    expect(() => readStatus(folder)).toThrow(/holds no study and no shard of one that has begun/);
    await storeShards(folder, study, 3, 10, [2]);
    expect(readStatus(folder).resubmit).toEqual([1, 3]);
    expect(() => readStatus(folder, 4)).toThrow(/--shards, got 4, expected 3, as \S+ has/);
  });
});
