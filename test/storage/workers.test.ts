/** What is stored depends on the study alone: not on threads, chunks or interruptions. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sink } from '../../src/engine/sink.js';
import { gridOf } from '../../src/space/study.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { failingWorker } from '../helpers/failing-worker.js';
import { storeInline } from '../helpers/sharded.js';
import { OPTIONS, SMALL, studyOf, TINY, WIDE } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { FULL } from '../helpers/full.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const CHUNK_POINTS = 23;
const pointsOf = (folder: string) => rowsOf(folder, 'SELECT * FROM points ORDER BY id');
const arrowOf = (folder: string) => readFileSync(join(folder, 'points.arrow'));

/** A sink before the run's own that does something at each chunk. */
const before =
  (act: (chunk: number) => void) =>
  (run: StudyRun): Sink => ({
    append: async (chunk) => {
      act(chunk.chunk);
      await run.append(chunk);
    },
    fail: (chunk) => run.fail(chunk),
  });

const STUDIES = [
  { name: 'the staged evaluator', spec: WIDE },
  { name: 'the front alone', spec: { ...WIDE, store: { points: 'front' as const } } },
  { name: 'delta-2019', spec: SMALL },
  { name: 'named options', spec: { ...OPTIONS, axes: { l2_gbps: { range: { from: 1000, to: 8000, steps: 30 } } } } },
];

describe.each(FULL ? STUDIES : STUDIES.slice(0, 2))('the files of a study by $name', ({ spec }) => {
  const study = studyOf(spec);
  let rows: Row[];
  let arrow: Buffer;
  let lines: Row[];
  const linesOf = (folder: string) => rowsOf(folder, 'SELECT * FROM chunks ORDER BY chunk');
  const marginalsOf = (folder: string) => rowsOf(folder, 'SELECT * FROM marginals');
  let marginals: Row[];
  beforeAll(async () => {
    const folder = makeFolder();
    await expect(storeStudy(folder, study, { workers: 1, chunkPoints: CHUNK_POINTS })).resolves.toBe(true);
    [rows, arrow, lines, marginals] = [pointsOf(folder), arrowOf(folder), linesOf(folder), marginalsOf(folder)];
    expect(rows.length).toBeGreaterThan(10);
  });

  function expectSameFiles(folder: string): void {
    expect(pointsOf(folder)).toEqual(rows);
    expect(arrowOf(folder).equals(arrow)).toBe(true);
    expect(linesOf(folder)).toEqual(lines);
    expect(marginalsOf(folder)).toEqual(marginals);
    expect(readdirSync(folder).sort()).toEqual(['points.arrow', 'study.db', 'study.json']);
  }

  it.each([2, 4])('are the same from %i workers', async (workers) => {
    const folder = makeFolder();
    await storeStudy(folder, study, { workers, chunkPoints: CHUNK_POINTS });
    expectSameFiles(folder);
  });

  it('have the same rows whatever the chunks', async () => {
    const folder = makeFolder();
    await storeStudy(folder, study, { chunkPoints: 1000 });
    expect(pointsOf(folder)).toEqual(rows);
    expect(marginalsOf(folder)).toEqual(marginals);
  });

  it('are the same after interruptions, each with another number of workers', async () => {
    const folder = makeFolder();
    const done: number[] = [];
    for (const workers of [1, 3, 2]) {
      const controller = new AbortController();
      let appended = 0;
      const through = before(() => void (++appended === 3 && controller.abort()));
      const options = { workers, chunkPoints: CHUNK_POINTS, signal: controller.signal, through };
      await expect(storeStudy(folder, study, options)).resolves.toBe(false);
      done.push(rowsOf<{ n: number }>(folder, 'SELECT count(*) AS n FROM chunks')[0]!.n);
    }
    expect(done).toEqual([...new Set(done)].sort((a, b) => a - b)); // each went on further
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expectSameFiles(folder);
  });

  it('are the same after a run whose writer failed on the way', async () => {
    const folder = makeFolder();
    const through = before((chunk) => {
      if (chunk === 5) throw new Error('no more');
    });
    await expect(storeStudy(folder, study, { chunkPoints: CHUNK_POINTS, through })).rejects.toThrow('no more');
    expect(rowsOf(folder, 'SELECT max(chunk) AS last FROM chunks')).toEqual([{ last: 4 }]);
    await storeStudy(folder, study);
    expectSameFiles(folder);
  });

  it('are the same where chunks failed, and the next run took them alone', async () => {
    const folder = makeFolder();
    const workerFile = failingWorker(makeFolder(), { fault: 'throws', chunk: '4' });
    await expect(storeStudy(folder, study, { workerFile, chunkPoints: CHUNK_POINTS })).resolves.toBe(false);
    expect(rowsOf(folder, 'SELECT chunk, first_id, attempts, cause FROM failures')).toEqual([
      { chunk: 4, first_id: 4 * CHUNK_POINTS, attempts: 2, cause: 'chunk 4 is cursed' },
    ]);
    const run = new StudyRun(folder, study, { toolVersion: 'test' });
    await run.resume();
    expect([...run.pending()]).toEqual([4]);
    run.stop();
    await expect(storeStudy(folder, study)).resolves.toBe(true);
    expect(rowsOf(folder, 'SELECT * FROM failures')).toEqual([]);
    expectSameFiles(folder);
  });

  it.each([
    'points.arrow.partial',
    'study.lock',
    'study.owner',
    'study.json.partial',
    'chunks/3.batch.partial',
    'chunks/3.batch',
    'chunks/3.db',
    'chunks/3.db-journal',
  ])('are the same where a killed run left its %s', async (leftover) => {
    const folder = makeFolder();
    await expect(storeInline(folder, study, { chunkPoints: CHUNK_POINTS, most: 3 })).resolves.toBe(false);
    mkdirSync(join(folder, 'chunks'), { recursive: true });
    writeFileSync(join(folder, leftover), leftover === 'study.lock' ? '' : 'half a file');
    await storeStudy(folder, study, { workers: 1 });
    expectSameFiles(folder);
  });

  it('are the same where a run was killed as it put points.arrow together', async () => {
    const folder = makeFolder();
    const aborted = makeFolder();
    const controller = new AbortController();
    const run = new StudyRun(folder, study, { toolVersion: 'test', chunkPoints: CHUNK_POINTS });
    run.stop();
    const last = lines.length - 1;
    const through = before((chunk) => void (chunk === last && controller.abort()));
    await storeStudy(folder, study, { chunkPoints: CHUNK_POINTS, signal: controller.signal, through });
    rmSync(aborted, { recursive: true });
    cpSync(folder, aborted, { recursive: true });
    const again = new StudyRun(aborted, study, { toolVersion: 'test' });
    await again.resume();
    if ([...again.pending()].length === 0) await expect(again.finish(AbortSignal.abort())).resolves.toBeUndefined();
    again.stop();
    await expect(storeStudy(aborted, study)).resolves.toBe(true);
    expectSameFiles(aborted);
  });
});

describe('a study that keeps its front alone', () => {
  const study = studyOf({ ...WIDE, store: { points: 'front' } });
  const all = studyOf(WIDE);

  it('keeps the front of all points, in every cell, and sums along the axes that agree with all points', async () => {
    const [front, whole] = [makeFolder(), makeFolder()];
    await storeStudy(front, study, { chunkPoints: 200 });
    await storeStudy(whole, all);
    const points = pointsOf(whole);
    const costs = (row: Row) => [Number(row['time_ms']), Number(row['area_mm2'])];
    const isDominated = (row: Row) =>
      points.some((other) => {
        if (other['time_ms'] === null || other['batch'] !== row['batch']) return false;
        const [a, b] = [costs(other), costs(row)];
        return a.every((cost, i) => cost <= b[i]!) && a.some((cost, i) => cost < b[i]!);
      });
    expect(pointsOf(front)).toEqual(points.filter((row) => row['time_ms'] !== null && !isDominated(row)));
    const ofAxis = rowsOf<Record<string, number>>(
      whole,
      `SELECT value, count(*) AS points, count(infeasible) AS infeasible, avg(ln(time_ms)) AS log_mean, min(time_ms) AS least
       FROM points JOIN axes ON axis = 'dram_gbps' AND value = dram_gbps GROUP BY network, batch, position`,
    );
    const marginals = rowsOf<Record<string, number>>(
      front,
      `SELECT value, points, infeasible, ln(mean_time_ms) AS log_mean, least_time_ms AS least FROM axis_times
       JOIN axes USING (axis, value) WHERE axis = 'dram_gbps' ORDER BY network, batch, position`,
    );
    expect(marginals.length).toBe(ofAxis.length);
    marginals.forEach(({ log_mean, ...exact }, i) => {
      const { log_mean: expected, ...others } = ofAxis[i]!;
      expect(exact).toEqual(others);
      expect(log_mean).toBeCloseTo(expected!, 5);
    });
    expect(rowsOf(front, 'SELECT sum(points) AS n FROM chunks')).toEqual([{ n: points.length }]);
    expect(gridOf(study).size).toBeGreaterThan(points.length);
  });

  it('is another study than the one that keeps all', async () => {
    const folder = makeFolder();
    await storeStudy(folder, studyOf(TINY));
    expect(
      () => new StudyRun(folder, studyOf({ ...TINY, store: { points: 'front' } }), { toolVersion: 'test' }),
    ).toThrow('differs in points to store');
  });
});

describe('a run whose writer is slow', () => {
  it('has no more chunks on their way to the database than its tasks in flight', async () => {
    const study = studyOf(WIDE);
    const folder = makeFolder();
    const chunkPoints = 2;
    const chunks = Math.ceil(gridOf(study).size / chunkPoints);
    const [workers, tasks] = [2, 8];
    const chunksPerTask = Math.max(1, Math.floor(chunks / (workers * 16)));
    let most = 0;
    const slow = before(() => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      most = Math.max(most, readdirSync(join(folder, 'chunks')).filter((name) => name.endsWith('.db')).length);
    });
    await expect(storeStudy(folder, study, { workers, chunkPoints, through: slow })).resolves.toBe(true);
    expect(most).toBeGreaterThan(chunksPerTask);
    expect(most).toBeLessThanOrEqual(tasks * chunksPerTask);
    expect(chunks).toBeGreaterThan(2 * tasks * chunksPerTask);
  });
});
