/** Walks the grid: keeps the pool busy with chunks, tries failed ones again, hands all to the sink in order. */
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import { DeltaSweepError, oneLine, runError } from '../errors.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { bufferOf } from '../space/columns.js';
import { gridOf, type Study } from '../space/study.js';
import { chunkCount, chunkPointsOf, chunkRange, type Range } from './chunks.js';
import { factsOf } from './facts.js';
import { SharedTraffic } from './kernel/shared-traffic.js';
import type { WorkerData } from './messages.js';
import { openPool, type Pool } from './pool.js';
import { progressOf, type Progress } from './progress.js';
import type { Chunk, FailedChunk, Sink } from './sink.js';

export interface EngineOptions {
  /** Threads; default: one a core. */
  workers?: number;
  /** Folder of the chunks' Arrow parts; without it none are written. */
  partsFolder?: string;
  /** The threads' file, in place of the engine's own: for tests of failing threads. */
  workerFile?: string;
}

export interface RunOptions {
  /** Points of a chunk; default: what the study's are. */
  chunkPoints?: number;
  /** Numbers of the chunks to evaluate, ascending; default: all. */
  pending?: Iterable<number>;
  /** Points of the grid that are done before the run, for its progress. */
  done?: number;
  /** Stops the run: what is stored stays, chunks in flight are dropped. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** How a run ended: whether it was stopped before its end, and how many chunks could not be evaluated. */
export interface Outcome {
  stopped: boolean;
  failed: number;
}

/** Chunks in flight, per worker: enough to keep all busy. */
const CHUNKS_IN_FLIGHT_PER_WORKER = 4;

/** Chunks asked for and not handed on yet, per worker. A chunk's rows are bounded (`MAX_CHUNK_POINTS`), and so is their memory. */
const CHUNKS_AHEAD_PER_WORKER = 8;

/** A run gives up when so many chunks in a row fail: it is not about the chunks. */
const MOST_FAILURES_IN_A_ROW = 16;

/** Threads for one study, and what they share. */
export class Engine {
  /** Chunks that failed are tried again one at a time: what they failed for may be that there was too much at once. */
  private readonly retries = new PQueue({ concurrency: 1 });

  private constructor(
    private readonly study: Study,
    readonly workers: number,
    private readonly pool: Pool,
    private readonly openAnother: () => Pool,
    readonly facts: readonly WorkloadFacts[],
  ) {}

  /** Starts the threads and has them work out what all chunks share. */
  static async open(study: Study, options: EngineOptions = {}): Promise<Engine> {
    const { workers = availableParallelism(), partsFolder, workerFile } = options;
    const shared = study.model === 'delta' ? new SharedTraffic(study) : undefined;
    const workerData: WorkerData = { study, traffic: shared?.buffer, partsFolder };
    const pool = openPool(workerData, workers, workerFile);
    try {
      await Promise.all((shared?.all ?? []).map((index) => pool.fillTraffic(index)));
      const facts = factsOf(study, shared?.baseline);
      return new Engine(study, workers, pool, () => openPool(workerData, 1, workerFile), facts);
    } catch (error) {
      await pool.close();
      throw asRunError(error);
    }
  }

  /** Evaluates chunks into a sink, which gets them in order. */
  async run(sink: Sink, options: RunOptions = {}): Promise<Outcome> {
    const total = gridOf(this.study).size;
    const { chunkPoints = chunkPointsOf(this.study), done = 0, signal, onProgress } = options;
    const pending = options.pending ?? wholeNumbers(chunkCount(total, chunkPoints));
    const queue = new PQueue({ concurrency: this.workers * CHUNKS_IN_FLIGHT_PER_WORKER });
    const writer = new InOrderWriter(sink);
    const startMs = performance.now();
    let failure: unknown;
    let points = done;
    const isOver = () => signal?.aborted === true || failure !== undefined;

    const work = async (turn: number, chunk: number): Promise<void> => {
      if (isOver()) return;
      try {
        const range = chunkRange(chunk, total, chunkPoints);
        const outcome = await this.evaluate(chunk, range, writer.takeRoom(), isOver);
        if (!outcome || isOver()) return;
        writer.deliver(turn, outcome);
        points += range.to - range.from;
        onProgress?.(progressOf(done, points, total, startMs, performance.now()));
      } catch (error) {
        failure ??= error;
      } finally {
        writer.wakeUp();
      }
    };
    let turn = 0;
    for (const chunk of pending) {
      await orAborted(queue.onSizeLessThan(1), signal);
      while (turn - writer.next >= this.workers * CHUNKS_AHEAD_PER_WORKER && !isOver())
        await orAborted(writer.nextWakeUp(), signal);
      if (isOver()) break;
      const task = turn++;
      void queue.add(() => work(task, chunk));
    }
    await orAborted(queue.onIdle(), signal);
    if (failure !== undefined) throw asRunError(failure);
    return { stopped: signal?.aborted === true, failed: writer.failed };
  }

  /** A chunk's rows, from a second thread if the first one fails; why there are none if that fails too; undefined once the run is over. */
  private async evaluate(
    chunk: number,
    range: Range,
    room: ArrayBuffer | undefined,
    isOver: () => boolean,
  ): Promise<Chunk | FailedChunk | undefined> {
    try {
      return await this.pool.evaluate(chunk, range, { facts: this.facts, room });
    } catch (error) {
      if (isOver()) return undefined;
      if (error instanceof DeltaSweepError) throw error;
    }
    return this.retries.add(async () => (isOver() ? undefined : this.retry(chunk, range)));
  }

  /** Evaluates a chunk on a new thread of its own. */
  private async retry(chunk: number, range: Range): Promise<Chunk | FailedChunk> {
    const another = this.openAnother();
    try {
      return await another.evaluate(chunk, range, { facts: this.facts });
    } catch (error) {
      if (error instanceof DeltaSweepError) throw error;
      return { chunk, ...range, attempts: 2, cause: oneLine(String((error as Error).message ?? error)) };
    } finally {
      await another.close();
    }
  }

  /** Stops the threads; what they are at is dropped. */
  async close(): Promise<void> {
    await Promise.all([this.pool.close(), this.retries.onIdle()]);
  }
}

/** Evaluates a study into a sink, start to end. Whether it got there. */
export async function runStudy(
  study: Study,
  sink: Sink,
  { workers, ...options }: RunOptions & Pick<EngineOptions, 'workers'> = {},
): Promise<Outcome> {
  const engine = await Engine.open(study, workers === undefined ? {} : { workers });
  try {
    return await engine.run(sink, options);
  } finally {
    await engine.close();
  }
}

function* wholeNumbers(end: number): Generator<number> {
  for (let n = 0; n < end; n++) yield n;
}

/** Resolves with a promise, or when the signal is given; leaves nothing behind on the signal (`Promise.race` would). */
export function orAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal?.removeEventListener('abort', done);
      resolve();
    };
    if (signal?.aborted) return resolve();
    signal?.addEventListener('abort', done);
    return void promise.then(done);
  });
}

export function asRunError(failure: unknown): DeltaSweepError {
  if (failure instanceof DeltaSweepError) return failure;
  const { message, code } = failure as NodeJS.ErrnoException;
  return runError(`the run failed: ${message}${code && !message.includes(code) ? ` (${code})` : ''}`, failure);
}

/** Puts chunks back into the order in which they were asked for. */
class InOrderWriter {
  private readonly early = new Map<number, Chunk | FailedChunk>();
  private readonly rooms: ArrayBuffer[] = [];
  private wake: (() => void) | undefined;
  private failedInARow = 0;
  /** The turn that has not been handed on yet. */
  next = 0;
  /** Chunks that failed, so far. */
  failed = 0;

  constructor(private readonly sink: Sink) {}

  /** Hands on the outcome, and those that waited for it. */
  deliver(turn: number, outcome: Chunk | FailedChunk): void {
    this.early.set(turn, outcome);
    for (let ready = this.early.get(this.next); ready; ready = this.early.get(this.next)) {
      this.early.delete(this.next++);
      this.handOn(ready);
    }
  }

  /** Memory of a chunk that has been handed on. */
  takeRoom(): ArrayBuffer | undefined {
    return this.rooms.pop();
  }

  wakeUp(): void {
    this.wake?.();
  }

  /** Resolves when a chunk has come, or has failed the run. */
  nextWakeUp(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private handOn(outcome: Chunk | FailedChunk): void {
    if (!('cause' in outcome)) {
      this.failedInARow = 0;
      this.sink.append(outcome);
      const room = this.sink.keepsRows === false ? bufferOf(outcome.batch) : undefined;
      if (room) this.rooms.push(room);
      return;
    }
    this.failed++;
    this.sink.fail(outcome);
    if (++this.failedInARow >= MOST_FAILURES_IN_A_ROW)
      throw runError(
        `${this.failedInARow} chunks in a row could not be evaluated, the last one because: ${outcome.cause}`,
      );
  }
}
