/** A run that is killed, at any moment and as often as you like, and resumed to what it would have been. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { deltaSweep } from '../helpers/command.js';
import {
  expectSame,
  expectSound,
  integrityOf,
  lastLine,
  NIGHT,
  patience,
  runToEnd,
  seeded,
  startRun,
  storedChunks,
  times,
  undisturbed,
  until,
  VIGIL,
  type End,
  type Running,
  type Undisturbed,
} from '../helpers/crash.js';
import type { Random } from '../helpers/random.js';
import { writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let whole: Undisturbed;
beforeAll(async () => {
  whole = await undisturbed(makeFolder(), NIGHT);
  expect(storedChunks(whole.study)).toBeGreaterThanOrEqual(40);
}, patience(1));

/** Lets some time go by, less if the run ends. */
const passes = async (seconds: number, run: Running): Promise<void> => {
  const end = performance.now() + 1000 * seconds;
  await until(() => performance.now() >= end, run);
};

/** How late the kills of a round may come, in terms of an undisturbed run: early ones let a round be killed many times. */
const REACHES = [0.5, 1.1, 0.8];

/**
 * Runs are disturbed at random moments, and the same command resumes them, until a run gets to its end first; then comes
 * another round, until enough were disturbed. Every round ends with the files of an undisturbed run.
 */
async function disturb(random: Random, kills: number, disturbance: (run: Running, study: string) => Promise<void>) {
  for (let done = 0, round = 0; done < kills; round++) {
    const folder = makeFolder();
    writeSpec(folder, NIGHT);
    const study = join(folder, 'out');
    for (let ofRound = 0; done < kills; ofRound++) {
      // Later and later, so that a round gets on.
      const reach = REACHES[round % REACHES.length]! * (1 + ofRound / 10);
      const run = startRun(folder);
      await passes(random.between(0, reach * whole.seconds), run);
      if (run.isOver()) {
        expect(await run.end).toMatchObject({ code: 0 });
        break;
      }
      await disturbance(run, study);
      done++;
      if (existsSync(study)) expectSound(study);
    }
    await runToEnd(folder);
    expectSame(study, whole.study);
    rmSync(folder, { recursive: true });
  }
}

async function killed(run: Running): Promise<void> {
  run.kill('SIGKILL');
  await run.end;
}

describe('a run killed with SIGKILL', () => {
  const kills = times(4, 50);
  it(
    `at ${kills} random moments ends as if undisturbed`,
    seeded((random) => disturb(random, kills, killed)),
    patience(3 * kills),
  );

  const LANDMARKS = [
    ['study.lock'],
    ['study.owner'],
    ['study.json'],
    ['study.db'],
    ['chunks'],
    ['study.db-wal'],
    ['points.arrow.partial'],
    ['points.arrow'],
  ] as const;
  it(
    'as one of its files appears, each time another one, ends as if undisturbed',
    async () => {
      const folder = makeFolder();
      writeSpec(folder, NIGHT);
      const study = join(folder, 'out');
      for (const [file] of LANDMARKS) {
        const run = startRun(folder);
        expect([file, await until(() => existsSync(join(study, file)), run)]).toEqual([file, true]);
        await killed(run);
        expectSound(study);
      }
      await runToEnd(folder);
      expectSame(study, whole.study);
    },
    patience(5),
  );

  it(
    'as it is about to say that it is done ends as if undisturbed',
    async () => {
      const folder = makeFolder();
      writeSpec(folder, NIGHT);
      const study = join(folder, 'out');
      const run = startRun(folder);
      await until(() => existsSync(join(study, 'points.arrow')) && !existsSync(join(study, 'chunks')), run);
      await killed(run);
      expectSound(study);
      const { stderr } = await runToEnd(folder);
      expect(stderr).toContain('nothing to do');
      expectSame(study, whole.study);
    },
    patience(2),
  );
});

describe('a run that keeps the front alone', () => {
  const kills = times(3, 25);
  it(
    `killed with SIGKILL at ${kills} moments ends with the same front and the same sums along the axes`,
    seeded(async (random) => {
      const reference = makeFolder();
      const { study: other } = await undisturbed(reference, VIGIL);
      const folder = makeFolder();
      writeSpec(folder, VIGIL);
      const study = join(folder, 'out');
      for (let done = 0; done < kills; done++) {
        const before = storedChunks(study);
        const run = startRun(folder);
        // Every other one as soon as a chunk is stored, or a little later; the others at any moment before.
        if (done % 2 === 0) await until(() => storedChunks(study) > before, run);
        await passes(random.between(0, done % 2 === 0 ? 0.1 : 1), run);
        await killed(run);
        if (existsSync(join(study, 'study.db'))) expect(integrityOf(study)).toBe('ok');
        if (!existsSync(join(study, 'points.arrow'))) continue;
        expectSame(await finished(folder), other);
        rmSync(study, { recursive: true });
      }
      const { stderr } = await runToEnd(folder);
      expect(stderr).not.toContain('damaged');
      expectSame(study, other);
      expect(await deltaSweep(['check', study])).toMatchObject({ code: 0 });
    }),
    patience(2 * kills),
  );

  /** The study of a folder, run to its end. */
  async function finished(folder: string): Promise<string> {
    await runToEnd(folder);
    return join(folder, 'out');
  }
});

/** A run that was told to stop did so, in one line that says how to resume it; or it ended before it could be told. */
function expectStopped(end: End, signal: NodeJS.Signals): void {
  if (end.code === 0) return;
  if (end.code === null) {
    // Before it has begun, and once all is stored, a signal ends it as it ends any program.
    expect({
      ...end,
      stderr: end.stderr.replace(/^(note|resuming|\d[\d,]* points stored|out holds this study).*\n/gm, ''),
    }).toEqual({
      ...{ code: null, signal, stdout: expect.any(String), stderr: '' },
    });
    return;
  }
  expect(end).toMatchObject({ code: 130, stdout: '' });
  // While the front of what is stored is computed, there is nothing left to resume.
  expect(lastLine(end)).toMatch(
    /^delta-sweep: interrupted; (the same command resumes where it stopped|what is stored stays)$/,
  );
}

describe.each(['SIGINT', 'SIGTERM'] as const)('a run told to stop by %s', (signal) => {
  const kills = signal === 'SIGINT' ? times(2, 50) : times(1, 10);
  it(
    `at ${kills} random moments ends as if undisturbed`,
    seeded((random) =>
      disturb(random, kills, async (run, study) => {
        run.kill(signal);
        const end = await run.end;
        expectStopped(end, signal);
        if (end.code !== 130 || !existsSync(study)) return; // a folder that nothing was written into goes again
        const left = readdirSync(study).filter((name) => /lock|owner|partial|wal|shm/.test(name));
        expect(left).toEqual([]);
      }),
    ),
    patience(3 * kills),
  );
});
