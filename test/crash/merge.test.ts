/** A merge that is killed, at any moment, and done again: what it would have been. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  expectSame,
  expectSound,
  keptChunks,
  NAP,
  patience,
  seeded,
  startMerge,
  startRun,
  storedChunks,
  times,
  undisturbed,
  until,
  type Undisturbed,
} from '../helpers/crash.js';
import { shardFolders } from '../../src/storage/shards/shard-folders.js';
import { checkStudy } from '../../src/storage/run/check-study.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const SHARDS = 3;
const CHUNKS = 8;
let folder: string;
let study: string;
let whole: Undisturbed;
/** Seconds of a merge. */
let seconds: number;

beforeAll(async () => {
  folder = makeFolder();
  whole = await undisturbed(folder, NAP);
  study = join(folder, 'out');
  cpSync(study, join(folder, 'whole'), { recursive: true });
  whole.study = join(folder, 'whole');
  rmSync(study, { recursive: true });
  for (let index = 1; index <= SHARDS; index++) {
    const run = startRun(folder, '--shard', `${index}/${SHARDS}`);
    if (index === 2) {
      await until(() => storedChunks(join(study, `shards/2-of-${SHARDS}`)) > 0, run);
      run.kill('SIGKILL');
      await run.end;
      expect(await startRun(folder, '--shard', `2/${SHARDS}`).end).toMatchObject({ code: 0 });
    } else expect(await run.end).toMatchObject({ code: 0 });
  }
  const start = performance.now();
  expect(await startMerge(folder).end).toMatchObject({ code: 0 });
  seconds = (performance.now() - start) / 1000;
}, patience(6));

describe('a merge killed with SIGKILL', () => {
  const kills = times(4, 40);
  it(
    `at ${kills} moments ends as one run does, one shard of which was killed too`,
    seeded(async (random) => {
      expectSame(study, whole.study);
      expect(storedChunks(study)).toBe(CHUNKS);
      let resumed = 0; // kills of a merge that had stored a shard, but not all
      for (let done = 0; done < kills || resumed === 0;) {
        forget();
        for (let again = true; again && (done < kills || resumed === 0);) {
          const merge = startMerge(folder);
          const moment = performance.now() + 1000 * random.between(0, seconds);
          // At any moment, as it stores a shard, as it has stored one, or as it gives points.arrow its name.
          const before = storedChunks(study);
          const isSo = [
            () => performance.now() >= moment,
            () => performance.now() >= moment && sizeOf('study.db-wal') > 0,
            // Where all are stored, none will come: who reads as the merge ends leaves the files of a reader.
            () => (before < CHUNKS ? storedChunks(study) > before : performance.now() >= moment),
            () => sizeOf('points.arrow') > 0,
          ][done % 4]!;
          await until(isSo, merge);
          again = !merge.isOver();
          merge.kill('SIGKILL');
          await merge.end;
          if (!again) break;
          done++;
          expectSound(study);
          const stored = keptChunks(study);
          if (stored > 0 && stored < CHUNKS) resumed++;
        }
        expect(await startMerge(folder).end).toMatchObject({ code: 0 });
        expectSame(study, whole.study);
      }
      for (const shard of shardFolders(study))
        expect([...checkStudy(shard, () => undefined)].flatMap(({ problems }) => problems)).toEqual([]);
    }),
    patience(3 * kills),
  );

  /** Bytes of a file of the study; 0 if it is missing. */
  const sizeOf = (name: string) => statSync(join(study, name), { throwIfNoEntry: false })?.size ?? 0;

  /** Takes the merged study away; the shards stay. */
  function forget(): void {
    for (const name of readdirSync(study)) if (name !== 'shards') rmSync(join(study, name), { recursive: true });
    expect(existsSync(join(study, 'shards'))).toBe(true);
  }
});
