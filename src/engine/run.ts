/** Walks the grid: cuts it into chunks, keeps the pool busy, hands chunks to the sink in order. */
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import { DeltaSweepError, runError } from '../errors.js';
import { gridOf, type Study } from '../space/study.js';
import { openPool, type Range } from './pool.js';
import { progressOf, type Progress } from './progress.js';
import type { Chunk, Sink } from './sink.js';

export const DEFAULT_CHUNK_POINTS = 8192;

export interface RunOptions {
  /** Threads; default: one a core. */
  workers?: number;
  /** Points of the grid a chunk; default 8192. No result depends on it. */
  chunkPoints?: number;
  /** First id that is not stored yet; default 0. */
  from?: number;
  /** Stops the run at a chunk's end: what is stored stays. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** Chunks in flight or waiting for their turn, per worker: enough to keep all busy, few enough to bound memory. */
const CHUNKS_AHEAD_PER_WORKER = 4;

/**
 * Evaluates a study's grid into a sink. Chunks finish in any order; the sink gets them in order, so that what it
 * writes does not depend on workers or chunk size. Resolves when all is appended or the signal stopped it (`false`).
 */
export async function runStudy(study: Study, sink: Sink, options: RunOptions = {}): Promise<boolean> {
  const {
    workers = availableParallelism(),
    chunkPoints = DEFAULT_CHUNK_POINTS,
    from = 0,
    signal,
    onProgress,
  } = options;
  const total = gridOf(study).size;
  if (from >= total) return true;
  const pool = openPool(study, Math.min(workers, Math.ceil((total - from) / chunkPoints)));
  const queue = new PQueue({ concurrency: workers });
  const writer = new InOrderWriter(sink, from);
  const startMs = performance.now();
  const inFlight = new Set<Promise<void>>();
  let failure: unknown;
  const stopped = () => signal?.aborted === true || failure !== undefined;
  const wakeUp = () => writer.wakeUp();
  signal?.addEventListener('abort', wakeUp);

  const evaluateChunk = async (range: Range): Promise<void> => {
    try {
      const chunk = await queue.add(async () => (stopped() ? undefined : pool.evaluate(range)));
      if (!chunk || failure !== undefined) return;
      writer.deliver(chunk);
      onProgress?.(progressOf(from, writer.next, total, startMs, performance.now()));
    } catch (error) {
      failure ??= error;
    } finally {
      writer.wakeUp();
    }
  };

  try {
    const limit = workers * CHUNKS_AHEAD_PER_WORKER;
    for (let start = from; start < total && !stopped(); start += chunkPoints) {
      const task = evaluateChunk({ from: start, to: Math.min(start + chunkPoints, total) });
      inFlight.add(task);
      void task.then(() => inFlight.delete(task));
      while (inFlight.size + writer.waiting >= limit && !stopped()) await writer.nextWakeUp();
    }
    await Promise.all(inFlight);
  } finally {
    signal?.removeEventListener('abort', wakeUp);
    await pool.close();
  }
  if (failure !== undefined) throw asRunError(failure);
  return writer.next >= total;
}

function asRunError(failure: unknown): DeltaSweepError {
  if (failure instanceof DeltaSweepError) return failure;
  const { message, code } = failure as NodeJS.ErrnoException;
  return runError(`the run failed: ${message}${code && !message.includes(code) ? ` (${code})` : ''}`, failure);
}

/** Puts chunks back into the order of their ids. */
class InOrderWriter {
  private readonly early = new Map<number, Chunk>();
  private wake: (() => void) | undefined;

  constructor(
    private readonly sink: Sink,
    /** First id that has not been appended. */
    public next: number,
  ) {}

  /** Chunks that came before their turn. */
  get waiting(): number {
    return this.early.size;
  }

  /** Appends the chunk, and those that waited for it. */
  deliver(chunk: Chunk): void {
    this.early.set(chunk.from, chunk);
    for (let ready = this.early.get(this.next); ready; ready = this.early.get(this.next)) {
      this.early.delete(ready.from);
      this.sink.append(ready);
      this.next = ready.to;
    }
  }

  wakeUp(): void {
    this.wake?.();
  }

  /** Resolves when a chunk has come or the run is stopped. */
  nextWakeUp(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}
