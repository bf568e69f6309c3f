import type { Batch } from '../space/columns.js';
import type { Range } from './chunks.js';

/** A range of the grid, evaluated. */
export interface Chunk extends Range {
  chunk: number;
  /** Points that the constraints keep. */
  points: number;
  /** Points that at least one constraint rejects, and that each one rejects by itself. */
  rejected: number;
  rejectedBy: number[];
  /**
   * Rows of the stored columns (`storedColumns`), ids ascending: all points, or the chunk's own front where the study stores the
   * front alone; none where the thread has stored them.
   */
  batch: Batch;
  /** SHA-256 of the chunk's record batch, where the thread has stored one. */
  sha256?: string;
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

/** Takes the chunks of a run: one at a time, in the order of their numbers. */
export interface Sink {
  append(chunk: Chunk): void | Promise<void>;
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
