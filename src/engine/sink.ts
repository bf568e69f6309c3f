import type { MetricRows } from '../analysis/workload-fronts.js';
import type { RowPages } from '../pages/row-pages.js';
import type { Batch } from '../space/columns.js';
import type { Range } from './chunks.js';

/** A stretch of the grid, evaluated. */
export interface Chunk extends Range {
  chunk: number;
  /** Points that the constraints keep. */
  points: number;
  /** Points that at least one constraint rejects, and that each one rejects by itself. */
  rejected: number;
  rejectedBy: number[];
  /**
   * Rows of the stored columns (`storedColumns`), ids ascending: all points, or the chunk's own front where the study stores the
   * front alone; none where the engine was told to leave them in the thread.
   */
  batch: Batch;
  /**
   * Of each workload, the points that may be on the study's front, by its objectives: not those that others of the chunk, or of an
   * earlier one of the run, dominate. Where the engine was told to bring that.
   */
  front?: MetricRows;
  /** SHA-256 of the chunk's Arrow part, which the worker has written; absent where none is: no rows, or the front alone is stored. */
  sha256?: string;
  /** The same rows for SQLite; where a part is. */
  pages?: RowPages;
  /** Along each axis, where only the front is stored. */
  marginals?: readonly Marginal<number | bigint>[];
}

/** What the points with one value of an axis have in common, per workload; sums over more points than a chunk has are `bigint`. */
export interface Marginal<Sum extends number | bigint = number> {
  workload: number;
  /** Digit of the id (1 is the first dimension), and its value. */
  digit: number;
  position: number;
  points: number;
  infeasible: number;
  /** Sum over feasible points of round(ln(time_ms) x 2^20): whole numbers, so that no order of adding changes it. */
  logTimeSum: Sum;
  /** The least time, and the first point that has it; infinity and -1 where no point is feasible. */
  leastTimeMs: number;
  leastTimeId: number;
}

/** A chunk that could not be evaluated, with the reason in one line. */
export interface FailedChunk extends Range {
  chunk: number;
  attempts: number;
  cause: string;
}

/** Where a run's chunks go: one at a time, in the order of their numbers, without those that were done before. */
export interface Sink {
  append(chunk: Chunk): void;
  fail(chunk: FailedChunk): void;
}

/** Keeps chunks in memory: for tests and for small studies from a program. */
export class MemorySink implements Sink {
  readonly chunks: Chunk[] = [];
  readonly failed: FailedChunk[] = [];

  append(chunk: Chunk): void {
    this.chunks.push(chunk);
  }

  fail(chunk: FailedChunk): void {
    this.failed.push(chunk);
  }
}
