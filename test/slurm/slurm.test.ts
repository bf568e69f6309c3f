/** Shards as a job array of a real Slurm, which test/slurm/slurm.sh starts. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../../src/space/study.js';
import { MAIN, printed, start } from '../helpers/command.js';
import { expectSame, NAP, storedChunks } from '../helpers/crash.js';
import { FULL } from '../helpers/full.js';
import { startSlurm, until, whyNoSlurm, type Slurm } from '../helpers/slurm.js';
import { writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

/** 1,024,000 points in 63 chunks: a few seconds. */
const MILLION: SweepSpec = {
  name: 'million',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 128 }],
  axes: {
    sm_count: { scale: [1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12] },
    l2_gbps: { range: { from: 1000, to: 8000, steps: 320 } },
    dram_gbps: { range: { from: 400, to: 3200, steps: 320 } },
  },
};

/** A job array's tasks and their study: a million points in 16 tasks by `npm run test:all`, 409,600 in four otherwise. */
const TASKS = FULL ? 16 : 4;
const ARRAY_STUDY: SweepSpec = FULL
  ? MILLION
  : { ...MILLION, axes: { ...MILLION.axes, sm_count: { scale: [1, 1.5, 2, 3] } } };

const PATIENCE_MS = 15 * 60_000;

const makeFolder = tempFolders();
const why = whyNoSlurm();
const withSlurm = why === undefined ? it : (title: string) => it.skip(`${title} (skipped: ${why})`, () => {});

let slurm: Slurm; // undefined only where it did not start
if (why === undefined) {
  beforeAll(() => void (slurm = startSlurm()), PATIENCE_MS);
  afterAll(() => (slurm as Slurm | undefined)?.stop(), PATIENCE_MS);
}

const shardOf = (study: string, index: number, count: number) => join(study, 'shards', `${index}-of-${count}`);

function isFinished(shard: string): boolean {
  const { finished } = JSON.parse(readFileSync(join(shard, 'study.json'), 'utf8')) as { finished: string | null };
  return finished !== null;
}

/** The logs of a study's tasks and merges, for a failure to tell. */
function logsOf(study: string): string {
  const logs = join(study, 'logs');
  return readdirSync(logs)
    .filter((file) => file.endsWith('.log'))
    .sort()
    .map((file) => `${file}:\n${readFileSync(join(logs, file), 'utf8')}`)
    .join('\n');
}

describe('a job array', () => {
  withSlurm(
    `of ${TASKS} tasks, two at a time, one killed and put back, stores what an unsharded run stores`,
    async () => {
      // Characters that bash, sbatch and the names of logs each read in their own way.
      const folder = join(makeFolder(), `it's "here", $HOME 100%j`);
      mkdirSync(folder);
      writeSpec(folder, ARRAY_STUDY);
      const study = join(folder, 'study');
      const script = join(folder, 'job.sh');
      const args = ['slurm', 'sweep.yaml', '--tasks', `${TASKS}`, '--concurrent', '2', '--out', 'study'];
      writeFileSync(script, await printed(args, folder));
      const array = slurm.ask('sbatch', '--parsable', script);

      const killed = await killOneAtWork(study, array);
      slurm.ask('scontrol', 'requeue', `${array}_${killed}`);
      slurm.startSoon(`${array}_${killed}`);
      await slurm.idle();

      const logs = logsOf(study);
      expect(logs).toContain('Submitted batch job');
      expect(logs).toMatch(
        new RegExp(`^${array}_${killed}\\.log:[^]*CANCELLED[^]*resuming: [\\d,]+ points of the grid are stored`, 'm'),
      );
      await printed(['run', 'sweep.yaml', '--out', 'whole'], folder);
      expectSame(study, join(folder, 'whole'));
    },
    PATIENCE_MS,
  );

  /** Kills a task that has stored some of its shard, and returns its index. */
  async function killOneAtWork(study: string, array: string): Promise<number> {
    for (let index = 1; index <= TASKS; index++) {
      const shard = shardOf(study, index, TASKS);
      await until(
        () => storedChunks(shard) > 0,
        () => `${slurm.ask('squeue')}\n${logsOf(study)}`,
      );
      slurm.ask('scancel', '--signal=KILL', `${array}_${index}`);
      await until(
        () => !['RUNNING', 'COMPLETING'].includes(slurm.stateOf(`${array}_${index}`)),
        () => slurm.ask('squeue'),
      );
      if (!isFinished(shard)) return index;
    }
    throw new Error('every task had finished before it was killed');
  }

  withSlurm(
    'submitted by the command is two jobs; a shard that is missing in the end is named, and can be submitted again',
    async () => {
      const folder = makeFolder();
      writeSpec(folder, NAP);
      const study = join(folder, 'results/nap');
      const args = ['--tasks', '4', '--concurrent', '1', '--sbatch', '--comment=by night', '--submit'];
      const { code, stdout, stderr } = await start(
        process.execPath,
        [MAIN, 'slurm', 'sweep.yaml', ...args],
        folder,
        slurm.env,
      ).outcome;
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('delta-sweep status') });
      const [, array, merge] = /^job (\d+): 4 shards.*\njob (\d+): the merge/.exec(stdout)!;
      slurm.ask('scancel', `${array}_4`); // the last of four that run one by one
      expect(slurm.ask('scontrol', 'show', 'job', merge!)).toContain('Comment=by night');
      await slurm.idle();
      expect(slurm.stateOf(merge!)).toBe('FAILED');
      expect(existsSync(join(study, 'study.db'))).toBe(false);
      expect(readFileSync(join(study, 'logs', `${merge}_merge.log`), 'utf8')).toMatch(/shard 4\b/);

      slurm.ask('sbatch', '--array=4', join(study, 'logs/nap.sh'));
      await slurm.idle();
      await printed(['run', 'sweep.yaml', '--out', 'whole'], folder);
      expectSame(study, join(folder, 'whole'));
    },
    PATIENCE_MS,
  );

  withSlurm(
    'whose task is told that its time is nearly up puts it back, and the next start resumes it',
    async () => {
      const folder = makeFolder();
      writeSpec(folder, MILLION);
      const study = join(folder, 'study');
      const script = join(folder, 'job.sh');
      writeFileSync(script, await printed(['slurm', 'sweep.yaml', '--tasks', '8', '--out', 'study'], folder));
      const array = slurm.ask('sbatch', '--parsable', '--array=1', script);
      const task = `${array}_1`;
      await until(
        () => storedChunks(shardOf(study, 1, 8)) > 0,
        () => logsOf(study),
      );
      slurm.ask('scancel', '--batch', '--signal=USR1', task);
      await until(
        () => slurm.stateOf(task) === 'PENDING',
        () => logsOf(study),
      );
      expect(isFinished(shardOf(study, 1, 8))).toBe(false);
      slurm.startSoon(task);
      await slurm.idle();
      expect([slurm.stateOf(task), logsOf(study)]).toEqual([
        'COMPLETED',
        expect.stringMatching(/interrupted[^]*resuming: [\d,]+ points of the grid are stored/),
      ]);
    },
    PATIENCE_MS,
  );
});
