import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { ChunkEvaluator } from '../../src/engine/evaluate-chunk.js';
import { factsOf } from '../../src/engine/facts.js';
import type { Progress } from '../../src/engine/progress.js';
import { chunksOfTask, Engine, runStudy, tasksInFlight } from '../../src/engine/run.js';
import { MemorySink, type Chunk, type Sink } from '../../src/engine/sink.js';
import { DeltaSweepError } from '../../src/errors.js';
import { columnsOf } from '../../src/space/columns.js';
import { gridOf } from '../../src/space/study.js';
import { failingWorker, type Fault } from '../helpers/failing-worker.js';
import { SMALL, studyOf, TINY } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(SMALL);
const { size } = gridOf(study);
const whole = new ChunkEvaluator(study, factsOf(study)).evaluate(0, { from: 0, to: size });

/** The rows of some chunks, column by column. */
const columnsOfChunks = (chunks: readonly Chunk[]) =>
  whole.batch.columns.map((_, c) => chunks.flatMap(({ batch }) => [...batch.columns[c]!]));
const expectedColumns = columnsOfChunks([whole]);

/** A sink that does something at each chunk before it keeps it. */
function sinkWith(before: (chunk: Chunk, sink: MemorySink) => void): MemorySink {
  const sink = new MemorySink();
  const keep = sink.append.bind(sink);
  sink.append = (chunk) => {
    before(chunk, sink);
    keep(chunk);
  };
  return sink;
}

describe('the tasks in flight', () => {
  const cellBytes = 16; // of a cell as a row, and again in the record batch
  const bytesOf = (points: number) => points * columnsOf(study).length * cellBytes;

  it.each([
    [1, 16_384],
    [2, 65_536],
    [16, 16_384],
    [64, 16_384],
    [2, 10_000_000],
  ])(
    'of %i workers with %i points each are four per worker, within 256 MiB, but one more than workers',
    (workers, points) => {
      const tasks = tasksInFlight(study, workers, points);
      expect(tasks).toBeGreaterThan(workers);
      if (tasks > workers + 1) expect(tasks * bytesOf(points)).toBeLessThanOrEqual(256 * 2 ** 20);
      if ((tasks + 1) * bytesOf(points) <= 256 * 2 ** 20) expect(tasks).toBe(4 * workers);
    },
  );

  it.each([1, 2, 16, 64])(
    'of %i workers, one more than these, have chunks within 256 MiB, or one chunk each',
    (workers) => {
      const chunks = chunksOfTask(study, 4096, 1_000_000, workers);
      if (chunks > 1) expect((workers + 1) * bytesOf(chunks * 4096)).toBeLessThanOrEqual(256 * 2 ** 20);
      expect((workers + 1) * bytesOf((chunks + 1) * 4096) > 256 * 2 ** 20 || (chunks + 1) * 4096 > 65_536).toBe(true);
    },
  );

  it('of a study that stores the front alone are not bounded in bytes', () => {
    expect(tasksInFlight({ ...study, store: 'front' }, 64, 1_048_576)).toBe(256);
  });
});

describe('a run', () => {
  it('has a grid to walk in which some points are rejected and some designs infeasible', () => {
    expect(size).toBe(1200);
    expect(whole.rejected).toBeGreaterThan(100);
    const infeasible = whole.batch.columns.at(-1)!.filter((code) => code >= 0).length;
    expect(infeasible).toBeGreaterThan(100);
    expect(whole.batch.rows - infeasible).toBeGreaterThan(100);
  });

  it.each([1, 2, 4].flatMap((workers) => [7, 97, 1000, 5000].map((chunkPoints) => [workers, chunkPoints] as const)))(
    'gives the rows of one range, in order, with %i workers and %i points a chunk',
    async (workers, chunkPoints) => {
      const sink = new MemorySink();
      await expect(runStudy(study, sink, { workers, chunkPoints })).resolves.toEqual({ stopped: false, failed: 0 });
      expect(sink.chunks.map(({ chunk }) => chunk)).toEqual([...sink.chunks.keys()]);
      expect(sink.chunks.map(({ from }) => from)).toEqual([0, ...sink.chunks.slice(0, -1).map(({ to }) => to)]);
      expect(sink.chunks.at(-1)!.to).toBe(size);
      expect(columnsOfChunks(sink.chunks)).toEqual(expectedColumns);
      expect(sink.chunks.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(whole.rejected);
      const rejectedBy = whole.rejectedBy.map((_, i) => sink.chunks.reduce((sum, c) => sum + c.rejectedBy[i]!, 0));
      expect(rejectedBy).toEqual(whole.rejectedBy);
    },
  );

  it('evaluates the chunks that it is asked for, whichever they are', async () => {
    const sink = new MemorySink();
    await runStudy(study, sink, { workers: 2, chunkPoints: 100, pending: [0, 3, 11] });
    expect(sink.chunks.map(({ chunk, from, to }) => [chunk, from, to])).toEqual([
      [0, 0, 100],
      [3, 300, 400],
      [11, 1100, 1200],
    ]);
    await expect(runStudy(study, sink, { workers: 1, pending: [] })).resolves.toEqual({ stopped: false, failed: 0 });
    expect(sink.chunks).toHaveLength(3);
  });

  it('gives the same with the staged evaluator and its shared traffic', async () => {
    const tiny = studyOf(TINY);
    const expected = new ChunkEvaluator(tiny, factsOf(tiny)).evaluate(0, { from: 0, to: 40 });
    const sink = new MemorySink();
    const engine = await Engine.open(tiny, { workers: 2 });
    expect(engine.facts).toEqual(factsOf(tiny));
    await engine.run(sink);
    await engine.close();
    expect(sink.chunks).toEqual([expected]);
  });
});

describe('a run that is told to stop', () => {
  it('stops without a gap, and another one does the rest', async () => {
    const controller = new AbortController();
    const sink = sinkWith((_, { chunks }) => void (chunks.length === 5 && controller.abort()));
    const options = { workers: 2, chunkPoints: 20 };
    const outcome = await runStudy(study, sink, { ...options, signal: controller.signal });
    expect(outcome).toEqual({ stopped: true, failed: 0 });
    const stored = sink.chunks.length;
    expect(stored).toBeLessThan(40); // of 60: what was evaluated when the signal came is stored
    const pending = Array.from({ length: 60 - stored }, (_, i) => stored + i);
    await expect(runStudy(study, sink, { ...options, pending })).resolves.toMatchObject({ stopped: false });
    expect(columnsOfChunks(sink.chunks)).toEqual(expectedColumns);
  });

  it('stores nothing when it was told before it began', async () => {
    const sink = new MemorySink();
    const outcome = await runStudy(study, sink, { workers: 2, signal: AbortSignal.abort() });
    expect([outcome.stopped, sink.chunks]).toEqual([true, []]);
  });
});

describe('a run whose sink fails', () => {
  const failWith = (error: Error) =>
    sinkWith(() => {
      throw error;
    });

  it.each([0, 3, 11])('fails with one line at chunk %i, hangs on nothing and stores no more', async (failing) => {
    const sink = sinkWith(({ chunk }) => {
      if (chunk === failing) throw new Error('no space left\n  on device');
    });
    const failure = await runStudy(study, sink, { workers: 2, chunkPoints: 100 }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeltaSweepError);
    expect(failure).toMatchObject({ code: 'run', message: 'the run failed: no space left on device' });
    expect(sink.chunks).toHaveLength(failing);
  });

  it('names the code of a system error, and passes an error of its own on as it is', async () => {
    const full = Object.assign(new Error('disk is full'), { code: 'ENOSPC' });
    await expect(runStudy(study, failWith(full), { workers: 1 })).rejects.toThrow(
      'the run failed: disk is full (ENOSPC)',
    );
    const own = new DeltaSweepError('input', [{ what: 'no' }]);
    await expect(runStudy(study, failWith(own), { workers: 1 })).rejects.toBe(own);
  });

  it('fails the same way when what listens to its progress fails', async () => {
    const onProgress = () => {
      throw new Error('broken terminal');
    };
    const options = { workers: 2, chunkPoints: 100, onProgress };
    await expect(runStudy(study, new MemorySink(), options)).rejects.toThrow('the run failed: broken terminal');
  });
});

/** Runs a study on threads that fail at a chunk. */
async function runFailing(fault: Fault, sink: Sink, chunkPoints = 100) {
  const engine = await Engine.open(study, { workers: 2, workerFile: failingWorker(makeFolder(), fault) });
  try {
    return await engine.run(sink, { chunkPoints });
  } finally {
    await engine.close();
  }
}

describe('a run whose threads fail', () => {
  it.each(['throws', 'exits', 'runs out of memory'])(
    'tries a chunk again on a new thread: one that %s',
    async (fault) => {
      const sink = new MemorySink();
      const outcome = await runFailing({ fault, chunk: '4', flag: join(makeFolder(), 'struck') }, sink);
      expect(outcome).toEqual({ stopped: false, failed: 0 });
      expect(columnsOfChunks(sink.chunks)).toEqual(expectedColumns);
    },
  );

  it.each([
    ['throws', /^chunk 4 is cursed$/],
    ['exits', /exit/i],
    ['runs out of memory', /memory/i],
  ])(
    'records the chunk as failed with its cause, and evaluates the others, where it always %s',
    async (fault, cause) => {
      const sink = new MemorySink();
      expect(await runFailing({ fault, chunk: '4' }, sink)).toEqual({ stopped: false, failed: 1 });
      expect(sink.chunks.map(({ chunk }) => chunk)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);
      expect(sink.failed).toMatchObject([{ chunk: 4, from: 400, to: 500, attempts: 2 }]);
      expect(sink.failed[0]!.cause).toMatch(cause);
    },
  );

  it('gives up with one line when the disk is full: nothing is wrong with the chunk', async () => {
    await expect(runFailing({ fault: 'finds the disk full', chunk: '4' }, new MemorySink())).rejects.toThrow(
      'the run failed: the disk is full: what is stored stays; the same command resumes it when there is space (ENOSPC)',
    );
  });

  it('gives up when chunk after chunk fails', async () => {
    const sink = new MemorySink();
    await expect(runFailing({ fault: 'throws', chunk: 'all' }, sink, 10)).rejects.toThrow(
      /16 chunks in a row .* is cursed/,
    );
    expect(sink.failed).toHaveLength(16);
  });
});

describe('progress', () => {
  it('never goes back, and ends at the whole grid', async () => {
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => void seen.push(progress);
    const pending = Array.from({ length: 20 }, (_, i) => i + 4);
    await runStudy(study, new MemorySink(), { workers: 4, chunkPoints: 50, pending, done: 200, onProgress });
    expect(seen).toHaveLength(20);
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.every((points) => points >= 200)).toBe(true);
    expect(seen.every(({ total, rate, secondsLeft }) => total === size && rate >= 0 && secondsLeft >= 0)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ done: size, secondsLeft: 0 });
  });
});
