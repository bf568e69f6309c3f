/** A Slurm for tests (test/slurm/slurm.sh), and what is asked of it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_ROOT } from './command.js';

const SCRIPT = join(PACKAGE_ROOT, 'test/slurm/slurm.sh');

/** Nothing that is waited for takes as long, on a machine however busy. */
const LONGEST_WAIT_MS = 10 * 60_000;

function slurmScript(...args: string[]): { status: number | null; stderr: string } {
  // The programs that it starts keep stdout open.
  return spawnSync('bash', [SCRIPT, ...args], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Why there can be no Slurm here; undefined if there can. */
export function whyNoSlurm(): string | undefined {
  const { status, stderr } = slurmScript('check');
  return status === 0 ? undefined : stderr.trim();
}

export interface Slurm {
  /** Runs a program of Slurm's, and returns what it prints. */
  ask: (program: string, ...args: string[]) => string;
  /** For programs that are to find it. */
  env: NodeJS.ProcessEnv;
  /** The state of a job; of one that has left the queue too. */
  stateOf: (job: string) => string;
  /** Waits until no job is left in the queue. */
  idle: () => Promise<void>;
  /** Has a job that was put back into the queue start without the two minutes that Slurm lets it wait. */
  startSoon: (job: string) => void;
  stop: () => void;
}

/** Starts a Slurm. */
export function startSlurm(): Slurm {
  const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-slurm-'));
  const { status, stderr } = slurmScript('start', folder);
  if (status !== 0) throw new Error(`Slurm does not start: ${stderr}`);
  const env = { ...process.env, SLURM_CONF: join(folder, 'slurm.conf') };
  const ask = (program: string, ...args: string[]): string => {
    const result = spawnSync(program, args, { encoding: 'utf8', env });
    if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  };
  return {
    ask,
    env,
    stateOf: (job) => /JobState=(\w+)/.exec(ask('scontrol', 'show', 'job', job))![1]!,
    idle: () =>
      until(
        () => ask('squeue', '--noheader') === '',
        () => ask('squeue'),
      ),
    // A credential of the same second as the end of the first start would be taken for that start's, which is revoked.
    startSoon: (job) => void ask('scontrol', 'update', `JobId=${job}`, 'StartTime=now+3'),
    stop: () => {
      const { status, stderr } = slurmScript('stop', folder);
      if (status !== 0) throw new Error(`Slurm does not stop: ${stderr}`);
    },
  };
}

/** Waits until something is so; fails after ten minutes, and tells what is instead. */
export async function until(isSo: () => boolean, whatIs: () => string): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`still not so: ${whatIs()}`);
    await sleep(20);
  }
}
