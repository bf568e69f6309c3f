/** The scripts, read as text and run by bash; test/slurm/ has a real Slurm run them. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bashWords } from '../../../src/cli/schedulers/bash-text.js';
import { arrayScript, mergeScript, MERGE_SUBMITTED, type SlurmJob } from '../../../src/cli/schedulers/slurm-script.js';
import { tempFolders } from '../../helpers/temp.js';
import { SLURM_JOB } from './jobs.js';
import { argumentsOf, standIn } from './stand-in.js';

const makeFolder = tempFolders();

/** Texts of any characters that a file's name may have. */
const names = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((text) => Buffer.from(text).toString() === text && !text.includes('\0'));
const paths = fc.oneof(
  names,
  fc.constantFrom("it's", '$HOME', '`id`', '$(id)', 'a b', '-x', '"', '\\', '!', '*', '~', '\n', 'é', '%A'),
);

describe('words for bash', () => {
  it('come out of it as they went in', () => {
    fc.assert(
      fc.property(fc.array(paths, { minLength: 1, maxLength: 5 }), (texts) => {
        const { stdout } = spawnSync('bash', ['-c', `printf '%s\\0' ${bashWords(texts)}`], { encoding: 'utf8' });
        expect(stdout.split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 100 },
    );
  });
});

const directivesOf = (script: string) => script.split('\n').filter((line) => line.startsWith('#SBATCH'));

describe('the script of an array', () => {
  it('asks Slurm for what is asked of it', () => {
    const job: SlurmJob = {
      ...SLURM_JOB,
      concurrent: 2,
      memory: { amount: 4, unit: 'G' },
      seconds: 100_000,
      partition: 'long',
      account: 'my lab',
      options: ['--qos=low', '-x node[3-4]', '--comment=by "night"'],
    };
    expect(directivesOf(arrayScript(job).split('END_OF_MERGE')[0]!)).toEqual([
      '#SBATCH --job-name=night',
      '#SBATCH --array=1-16%2',
      '#SBATCH --output="/scratch/night/logs/%A_%a.log"',
      '#SBATCH --signal=B:USR1@60',
      '#SBATCH --ntasks=1',
      '#SBATCH --cpus-per-task=2',
      '#SBATCH --mem=4G',
      '#SBATCH --time=27:46:40',
      '#SBATCH --partition=long',
      '#SBATCH --account="my lab"',
      '#SBATCH --requeue',
      '#SBATCH --open-mode=append',
      '#SBATCH --qos=low',
      '#SBATCH -x node[3-4]',
      String.raw`#SBATCH --comment="by \"night\""`,
    ]);
  });

  it('wants no signal where the time is so short that it would come as a task begins', () => {
    expect(arrayScript({ ...SLURM_JOB, seconds: 120 })).not.toContain('--signal');
    expect(mergeScript({ ...SLURM_JOB, seconds: 3600 })).toContain('#SBATCH --signal=B:USR1@60\n');
  });

  it('has all its options before its first command, where sbatch reads them', () => {
    for (const script of [arrayScript(SLURM_JOB).split('END_OF_MERGE')[0]!, mergeScript(SLURM_JOB)]) {
      const lines = script.split('\n');
      const first = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
      expect(directivesOf(lines.slice(first).join('\n'))).toEqual([]);
      expect(lines[0]).toBe('#!/bin/bash');
    }
  });
});

/** A folder in which a script runs as task 1 of an array, with stand-ins for Slurm and for the program. */
function asTask(job: SlurmJob, does: string, environment: Record<string, string> = {}, scriptOf = arrayScript) {
  const folder = makeFolder();
  const program = standIn(join(folder, 'program'), `if [[ $1 == --version ]]; then exec echo 1.2.3; fi\n${does}`);
  const [sbatch, scontrol] = ['sbatch', 'scontrol'].map((name) => standIn(join(folder, name), 'cat >"$0.stdin"'));
  const script = join(folder, 'job.sh');
  writeFileSync(script, scriptOf({ ...job, logs: folder, program: ['/bin/bash', program] }));
  const env = {
    PATH: `${folder}:/usr/bin:/bin`,
    SLURM_JOB_ID: '12',
    SLURM_ARRAY_JOB_ID: '11',
    SLURM_ARRAY_TASK_ID: '1',
    ...environment,
  };
  return { script, program, sbatch: sbatch!, scontrol: scontrol!, env };
}

type Task = ReturnType<typeof asTask>;

function runTask(...args: Parameters<typeof asTask>) {
  return runScript(asTask(...args));
}

function runScript(task: Task, args: readonly string[] = []) {
  const { status, stderr } = spawnSync('bash', [task.script, ...args], {
    env: task.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  return { ...task, status, stderr };
}

describe('a task', () => {
  it('runs its shard, whatever characters the paths have', () => {
    fc.assert(
      fc.property(paths, paths, (spec, study) => {
        const { program, status } = runTask({ ...SLURM_JOB, spec, study }, '');
        expect(status).toBe(0);
        expect(argumentsOf(program)).toEqual(['run', spec, '--out', study, '--shard', '1/16', '--workers', '2']);
      }),
      { numRuns: 30 },
    );
  });

  it('submits the merge, to follow all tasks, if no other has: whichever task of the array it is', () => {
    const task = asTask(SLURM_JOB, '', { SLURM_ARRAY_TASK_ID: '3', SLURM_RESTART_COUNT: '1' });
    runScript(task);
    expect(argumentsOf(task.sbatch)).toEqual(['--dependency=afterany:11']);
    const script = readFileSync(`${task.sbatch}.stdin`, 'utf8');
    expect(script).toContain(`"\${delta_sweep[@]}" merge '/scratch/night'`);
    expect(script).toContain('#SBATCH --job-name=night-merge');

    rmSync(`${task.sbatch}.args`);
    expect(runScript(task).status).toBe(0);
    expect(existsSync(`${task.sbatch}.args`)).toBe(false);
    // A part of it that is submitted again is an array of its own.
    task.env.SLURM_ARRAY_JOB_ID = '13';
    runScript(task);
    expect(argumentsOf(task.sbatch)).toEqual(['--dependency=afterany:13']);
  });

  it('submits no merge if it is told that it has been', () => {
    const task = asTask(SLURM_JOB, '');
    expect(runScript(task, [MERGE_SUBMITTED]).status).toBe(0);
    expect(existsSync(`${task.sbatch}.args`)).toBe(false);
  });

  it('submits the merge that a task before it could not', () => {
    const task = asTask(SLURM_JOB, '');
    standIn(task.sbatch, 'exit 1');
    expect(runScript(task)).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^the merge could not be submitted/),
    });
    standIn(task.sbatch, 'cat >"$0.stdin"');
    expect(runScript(task)).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(`${task.sbatch}.stdin`)).toBe(true);
  });

  it('runs its shard where no job can be submitted, and says so', () => {
    const { status, stderr, program } = runTask(SLURM_JOB, '', { PATH: '/usr/bin:/bin' });
    expect(status).toBe(0);
    expect(argumentsOf(program)[0]).toBe('run');
    // Where Slurm is installed, its sbatch finds no controller, or no job 11.
    expect(stderr).toMatch(/the merge could not be submitted from here|Submitted batch job/);
  });

  it('ends with the code of its shard', () => {
    const { status, scontrol } = runTask(SLURM_JOB, 'exit 2');
    expect([status, existsSync(`${scontrol}.args`)]).toEqual([2, false]);
  });

  it('refuses another version of the program', () => {
    const { status, stderr, sbatch } = runTask({ ...SLURM_JOB, version: '1.2.4' }, '');
    expect([status, stderr]).toEqual([1, 'delta-sweep is 1.2.3 now, and 1.2.4 printed this script: print it again\n']);
    expect(existsSync(`${sbatch}.args`)).toBe(false);
  });

  // The program ends with 130 when it is told to stop, as a run does.
  const STOPS = `trap 'exit 130' TERM\ntouch "$0.ready"\nwhile :; do sleep 0.02; done`;
  it.each([
    [arrayScript, 'TERM', {}, 130, false],
    [arrayScript, 'USR1', {}, 130, true],
    [arrayScript, 'USR1', { SLURM_RESTART_COUNT: '99' }, 130, true],
    [arrayScript, 'USR1', { SLURM_RESTART_COUNT: '100' }, 130, false],
    [mergeScript, 'TERM', {}, 130, false],
    [mergeScript, 'USR1', {}, 130, true],
  ] as const)(
    '(%p) told to stop by %s stops in order (%j)',
    async (scriptOf, signal, environment, code, isRequeued) => {
      const { script, env, program, scontrol } = asTask(SLURM_JOB, STOPS, environment, scriptOf);
      const task = spawn('bash', [script], { env, stdio: 'ignore' });
      const ended = new Promise((resolve) => task.on('close', resolve));
      while (!existsSync(`${program}.ready`)) await new Promise((resolve) => setTimeout(resolve, 5));
      task.kill(`SIG${signal}`);
      expect(await ended).toBe(code);
      expect(existsSync(`${scontrol}.args`)).toBe(isRequeued);
      if (isRequeued) expect(argumentsOf(scontrol)).toEqual(['requeue', '12']);
    },
  );

  it('that has finished its shard when its time is up is not run again', async () => {
    const does = `trap 'exit 0' TERM\ntouch "$0.ready"\nwhile :; do sleep 0.02; done`;
    const { script, env, program, scontrol } = asTask(SLURM_JOB, does);
    const task = spawn('bash', [script], { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => task.on('close', resolve));
    while (!existsSync(`${program}.ready`)) await new Promise((resolve) => setTimeout(resolve, 5));
    task.kill('SIGUSR1');
    expect([await ended, existsSync(`${scontrol}.args`)]).toEqual([0, false]);
  });
});
