import type { Batch } from '../space/columns.js';

/** The rows of one stretch of the grid. */
export interface Chunk {
  /** Ids from `from` up to, not including, `to`. */
  from: number;
  to: number;
  /** The points that the constraints keep. */
  batch: Batch;
  /** Points that at least one constraint rejects, and that each one rejects by itself. */
  rejected: number;
  rejectedBy: number[];
}

/** Where a run's chunks go. They come one at a time, in the order of their ids, without gaps. */
export interface Sink {
  append(chunk: Chunk): void;
}

/** Keeps chunks in memory: for tests and for small studies from a program. */
export class MemorySink implements Sink {
  readonly chunks: Chunk[] = [];

  append(chunk: Chunk): void {
    this.chunks.push(chunk);
  }
}
