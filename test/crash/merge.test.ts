/** A merge that is killed, at any moment, and done again: what it would have been. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  expectSame,
  expectSound,
  NAP,
  patience,
  seeded,
  startMerge,
  startRun,
  startSavingMerge,
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
      let saved = 0; // kills of a merge that another one went on from
      for (let done = 0; done < kills || saved === 0;) {
        forget();
        for (let again = true; again && (done < kills || saved === 0);) {
          const saves = done % 4 > 1;
          const merge = saves ? startSavingMerge(folder) : startMerge(folder);
          const moment = performance.now() + 1000 * random.between(0, seconds);
          // As it saves how far it is or, all of them at once at its end, gives a file its place.
          const placed = [undefined, 'points.arrow', 'merging/state.json', 'merging/state.json'][done % 4];
          const before = placed === undefined ? 0 : changeOf(placed);
          await until(() => (placed === undefined ? performance.now() >= moment : changeOf(placed) > before), merge);
          again = !merge.isOver();
          merge.kill('SIGKILL');
          await merge.end;
          if (!again) break;
          done++;
          if (saves && existsSync(join(study, 'merging/state.json'))) saved++;
          expectSound(study);
        }
        expect(await startMerge(folder).end).toMatchObject({ code: 0 });
        expectSame(study, whole.study);
      }
      for (const shard of shardFolders(study))
        expect([...checkStudy(shard, () => undefined)].flatMap(({ problems }) => problems)).toEqual([]);
    }),
    patience(3 * kills),
  );

  /** When a file of the study was changed; 0 if it is not there. */
  const changeOf = (name: string) => statSync(join(study, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;

  /** Takes the merged study away; the shards stay. */
  function forget(): void {
    for (const name of ['study.json', 'study.db', 'points.arrow']) rmSync(join(study, name), { force: true });
    expect(existsSync(join(study, 'shards'))).toBe(true);
  }
});
