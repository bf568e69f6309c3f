/** A study spread over a cluster: what every scheduler has to know. */
export interface ClusterJob {
  /** The name that the scheduler shows. */
  name: string;
  /** Shards, each a task of its own, numbered from 1. */
  tasks: number;
  /** Tasks at a time; undefined: as many as the scheduler gives. */
  concurrent: number | undefined;
  /** Cores, and so threads, of a task. */
  cpus: number;
  memory: Memory | undefined;
  /** Seconds that a task may run; undefined: what the scheduler allows. */
  seconds: number | undefined;
  /** The spec, as the tasks find it. */
  spec: string;
  /** The study's folder, as the tasks find it. */
  study: string;
  /** Of the program that the tasks are to run. */
  version: string;
}

/** An amount of memory, in 1024-based units. */
export interface Memory {
  amount: number;
  unit: 'K' | 'M' | 'G' | 'T';
}

/** Parses `4G`, `500M`, or `4096`, which is in MiB, as Slurm does; undefined if it is none of these. */
export function parseMemory(text: string): Memory | undefined {
  const [, digits, unit = 'M'] = /^(\d{1,9})([KMGT])?$/i.exec(text) ?? [];
  const amount = Number(digits);
  return amount > 0 ? { amount, unit: unit.toUpperCase() as Memory['unit'] } : undefined;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What `parseTimeLimit` reads, in words. */
export const TIME_LIMIT_FORMS =
  'minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes or days-hours:minutes:seconds';

/** Seconds of a time limit as Slurm writes it; undefined if it is none, or no time at all. */
export function parseTimeLimit(text: string): number | undefined {
  const [, days, clock] = /^(?:(\d{1,5})-)?(\d{1,7}(?::\d{1,2}){0,2})$/.exec(text) ?? [];
  if (clock === undefined) return undefined;
  const parts = clock.split(':').map(Number);
  // Behind days come hours first; without them a number alone is minutes, and two are minutes and seconds.
  const units = days !== undefined ? [HOUR, MINUTE, 1] : parts.length === 3 ? [HOUR, MINUTE, 1] : [MINUTE, 1];
  const seconds = parts.reduce((sum, part, i) => sum + part * units[i]!, Number(days ?? 0) * DAY);
  return seconds > 0 ? seconds : undefined;
}
