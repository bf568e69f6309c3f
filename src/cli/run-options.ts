/** Options of the commands that run something into a folder. */
import type { Options } from 'yargs';
import type { Shard } from '../engine/shards.js';
import { shardAsked, wholeNumber } from './options.js';

export interface RunArguments {
  workers: number | undefined;
  shard: string | undefined;
  fresh: boolean;
}

const MAX_WORKERS = 1024;

export const workersOption = {
  workers: { type: 'number', requiresArg: true, describe: 'Threads (default: all cores)' },
} as const satisfies Record<string, Options>;

/** A number of threads. */
export const workersAsked = (workers: number | undefined): number | undefined =>
  workers === undefined ? undefined : wholeNumber('workers', workers, 1, MAX_WORKERS);

/** The options of a run, checked. */
export function runAsked({ workers, shard, fresh }: RunArguments): {
  options: { workers: number | undefined; fresh: boolean };
  shard: Shard | undefined;
} {
  return {
    options: { workers: workersAsked(workers), fresh },
    shard: shard === undefined ? undefined : shardAsked(shard),
  };
}
