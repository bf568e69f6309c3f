import { describe, expect, it } from '@jest/globals';
import { DeltaSweepError } from '../../src/errors.js';
import { RangeEvaluator } from '../../src/engine/evaluate-range.js';
import type { Progress } from '../../src/engine/progress.js';
import { runStudy } from '../../src/engine/run.js';
import { MemorySink, type Chunk } from '../../src/engine/sink.js';
import { cellOf, columnsOf } from '../../src/space/columns.js';
import { gridOf } from '../../src/space/study.js';
import { SMALL, studyOf } from '../helpers/specs.js';

const study = studyOf(SMALL);
const columns = columnsOf(study);
const { size } = gridOf(study);

/** All rows of some chunks as users see them. */
function rowsOf(chunks: readonly Chunk[]) {
  return chunks.flatMap(({ batch }) =>
    Array.from({ length: batch.rows }, (_, row) => columns.map((column, c) => cellOf(column, batch.columns[c]!, row))),
  );
}

const whole = new RangeEvaluator(study).evaluate(0, size);
const expectedRows = rowsOf([whole]);

describe('a run', () => {
  it('has a grid to walk in which some points are rejected and some designs infeasible', () => {
    expect(size).toBe(1200);
    expect(whole.rejected).toBeGreaterThan(100);
    expect(expectedRows.filter((row) => row.at(-1) !== null).length).toBeGreaterThan(100);
    expect(expectedRows.filter((row) => row.at(-1) === null).length).toBeGreaterThan(100);
  });

  it.each([1, 2, 4].flatMap((workers) => [1, 97, 1000, 5000].map((chunkPoints) => [workers, chunkPoints] as const)))(
    'gives the rows of one stretch, in order, with %i workers and %i points a chunk',
    async (workers, chunkPoints) => {
      const sink = new MemorySink();
      await expect(runStudy(study, sink, { workers, chunkPoints })).resolves.toBe(true);
      expect(sink.chunks.map(({ from }) => from)).toEqual([0, ...sink.chunks.slice(0, -1).map(({ to }) => to)]);
      expect(sink.chunks.at(-1)!.to).toBe(size);
      expect(sink.chunks).toHaveLength(Math.ceil(size / chunkPoints));
      expect(rowsOf(sink.chunks)).toEqual(expectedRows);
      expect(sink.chunks.reduce((sum, { rejected }) => sum + rejected, 0)).toBe(whole.rejected);
      const rejectedBy = whole.rejectedBy.map((_, i) => sink.chunks.reduce((sum, c) => sum + c.rejectedBy[i]!, 0));
      expect(rejectedBy).toEqual(whole.rejectedBy);
    },
  );

  it('starts at the id it is told, with the rows that follow', async () => {
    const sink = new MemorySink();
    await runStudy(study, sink, { workers: 2, chunkPoints: 100, from: 650 });
    expect(sink.chunks[0]!.from).toBe(650);
    expect(rowsOf(sink.chunks)).toEqual(expectedRows.filter(([id]) => Number(id) >= 650));
  });

  it('has nothing to do where everything is stored', async () => {
    const sink = new MemorySink();
    await expect(runStudy(study, sink, { workers: 1, from: size })).resolves.toBe(true);
    expect(sink.chunks).toEqual([]);
  });
});

describe('a run that is told to stop', () => {
  it('stops at the end of a chunk, without a gap, and another one does the rest', async () => {
    const controller = new AbortController();
    const sink = new MemorySink();
    const append = (chunk: Chunk) => {
      sink.append(chunk);
      if (sink.chunks.length === 5) controller.abort();
    };
    const options = { workers: 2, chunkPoints: 20 };
    await expect(runStudy(study, { append }, { ...options, signal: controller.signal })).resolves.toBe(false);
    const stored = sink.chunks.at(-1)!.to;
    expect(stored).toBe(20 * sink.chunks.length);
    expect(sink.chunks.length).toBeGreaterThanOrEqual(5);
    expect(sink.chunks.length).toBeLessThan(15); // of 60: what the workers had in hand still came in
    await expect(runStudy(study, sink, { ...options, from: stored })).resolves.toBe(true);
    expect(rowsOf(sink.chunks)).toEqual(expectedRows);
  });

  it('stores nothing when it was told before it began', async () => {
    const sink = new MemorySink();
    await expect(runStudy(study, sink, { workers: 2, signal: AbortSignal.abort() })).resolves.toBe(false);
    expect(sink.chunks).toEqual([]);
  });
});

describe('a run whose sink fails', () => {
  it.each([0, 3, 11])('fails with one line at chunk %i, hangs on nothing and stores no more', async (failing) => {
    let appended = 0;
    const append = () => {
      if (appended === failing) throw new Error('no space left\n  on device');
      appended++;
    };
    const failure = await runStudy(study, { append }, { workers: 2, chunkPoints: 100 }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DeltaSweepError);
    expect(failure).toMatchObject({ code: 'run', message: 'the run failed: no space left on device' });
    expect(appended).toBe(failing);
  });

  it('names the code of a system error, and passes an error of its own on as it is', async () => {
    const failWith = (error: Error) => ({
      append: () => {
        throw error;
      },
    });
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
    await expect(runStudy(study, new MemorySink(), { workers: 2, chunkPoints: 100, onProgress })).rejects.toThrow(
      'the run failed: broken terminal',
    );
  });
});

describe('progress', () => {
  it('never goes back, and ends at the whole grid', async () => {
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => void seen.push(progress);
    await runStudy(study, new MemorySink(), { workers: 4, chunkPoints: 50, from: 200, onProgress });
    expect(seen).toHaveLength(20);
    const done = seen.map((progress) => progress.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.every((points) => points >= 200)).toBe(true);
    expect(seen.every(({ total, rate, secondsLeft }) => total === size && rate >= 0 && secondsLeft >= 0)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ done: size, secondsLeft: 0 });
  });
});
