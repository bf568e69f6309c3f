/** Threads that read stored chunks back, ahead of who takes them over. */
import { availableParallelism } from 'node:os';
import { ahead } from '../ahead.js';
import { DeltaSweepError, runError } from '../errors.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Study } from '../space/study.js';
import type { PartTask, ReadPart } from './messages.js';
import { openPool, type Pool } from './pool.js';

/** More threads than these read faster than one writer writes. */
const MOST_THREADS = 4;

/** Parts under way, per thread: one is read as another one waits. */
const PARTS_PER_THREAD = 3;

export class PartThreads {
  private readonly threads = Math.min(MOST_THREADS, availableParallelism());
  private opened: Pool | undefined;

  /** @param brings what of chunks besides their rows for SQLite: what they add to the front, or nothing */
  constructor(
    private readonly study: Study,
    private readonly facts: readonly WorkloadFacts[],
    private readonly brings: 'front' | 'nothing',
  ) {}

  /** Reads the parts of items, in their order; an item that has none brings no rows. `taskOf` is asked in their order too. */
  read<Item>(items: Iterable<Item>, taskOf: (item: Item) => PartTask | undefined): AsyncGenerator<[Item, ReadPart]> {
    return ahead(items, this.threads * PARTS_PER_THREAD, async (item) => {
      const task = taskOf(item);
      try {
        return [item, task ? await this.pool.read(task, this.facts) : {}];
      } catch (error) {
        if (error instanceof DeltaSweepError) throw error;
        const { folder, chunk } = task!.part;
        throw runError(`${folder}: chunk ${chunk} cannot be read: ${(error as Error).message}`, error);
      }
    });
  }

  /** The threads: started for the first part. */
  private get pool(): Pool {
    const { study, brings } = this;
    return (this.opened ??= openPool({ study, traffic: undefined, partsFolder: undefined, brings }, this.threads));
  }

  /** Stops the threads; what they are at is dropped. */
  async close(): Promise<void> {
    await this.opened?.close();
  }
}
