/** Walks the grid: keeps the pool busy with chunks, tries failed ones again, hands all to the sink in order. */
import { availableParallelism } from 'node:os';
import PQueue from 'p-queue';
import { DeltaSweepError, oneLine, runError } from '../errors.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { gridOf, type Study } from '../space/study.js';
import { chunkCount, chunkPointsOf, chunkRange, pointsOfChunks, type Range } from './chunks.js';
import { factsOf } from './facts.js';
import { SharedTraffic } from './kernel/shared-traffic.js';
import type { Brings, ChunkTask, WorkerData } from './messages.js';
import { openPool, type Pool } from './pool.js';
import { progressOf, type Progress } from './progress.js';
import type { Chunk, FailedChunk, Sink } from './sink.js';

export interface EngineOptions {
  /** Threads; default: one a core. */
  workers?: number;
  /** The ids that chunks are about; default: all. A shard prepares nothing for others. */
  ids?: Range;
  /** Folder of the chunks' Arrow parts; without it none are written. */
  partsFolder?: string;
  /** What chunks bring besides what is written of them; default: their rows. A study that stores the front alone brings that. */
  brings?: Brings;
  /** The threads' file, in place of the engine's own: for tests of failing threads. */
  workerFile?: string;
}

export interface RunOptions {
  /** Points of a chunk; default: what the study's are. */
  chunkPoints?: number;
  /** The chunks that the run is about; default: all. */
  chunks?: Range;
  /** Numbers of those that are to be evaluated, ascending; default: all of them. */
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

/** Tasks in flight, per worker: enough to keep all busy. */
const TASKS_IN_FLIGHT_PER_WORKER = 4;

/** Most points of a task, and least tasks that a worker gets where there are as many chunks. */
const MAX_TASK_POINTS = 65_536;
const LEAST_TASKS_PER_WORKER = 16;

/** Chunks asked for and not handed on yet, per worker. What a chunk brings is bounded (`MAX_CHUNK_POINTS`), and so is their memory. */
const CHUNKS_AHEAD_PER_WORKER = 16;

/** A run gives up when so many chunks in a row fail: it is not about the chunks. */
const MOST_FAILURES_IN_A_ROW = 16;

/** Threads for one study, and what they share. */
export class Engine {
  /** Chunks that failed are tried again one at a time: what they failed for may be that there was too much at once. */
  private readonly retries = new PQueue({ concurrency: 1 });
  private runs = 0;

  private constructor(
    private readonly study: Study,
    readonly workers: number,
    private readonly pool: Pool,
    private readonly openAnother: () => Pool,
    readonly facts: readonly WorkloadFacts[],
  ) {}

  /** Starts the threads and has them work out what all chunks share. */
  static async open(study: Study, options: EngineOptions = {}): Promise<Engine> {
    const { workers = availableParallelism(), partsFolder, workerFile, ids, brings = 'rows' } = options;
    const shared = study.model === 'delta' ? new SharedTraffic(study) : undefined;
    const workerData: WorkerData = { study, traffic: shared?.buffer, ids, partsFolder, brings };
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
    const { size } = gridOf(this.study);
    const { chunkPoints = chunkPointsOf(this.study), done = 0, signal, onProgress } = options;
    this.runs++;
    const { chunks = { from: 0, to: chunkCount(size, chunkPoints) } } = options;
    const pending = options.pending ?? wholeNumbers(chunks);
    const total = pointsOfChunks(chunks, size, chunkPoints);
    const queue = new PQueue({ concurrency: this.workers * TASKS_IN_FLIGHT_PER_WORKER });
    const writer = new InOrderWriter(sink);
    const startMs = performance.now();
    let failure: unknown;
    let points = done;
    const isOver = () => signal?.aborted === true || failure !== undefined;

    const work = async (turn: number, numbers: readonly number[]): Promise<void> => {
      if (isOver()) return;
      try {
        const tasks = numbers.map((chunk) => ({ chunk, ...chunkRange(chunk, size, chunkPoints) }));
        const outcomes = await this.evaluate(tasks, isOver);
        if (!outcomes || isOver()) return;
        outcomes.forEach((outcome, i) => writer.deliver(turn + i, outcome));
        points += tasks.reduce((sum, { from, to }) => sum + to - from, 0);
        onProgress?.(progressOf(done, points, total, startMs, performance.now()));
      } catch (error) {
        failure ??= error;
      } finally {
        writer.wakeUp();
      }
    };
    let turn = 0;
    for (const numbers of inGroups(pending, chunksOfTask(chunkPoints, chunks.to - chunks.from, this.workers))) {
      await orAborted(queue.onSizeLessThan(1), signal);
      while (turn - writer.next >= this.workers * CHUNKS_AHEAD_PER_WORKER && !isOver())
        await orAborted(writer.nextWakeUp(), signal);
      if (isOver()) break;
      const first = turn;
      turn += numbers.length;
      void queue.add(() => work(first, numbers));
    }
    await orAborted(queue.onIdle(), signal);
    if (failure !== undefined) throw asRunError(failure);
    return { stopped: signal?.aborted === true, failed: writer.failed };
  }

  /** Chunks' rows, each from a second thread if the first one fails; why there are none if that fails too; undefined once the run is over. */
  private async evaluate(
    tasks: readonly ChunkTask[],
    isOver: () => boolean,
  ): Promise<(Chunk | FailedChunk)[] | undefined> {
    try {
      return await this.pool.evaluate(tasks, this.facts, this.runs);
    } catch (error) {
      if (isOver()) return undefined;
      if (error instanceof DeltaSweepError) throw error;
    }
    const outcomes: (Chunk | FailedChunk)[] = [];
    for (const task of tasks) {
      const outcome = await this.retries.add(async () => (isOver() ? undefined : this.retry(task)));
      if (!outcome) return undefined;
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Evaluates a chunk on a new thread of its own. */
  private async retry(task: ChunkTask): Promise<Chunk | FailedChunk> {
    const another = this.openAnother();
    try {
      return (await another.evaluate([task], this.facts, this.runs))[0]!;
    } catch (error) {
      if (error instanceof DeltaSweepError) throw error;
      return { ...task, attempts: 2, cause: oneLine(String((error as Error).message ?? error)) };
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

/** Chunks of a task: as many as keep messages few and all workers busy to the end. */
function chunksOfTask(chunkPoints: number, chunks: number, workers: number): number {
  const most = Math.min(MAX_TASK_POINTS / chunkPoints, chunks / (workers * LEAST_TASKS_PER_WORKER));
  return Math.max(1, Math.floor(most));
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

/** Puts chunks back into the order in which they were asked for. */
class InOrderWriter {
  private readonly early = new Map<number, Chunk | FailedChunk>();
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
      return this.sink.append(outcome);
    }
    this.failed++;
    this.sink.fail(outcome);
    if (++this.failedInARow >= MOST_FAILURES_IN_A_ROW)
      throw runError(
        `${this.failedInARow} chunks in a row could not be evaluated, the last one because: ${outcome.cause}`,
      );
  }
}
