/** Fills in the columns that are not stored: what follows from a point's id and from its stored figures. */
import { TIE } from '../model/bottleneck.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Batch, Column, Source } from './columns.js';
import { strideOf, type Grid } from './grid.js';

type Cells = Float64Array | Int32Array;

/** A row's position along a digit of its id, for every row. */
function digitsOfRows(ids: Float64Array, grid: Grid, digit: number): Int32Array {
  const stride = strideOf(grid, digit);
  const radix = grid.radices[digit]!;
  return Int32Array.from(ids, (id) => Math.floor(id / stride) % radix);
}

function fromDigit(
  column: Column,
  { digit, values }: Extract<Source, { from: 'digit' }>,
  ids: Float64Array,
  grid: Grid,
) {
  const cells = values.map((value) =>
    column.type === 'text' ? column.dictionary.indexOf(String(value)) : Number(value),
  );
  const digits = digitsOfRows(ids, grid, digit);
  const result: Cells = column.type === 'text' ? new Int32Array(ids.length) : new Float64Array(ids.length);
  for (let row = 0; row < result.length; row++) result[row] = cells[digits[row]!]!;
  return result;
}

function fromTime(constants: readonly number[], ids: Float64Array, timeMs: Cells, grid: Grid): Float64Array {
  const workloads = digitsOfRows(ids, grid, 0);
  return Float64Array.from(timeMs, (time, row) => constants[workloads[row]!]! / time);
}

/** Position of the first of some columns that is the largest, or within `TIE` of it; -1 where they are NULL. */
function fromLargest(candidates: readonly Cells[], rows: number): Int32Array {
  const result = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = candidates[0]![row]!;
    for (let c = 1; c < candidates.length; c++) largest = Math.max(largest, candidates[c]![row]!);
    let first = 0;
    while (candidates[first]![row]! * (1 + TIE) < largest) first++;
    result[row] = Number.isNaN(largest) ? -1 : first;
  }
  return result;
}

/**
 * All columns of a study from its stored ones.
 *
 * @param columns all columns, as `columnsOf` has them
 * @param stored rows of `storedColumns(columns)`, trimmed to their number
 * @param facts one a workload
 */
export function completeBatch(
  columns: readonly Column[],
  stored: Batch,
  grid: Grid,
  facts: readonly WorkloadFacts[],
): Batch {
  const given = new Map<string, Cells>();
  let next = 0;
  for (const { name, source } of columns)
    if (source.from === 'id' || source.from === 'row') given.set(name, stored.columns[next++]!);
  const ids = given.get('id') as Float64Array;
  return {
    rows: stored.rows,
    columns: columns.map((column): Cells => {
      const { source } = column;
      switch (source.from) {
        case 'digit':
          return fromDigit(column, source, ids, grid);
        case 'time':
          return fromTime(facts.map(source.constant), ids, given.get('time_ms')!, grid);
        case 'largest':
          return fromLargest(
            source.of.map((name) => given.get(name)!),
            stored.rows,
          );
        default:
          return given.get(column.name)!;
      }
    }),
  };
}
