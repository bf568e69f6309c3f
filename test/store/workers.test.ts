/** What is stored depends on the study alone: not on threads, chunks or interruptions. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runStudy } from '../../src/engine/run.js';
import type { Chunk } from '../../src/engine/sink.js';
import { gridOf } from '../../src/space/study.js';
import { StudyRun } from '../../src/store/study-run.js';
import { SMALL, studyOf } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(SMALL);
const pointsOf = (folder: string) => rowsOf(folder, 'SELECT * FROM points ORDER BY id');
const arrowOf = (folder: string) => readFileSync(join(folder, 'points.arrow'));

let rows: Row[];
let arrow: Buffer;
beforeAll(async () => {
  const folder = makeFolder();
  await storeStudy(folder, study, { workers: 1 });
  [rows, arrow] = [pointsOf(folder), arrowOf(folder)];
});

function expectSameFiles(folder: string): void {
  expect(pointsOf(folder)).toEqual(rows);
  expect(arrowOf(folder).equals(arrow)).toBe(true);
}

describe('the files of a study', () => {
  it.each([
    { workers: 1, chunkPoints: 1 },
    { workers: 2, chunkPoints: 97 },
    { workers: 4, chunkPoints: 97 },
    { workers: 2, chunkPoints: 1000 },
    { workers: 4, chunkPoints: 100_000 },
  ])('are the same from $workers workers and $chunkPoints points a chunk', async (options) => {
    const folder = makeFolder();
    await storeStudy(folder, study, options);
    expectSameFiles(folder);
  });

  it('are the same after any number of interruptions, each with other workers and chunks', async () => {
    const folder = makeFolder();
    const seen: number[] = [];
    for (const [workers, chunkPoints] of [
      [1, 10],
      [4, 7],
      [2, 33],
      [3, 1],
    ] as const) {
      const run = new StudyRun(folder, study, { toolVersion: 'test' });
      seen.push(run.nextId);
      const controller = new AbortController();
      let appended = 0;
      const append = (chunk: Chunk) => {
        run.append(chunk);
        if (++appended === 4) controller.abort();
      };
      const options = { workers, chunkPoints, from: run.nextId, signal: controller.signal };
      await expect(runStudy(study, { append }, options)).resolves.toBe(false);
      run.stop();
    }
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b)); // each went on further
    await expect(storeStudy(folder, study, { chunkPoints: 50 })).resolves.toBe(true);
    expectSameFiles(folder);
    expect(rowsOf(folder, 'SELECT max(end_id) AS last FROM chunks')).toEqual([{ last: gridOf(study).size }]);
  });

  it('are the same after a run that failed on the way', async () => {
    const folder = makeFolder();
    const run = new StudyRun(folder, study, { toolVersion: 'test' });
    const append = (chunk: Chunk) => {
      if (chunk.from >= 500) throw new Error('no more');
      run.append(chunk);
    };
    await expect(runStudy(study, { append }, { workers: 2, chunkPoints: 100 })).rejects.toThrow('no more');
    run.stop();
    expect(rowsOf(folder, 'SELECT max(end_id) AS last FROM chunks')).toEqual([{ last: 500 }]);
    await storeStudy(folder, study);
    expectSameFiles(folder);
  });

  it.each(['points.arrow.partial', 'study.lock', 'study.json.new'])(
    'are the same where a killed run left its %s',
    async (leftover) => {
      const folder = makeFolder();
      new StudyRun(folder, study, { toolVersion: 'test' }).stop();
      writeFileSync(join(folder, leftover), leftover === 'study.lock' ? '' : 'half a file');
      await storeStudy(folder, study);
      expectSameFiles(folder);
    },
  );
});
