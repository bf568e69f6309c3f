/** A pool thread: gets stretches of the grid, returns their rows; the arrays are moved, not copied. */
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import type { Study } from '../space/study.js';
import { RangeEvaluator } from './evaluate-range.js';
import type { Range } from './pool.js';
import type { Chunk } from './sink.js';

const evaluator = new RangeEvaluator(workerData as Study);

export default function evaluateRange({ from, to }: Range): Chunk {
  const chunk = evaluator.evaluate(from, to);
  const transferable = chunk.batch.columns.map((column) => column.buffer);
  return move({ [transferableSymbol]: transferable, [valueSymbol]: chunk }) as unknown as Chunk;
}
