import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allRows, lexicalOrder, ranksOf, sortRows } from '../../src/analysis/row-order.js';

/** Any double, and few values for ties; enough of them that digits are counted. */
const anyColumn = (length: number) =>
  fc.oneof(
    fc.array(fc.double({ noNaN: true }), { minLength: length, maxLength: length }),
    fc.array(fc.constantFrom(-1.5, -0, 0, 1, 5e-324, Infinity, -Infinity), { minLength: length, maxLength: length }),
  );

const anyTable = fc
  .constantFrom(0, 1, 2, 199, 200, 300)
  .chain((length) => fc.array(anyColumn(length), { minLength: 1, maxLength: 3 }))
  .map((columns) => columns.map((column) => Float64Array.from(column)));

const byComparing = (columns: readonly Float64Array[]) =>
  [...columns[0]!.keys()].sort((a, b) => {
    for (const column of columns) if (column[a] !== column[b]) return column[a]! < column[b]! ? -1 : 1;
    return a - b;
  });

describe('orders of rows', () => {
  it('are those of comparing rows column by column, equal rows as they were', () => {
    fc.assert(
      fc.property(anyTable, (columns) => {
        expect([...lexicalOrder(columns)]).toEqual(byComparing(columns));
        expect([...sortRows(allRows(columns[0]!.length), columns[0]!)]).toEqual(byComparing(columns.slice(0, 1)));
      }),
      { numRuns: 200 },
    );
  });

  it('sort some of the rows and no others', () => {
    const keys = Float64Array.from({ length: 1000 }, (_, row) => (row * 37) % 1000);
    const even = allRows(500).map((row) => 2 * row);
    const sorted = [...even].sort((a, b) => keys[a]! - keys[b]!);
    expect([...sortRows(even, keys)]).toEqual(sorted);
  });

  it('give ranks that count the different smaller keys', () => {
    const keys = Float64Array.of(5, -1, 5, 0, -0, Infinity);
    expect([...ranksOf(lexicalOrder([keys]), keys)]).toEqual([2, 0, 2, 1, 1, 3]);
  });
});
