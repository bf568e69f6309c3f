/** Threads that read stored chunks back, ahead of who takes them over. */
import { availableParallelism } from 'node:os';
import { ahead } from '../ahead.js';
import { DeltaSweepError, runError } from '../errors.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Study } from '../space/study.js';
import type { ReadPart, StoredPart } from './messages.js';
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

  /** Verifies the parts of items, in their order; nothing is wrong with an item that has none. */
  verify<Item>(
    items: Iterable<Item>,
    partOf: (item: Item) => StoredPart | undefined,
  ): AsyncGenerator<[Item, ReadPart]> {
    return this.ahead(items, partOf, (part) => this.pool.verify(part));
  }

  /** Reads the parts of items, in their order; an item that has none brings no rows. */
  read<Item>(items: Iterable<Item>, partOf: (item: Item) => StoredPart | undefined): AsyncGenerator<[Item, ReadPart]> {
    return this.ahead(items, partOf, (part) => this.pool.read(part, this.facts));
  }

  private ahead<Item>(
    items: Iterable<Item>,
    partOf: (item: Item) => StoredPart | undefined,
    ask: (part: StoredPart) => Promise<ReadPart>,
  ): AsyncGenerator<[Item, ReadPart]> {
    return ahead(items, this.threads * PARTS_PER_THREAD, async (item) => {
      const part = partOf(item);
      try {
        return [item, part ? await ask(part) : {}];
      } catch (error) {
        if (error instanceof DeltaSweepError) throw error;
        throw runError(`${part!.folder}: chunk ${part!.chunk} cannot be read: ${(error as Error).message}`, error);
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
