/** Threads that read stored chunks back, ahead of who takes them over. */
import { availableParallelism } from 'node:os';
import { ahead } from '../ahead.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Study } from '../space/study.js';
import type { StoredPart, StoredRows } from './messages.js';
import { openPool, type Pool } from './pool.js';
import { asRunError } from './run.js';

/** More threads than these read faster than one writer writes. */
const MOST_THREADS = 4;

/** Parts under way, per thread: one is read as another one waits. */
const PARTS_PER_THREAD = 3;

export class PartThreads {
  private readonly threads = Math.min(MOST_THREADS, availableParallelism());
  private readonly pool: Pool;

  constructor(
    study: Study,
    private readonly facts: readonly WorkloadFacts[],
  ) {
    this.pool = openPool({ study, traffic: undefined, partsFolder: undefined, brings: 'front' }, this.threads);
  }

  /** Items in their order, each with whether its part is there as it was written; one without a part is sound. */
  verify<Item>(items: Iterable<Item>, partOf: (item: Item) => StoredPart | undefined): AsyncGenerator<[Item, boolean]> {
    return this.ahead(items, partOf, (part) => (part ? this.pool.verify(part) : true));
  }

  /** Items in their order, each with its rows; undefined where its part is missing or damaged, null where it has none. */
  read<Item>(
    items: Iterable<Item>,
    partOf: (item: Item) => StoredPart | undefined,
  ): AsyncGenerator<[Item, StoredRows | undefined | null]> {
    return this.ahead(items, partOf, (part) => (part ? this.pool.read(part, this.facts) : null));
  }

  private ahead<Item, Result>(
    items: Iterable<Item>,
    partOf: (item: Item) => StoredPart | undefined,
    work: (part: StoredPart | undefined) => Promise<Result> | Result,
  ): AsyncGenerator<[Item, Result]> {
    return ahead(items, this.threads * PARTS_PER_THREAD, async (item) => {
      try {
        return [item, await work(partOf(item))];
      } catch (error) {
        throw asRunError(error);
      }
    });
  }

  /** Stops the threads; what they are at is dropped. */
  close(): Promise<void> {
    return this.pool.close();
  }
}
