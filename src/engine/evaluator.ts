import type { Batch } from '../space/columns.js';
import type { Range } from './chunks.js';

/** Evaluates a range of the grid. */
export interface Evaluator {
  /** Contexts made so far (model/kernel/context.ts); 0 where a model has none. */
  readonly contextsMade: number;
  /**
   * Writes the stored columns, but for the ids, of the points of a range.
   *
   * @param rowOf the row of each point of the range, by its offset from the range's first id; -1 for points that are not wanted
   */
  evaluate(range: Range, rowOf: Int32Array, batch: Batch): void;
}
