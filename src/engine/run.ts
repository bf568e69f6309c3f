/** Evaluates the chunks of a study on a pool of threads, and hands them to a sink in order. */
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import { DeltaSweepError, oneLine, runError } from '../errors.js';
import { modelOf } from '../model/models.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { columnsOf } from '../space/columns.js';
import { gridOf, type Study } from '../space/study.js';
import { chunkCount, chunkPointsOf, chunkRange, pointsOfChunks, type Range } from './chunks.js';
import { factsOf } from './facts.js';
import { SharedTraffic } from './staged/shared-traffic.js';
import type { ChunkTask, WorkerData } from './messages.js';
import { openPool, type Pool } from './pool.js';
import { progressOf, type Progress } from './progress.js';
import type { Chunk, FailedChunk, Sink } from './sink.js';

export interface EngineOptions {
  /** Threads; default: one a core. */
  workers?: number;
  /** The ids that chunks are about; default: all. A shard prepares nothing for others. */
  ids?: Range;
  /** Where threads store the rows of chunks; without it, chunks come with their rows. A study that stores the front alone has none. */
  chunksFolder?: string;
  /** The threads' file, in place of the package's own: for tests of failing threads. */
  workerFile?: string;
}

export interface RunOptions {
  /** Points of a chunk; default: the study's own. */
  chunkPoints?: number;
  /** The chunks of the run; default: all. */
  chunks?: Range;
  /** Numbers of those that are to be evaluated, ascending; default: all of them. */
  pending?: Iterable<number>;
  /** Points of the grid that were done before the run, for its progress. */
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

/** Points of a task at most, and tasks that a worker gets at least where there are as many chunks. */
const MAX_TASK_POINTS = 65_536;
const MIN_TASKS_PER_WORKER = 16;

/** Tasks in flight per worker, and bytes of all of them, rows and record batches that are not in the sink yet. */
const TASKS_IN_FLIGHT_PER_WORKER = 4;
const MAX_BYTES_IN_FLIGHT = 256 * 2 ** 20;

/** Bytes of a cell, in rows and again in a record batch. */
const CELL_BYTES = 16;

/** A run gives up when this many chunks in a row fail: the cause is not in the chunks. */
const MAX_FAILURES_IN_A_ROW = 16;

/** Threads for one study, and what they share. */
export class Engine {
  private constructor(
    private readonly study: Study,
    readonly workers: number,
    private readonly pool: Pool,
    private readonly openAnother: () => Pool,
    readonly facts: readonly WorkloadFacts[],
  ) {}

  /** Starts the threads, which prepare what all chunks share. */
  static async open(study: Study, options: EngineOptions = {}): Promise<Engine> {
    const { workers = availableParallelism(), chunksFolder, workerFile, ids } = options;
    const shared = modelOf(study.model).algorithms ? new SharedTraffic(study) : undefined;
    const workerData: WorkerData = { study, traffic: shared?.buffer, ids, chunksFolder };
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

  /**
   * Evaluates chunks into a sink, which gets them in order. One queue bounds the tasks in flight: a task ends when the sink has its
   * chunks, and starts while the tasks before it are evaluated or wait for the sink.
   */
  async run(sink: Sink, options: RunOptions = {}): Promise<Outcome> {
    const { size } = gridOf(this.study);
    const { chunkPoints = chunkPointsOf(this.study), done = 0, signal, onProgress } = options;
    const { chunks = { from: 0, to: chunkCount(size, chunkPoints) } } = options;
    const pending = options.pending ?? wholeNumbers(chunks);
    const total = pointsOfChunks(chunks, size, chunkPoints);
    const chunksPerTask = chunksOfTask(this.study, chunkPoints, chunks.to - chunks.from, this.workers);
    const queue = new PQueue({ concurrency: tasksInFlight(this.study, this.workers, chunksPerTask * chunkPoints) });
    const counted = new CountingSink(sink);
    const startMs = performance.now();
    let failure: unknown;
    let points = done;
    const isOver = () => signal?.aborted === true || failure !== undefined;

    const work = async (tasks: readonly ChunkTask[], before: Promise<void>): Promise<void> => {
      if (isOver()) return;
      try {
        const evaluated = this.evaluate(tasks);
        await before;
        const result = await evaluated;
        // Here, where one task is at a time: chunks may have failed because there was too much at once.
        const outcomes = isOver() ? [] : 'error' in result ? await this.retry(tasks, result.error, isOver) : result;
        if (isOver()) return;
        for (const outcome of outcomes) await counted.take(outcome);
        points += tasks.reduce((sum, { from, to }) => sum + to - from, 0);
        onProgress?.(progressOf(done, points, total, startMs, performance.now()));
      } catch (error) {
        if (signal?.aborted !== true) failure ??= error;
      }
    };
    let last = Promise.resolve();
    for (const numbers of inGroups(pending, chunksPerTask)) {
      await orAborted(queue.onSizeLessThan(1), signal);
      if (isOver()) break;
      const tasks = numbers.map((chunk) => ({ chunk, ...chunkRange(chunk, size, chunkPoints) }));
      const before = last;
      last = queue.add(() => work(tasks, before));
    }
    await orAborted(queue.onIdle(), signal);
    if (failure !== undefined) throw asRunError(failure);
    return { stopped: signal?.aborted === true, failed: counted.failed };
  }

  /** Chunks' rows, or why their thread failed. */
  private async evaluate(tasks: readonly ChunkTask[]): Promise<Chunk[] | { error: unknown }> {
    try {
      return await this.pool.evaluate(tasks, this.facts);
    } catch (error) {
      return { error };
    }
  }

  /** The chunks of a failed task, each from a new thread; why there is none if that fails too. Throws errors of the system. */
  private async retry(
    tasks: readonly ChunkTask[],
    error: unknown,
    isOver: () => boolean,
  ): Promise<(Chunk | FailedChunk)[]> {
    if (error instanceof DeltaSweepError) throw error;
    const outcomes: (Chunk | FailedChunk)[] = [];
    for (const task of tasks) if (!isOver()) outcomes.push(await this.evaluateAlone(task));
    return outcomes;
  }

  /** Evaluates a chunk on a new thread of its own. */
  private async evaluateAlone(task: ChunkTask): Promise<Chunk | FailedChunk> {
    const another = this.openAnother();
    try {
      return (await another.evaluate([task], this.facts))[0]!;
    } catch (error) {
      if (error instanceof DeltaSweepError) throw error;
      return { ...task, attempts: 2, cause: oneLine(String((error as Error).message ?? error)) };
    } finally {
      await another.close();
    }
  }

  /** Stops the threads; what they work on is dropped. */
  async close(): Promise<void> {
    await this.pool.close();
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

/** Bytes of points in flight. */
const bytesOf = (study: Study, points: number) =>
  study.store === 'all' ? points * columnsOf(study).length * CELL_BYTES : 0;

/** Chunks of a task: as many as keep messages few, all workers busy to the end, and one task more than workers within the bytes. */
export function chunksOfTask(study: Study, chunkPoints: number, chunks: number, workers: number): number {
  const most = Math.min(
    MAX_TASK_POINTS / chunkPoints,
    chunks / (workers * MIN_TASKS_PER_WORKER),
    MAX_BYTES_IN_FLIGHT / bytesOf(study, chunkPoints) / (workers + 1),
  );
  return Math.max(1, Math.floor(most));
}

/** Tasks in flight: a few per worker, within the bytes, and one more than workers at least. */
export function tasksInFlight(study: Study, workers: number, pointsOfTask: number): number {
  const most = Math.min(
    workers * TASKS_IN_FLIGHT_PER_WORKER,
    Math.floor(MAX_BYTES_IN_FLIGHT / bytesOf(study, pointsOfTask)),
  );
  return Math.max(workers + 1, most);
}

/** Numbers in groups of `size`; the last one may have fewer. */
function* inGroups(numbers: Iterable<number>, size: number): Generator<number[]> {
  let group: number[] = [];
  for (const number of numbers) {
    group.push(number);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function* wholeNumbers({ from, to }: Range): Generator<number> {
  for (let n = from; n < to; n++) yield n;
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

/** Counts failed chunks on their way into a sink; throws where too many in a row fail. */
class CountingSink {
  private failedInARow = 0;
  failed = 0;

  constructor(private readonly sink: Sink) {}

  async take(outcome: Chunk | FailedChunk): Promise<void> {
    if (!('cause' in outcome)) {
      this.failedInARow = 0;
      return this.sink.append(outcome);
    }
    this.failed++;
    this.sink.fail(outcome);
    if (++this.failedInARow >= MAX_FAILURES_IN_A_ROW)
      throw runError(
        `${this.failedInARow} chunks in a row could not be evaluated, the last one because: ${outcome.cause}`,
      );
  }
}
