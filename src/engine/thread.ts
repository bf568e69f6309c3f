/** What a pool thread does: evaluates chunks, searches for a front. The rows of chunks go to a store in the thread, or back. */
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { PlaceSearch } from './frontier/place-search.js';
import { bufferOf, type Batch } from '../space/columns.js';
import { ChunkEvaluator } from './evaluate-chunk.js';
import { DesignEvaluator } from './evaluate-designs.js';
import { SharedTraffic } from './staged/shared-traffic.js';
import type { Answer, ChunkTask, Searched, Task, WorkerData } from './messages.js';
import type { Chunk } from './sink.js';

/** Stores the rows of a chunk from the thread that evaluated them; the SHA-256 of their record batch. */
export type StoreRows = (chunk: number, stored: Batch, all: Batch) => string;

const NO_ROWS: Batch = { rows: 0, columns: [] };

export class Thread {
  private readonly shared: SharedTraffic | undefined;
  private evaluator: ChunkEvaluator | undefined;
  private searcher: PlaceSearch | undefined;
  private designs: DesignEvaluator | undefined;
  /** Memory of rows that stay in the thread, used again. */
  private room: ArrayBuffer | undefined;

  /** @param storeRows absent where rows are returned */
  constructor(
    private readonly data: WorkerData,
    private readonly storeRows: StoreRows | undefined,
  ) {
    const { study, traffic, ids } = data;
    this.shared = traffic && new SharedTraffic(study, traffic, ids);
  }

  /** Does a task. Arrays are moved to the pool, not copied. */
  work(task: Task): Answer {
    const result = this.guarded(task);
    return move({ [transferableSymbol]: buffersOf(result), [valueSymbol]: result }) as unknown as Answer;
  }

  /** Errors of the system come back as answers: their codes would not survive the way between threads. */
  private guarded(task: Task): Answer {
    try {
      return this.answer(task);
    } catch (error) {
      const { code, syscall, message } = error as NodeJS.ErrnoException;
      const isOfSystem = syscall !== undefined || code?.startsWith('SQLITE_');
      if (!isOfSystem || code === undefined) throw error;
      return { failure: { code, message } };
    }
  }

  private answer(task: Task): Answer {
    switch (task.task) {
      case 'traffic':
        this.shared!.fill(task.index);
        return {};
      case 'search':
        return { searched: this.search(task) };
      case 'chunks': {
        const evaluator = (this.evaluator ??= new ChunkEvaluator(this.data.study, task.facts, this.shared?.source));
        return { chunks: task.chunks.map((chunk) => this.evaluateChunk(evaluator, chunk)) };
      }
    }
  }

  private evaluateChunk(evaluator: ChunkEvaluator, task: ChunkTask): Chunk {
    const { storeRows } = this;
    if (!storeRows) return evaluator.evaluate(task.chunk, task);
    const { batch, ...chunk } = evaluator.evaluate(task.chunk, task, this.room);
    this.room = largerOf(this.room, bufferOf(batch));
    if (batch.rows === 0) return { ...chunk, batch: NO_ROWS };
    return { ...chunk, batch: NO_ROWS, sha256: storeRows(task.chunk, batch, evaluator.complete(batch)) };
  }

  private search({ part, front }: Extract<Task, { task: 'search' }>): Searched {
    const { study, question } = this.data;
    this.searcher ??= new PlaceSearch(study, question!);
    this.designs ??= new DesignEvaluator(study);
    const result = this.searcher.search(part, front);
    return { ...result, batch: this.designs.evaluate(result.found.ids) };
  }
}

const largerOf = (a: ArrayBuffer | undefined, b: ArrayBuffer | undefined) =>
  (a?.byteLength ?? 0) >= (b?.byteLength ?? 0) ? a : b;

/** The memory of rows, which moves with them. */
function buffersOf({ chunks = [] }: Answer): ArrayBufferLike[] {
  return [...new Set(chunks.flatMap(({ batch }) => batch.columns).map(({ buffer }) => buffer))];
}
