/** Fills in the columns that are not stored: what follows from a point's id and from its stored figures. */
import { TIE } from '../model/bottleneck.js';
import { evaluateFormula, type Formula } from '../model/formula.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { storedColumns, type Batch, type Column, type Source } from './columns.js';
import { strideOf, type Grid } from './grid.js';

type Cells = Float64Array | Int32Array;

/** Gives every row the cell of a digit of its id. Ids ascend, so that a slow digit is seldom computed. */
function spread<C extends Cells>(result: C, cells: readonly number[], ids: Float64Array, grid: Grid, digit: number): C {
  const stride = strideOf(grid, digit);
  const radix = grid.radices[digit]!;
  let position = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!;
    if (id >= end) {
      if (id < end + stride) {
        // The next value of the digit: no division, which would be most of the time of a quick digit.
        position = position + 1 === radix ? 0 : position + 1;
        end += stride;
      } else {
        const steps = Math.floor(id / stride);
        position = steps % radix;
        end = (steps + 1) * stride;
      }
    }
    result[row] = cells[position]!;
  }
  return result;
}

function fromDigit(
  column: Column,
  { digit, values }: Extract<Source, { from: 'digit' }>,
  ids: Float64Array,
  grid: Grid,
): Cells {
  if (column.type !== 'text') return spread(new Float64Array(ids.length), values.map(Number), ids, grid, digit);
  const codes = values.map((value) => column.dictionary.indexOf(String(value)));
  return spread(new Int32Array(ids.length), codes, ids, grid, digit);
}

/**
 * A formula over whole columns, one factor after the other.
 *
 * @param spreadWorkloads the cells of a figure of each workload
 */
function fromFormula(
  formula: Formula,
  given: ReadonlyMap<string, Cells>,
  spreadWorkloads: (figure: (facts: WorkloadFacts) => number) => Float64Array,
): Float64Array {
  const first = formula.findIndex(({ operand }) => given.has(String(operand)));
  const constant = formula.slice(0, first);
  const result = spreadWorkloads((facts) => evaluateFormula(constant, (name) => facts[name as keyof WorkloadFacts]));
  for (const { operator, operand } of formula.slice(first)) {
    const by = typeof operand === 'number' ? new Float64Array(result.length).fill(operand) : given.get(operand)!;
    if (operator === '*') for (let row = 0; row < result.length; row++) result[row] = result[row]! * by[row]!;
    else for (let row = 0; row < result.length; row++) result[row] = result[row]! / by[row]!;
  }
  return result;
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
 * @param stored rows of `storedColumns(columns)`, trimmed to their number, ids ascending
 * @param facts one a workload
 */
export function completeBatch(
  columns: readonly Column[],
  stored: Batch,
  grid: Grid,
  facts: readonly WorkloadFacts[],
): Batch {
  const given = new Map<string, Cells>(storedColumns(columns).map(({ name }, c) => [name, stored.columns[c]!]));
  const ids = given.get('id') as Float64Array;
  const spreadWorkloads = (figure: (ofWorkload: WorkloadFacts) => number) =>
    spread(new Float64Array(ids.length), facts.map(figure), ids, grid, 0);
  return {
    rows: stored.rows,
    columns: columns.map((column): Cells => {
      const { source } = column;
      switch (source.from) {
        case 'design': {
          const designs = strideOf(grid, 0);
          return ids.map((id) => id % designs);
        }
        case 'digit':
          return fromDigit(column, source, ids, grid);
        case 'formula':
          return fromFormula(source.formula, given, spreadWorkloads);
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
