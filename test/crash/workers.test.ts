/** Runs whose threads die under their hands. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chunkCount } from '../../src/engine/chunks.js';
import type { Sink } from '../../src/engine/sink.js';
import { gridOf } from '../../src/space/study.js';
import type { StudyRun } from '../../src/storage/run/study-run.js';
import { expectSame, expectSound, patience, seeded, times } from '../helpers/crash.js';
import { failingWorker, type Fault } from '../helpers/failing-worker.js';
import { studyOf, WIDE } from '../helpers/specs.js';
import { rowsOf, storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const CHUNK_POINTS = 45;
const study = studyOf(WIDE);
const chunks = chunkCount(gridOf(study).size, CHUNK_POINTS);

/** Runs the study with threads that fail at some chunks; whether it got to the end. */
function storeWithFaults(folder: string, fault: Fault): Promise<boolean> {
  return storeStudy(folder, study, { workerFile: failingWorker(makeFolder(), fault), chunkPoints: CHUNK_POINTS });
}

let whole: string;
beforeAll(async () => {
  whole = makeFolder();
  await storeStudy(whole, study, { chunkPoints: CHUNK_POINTS });
  expect(chunks).toBeGreaterThanOrEqual(40);
}, patience(1));

/** Chunks so far apart that a thread never has two of them: one that dies takes all it is at with it. */
const apart = (random: { below: (end: number) => number }): number[] => {
  const first = random.below(chunks - 24);
  return [first, first + 12, first + 24];
};

/** A few different chunks. */
function pick(random: { below: (end: number) => number }, count: number): number[] {
  const picked = new Set<number>();
  while (picked.size < count) picked.add(random.below(chunks));
  return [...picked].sort((a, b) => a - b);
}

describe('a run whose threads die', () => {
  const kills = times(6, 50);
  it(
    `${kills} times at random chunks tries those again, and ends as if undisturbed`,
    seeded(async (random) => {
      for (let done = 0; done < kills;) {
        const folder = makeFolder();
        const struck = makeFolder();
        const chunk = apart(random).join();
        await expect(storeWithFaults(folder, { fault: 'exits', chunk, flag: join(struck, 'at') })).resolves.toBe(true);
        expectSame(folder, whole);
        done += readdirSync(struck).length;
      }
    }),
    patience(kills),
  );

  it(
    'at some chunks again and again stores all others, and the next run takes those alone',
    seeded(async (random) => {
      const folder = makeFolder();
      const cursed = pick(random, 3);
      await expect(storeWithFaults(folder, { fault: 'exits', chunk: cursed.join() })).resolves.toBe(false);
      expectSound(folder);
      expect(rowsOf(folder, 'SELECT chunk FROM failures ORDER BY chunk')).toEqual(cursed.map((chunk) => ({ chunk })));
      expect(rowsOf(folder, 'SELECT count(*) AS n FROM chunks')).toEqual([{ n: chunks - cursed.length }]);
      const taken: number[] = [];
      const through = (run: StudyRun): Sink => ({
        append: async (chunk) => {
          taken.push(chunk.chunk);
          await run.append(chunk);
        },
        fail: (chunk) => run.fail(chunk),
      });
      await expect(storeStudy(folder, study, { through })).resolves.toBe(true);
      expect(taken).toEqual(cursed);
      expectSame(folder, whole);
    }),
    patience(3),
  );
});
