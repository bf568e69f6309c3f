/** Two runs of one study at once: one is at work, the other is refused, and nothing is harmed. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  expectSame,
  expectSound,
  halfDone,
  lastLine,
  NAP,
  patience,
  runToEnd,
  seeded,
  startRun,
  storedChunks,
  times,
  undisturbed,
  until,
  type Running,
  type Undisturbed,
} from '../helpers/crash.js';
import { writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let whole: Undisturbed;
let killed: string;
beforeAll(async () => {
  whole = await undisturbed(makeFolder(), NAP);
  killed = await halfDone(makeFolder(), NAP, 2);
}, patience(2));

describe('two runs started together', () => {
  const pairs = times(4, 100);
  it(
    `on one folder, fresh or half done, ${pairs} times: one ends well, the other is refused with the name of the first`,
    seeded(async (random) => {
      for (let met = 0; met < pairs;) {
        const folder = makeFolder();
        writeSpec(folder, NAP);
        const study = join(folder, 'out');
        const isFresh = met % 2 === 0;
        if (!isFresh) cpSync(killed, study, { recursive: true });
        const first = startRun(folder);
        const head = performance.now() + random.between(0, 30);
        await until(() => performance.now() >= head, first);
        const second = startRun(folder);
        const ends = await Promise.all([first.end, second.end]);
        if (ends.every(({ code }) => code === 0)) {
          // On a busy machine one may be over before the other has begun: they have not met.
          expect(ends.filter(({ stderr }) => stderr.includes('nothing to do'))).toHaveLength(1);
          continue;
        }
        met++;
        expect(ends.map(({ code, stderr }) => [code, stderr]).sort()).toEqual([
          [0, expect.any(String)],
          [1, expect.any(String)],
        ]);
        const [winner, loser] = ends[0].code === 0 ? [first, ends[1]] : [second, ends[0]];
        expect(loser.stdout).toBe('');
        expect(lastLine(loser)).toMatch(
          new RegExp(
            `^delta-sweep: out: another run \\(process ${winner.pid} on ${hostname()}, since .*\\) is at work on this study, expected one run at a time$`,
          ),
        );
        expectSame(study, whole.study);
        rmSync(folder, { recursive: true });
      }
    }),
    patience(2 * pairs),
  );

  it(
    'where the first is about to end: each of the others is refused, or finds nothing to do',
    async () => {
      for (let i = 0; i < times(1, 6); i++) {
        const folder = makeFolder();
        writeSpec(folder, NAP);
        const study = join(folder, 'out');
        const first = startRun(folder);
        const others: Running[] = [];
        await until(() => storedChunks(study) > 0, first);
        while (!first.isOver()) {
          others.push(startRun(folder));
          const next = performance.now() + 200;
          await until(() => performance.now() >= next, first);
        }
        const ends = await Promise.all(others.map(({ end }) => end));
        expect(ends.filter(({ code }) => code !== 0 && code !== 1)).toEqual([]);
        expect(await first.end).toMatchObject({ code: 0 });
        await runToEnd(folder);
        expectSame(study, whole.study);
      }
    },
    patience(times(3, 12)),
  );

  const takeovers = times(1, 10);
  it(
    `of which the first is killed leave the folder to whoever comes next (${takeovers} times)`,
    seeded(async (random) => {
      for (let i = 0; i < takeovers; i++) {
        const folder = makeFolder();
        writeSpec(folder, NAP);
        const study = join(folder, 'out');
        const first = startRun(folder);
        const chunks = random.below(8);
        await until(() => existsSync(join(study, 'study.owner')) && storedChunks(study) >= chunks, first);
        const refused = await startRun(folder).end;
        const isOver = first.isOver();
        if (!isOver) expect([0, 1]).toContain(refused.code); // 0 where all was stored, and its front on the way
        first.kill('SIGKILL');
        await first.end;
        expectSound(study);
        await runToEnd(folder);
        expectSame(study, whole.study);
      }
    }),
    patience(4 * takeovers),
  );
});
