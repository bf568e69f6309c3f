import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dominatedRows } from '../../src/analysis/dominated.js';
import { PrefixMinima } from '../../src/analysis/prefix-minima.js';
import { lexicalOrder } from '../../src/analysis/row-order.js';
import { randomFrom } from '../../src/model/simulation/random.js';
import { bruteForceRows } from '../helpers/fronts.js';

describe('the dominated rows of a sorted table', () => {
  it.each([1, 2, 3, 4, 5, 6])('of %i objectives are those that comparing every pair leaves out', (objectives) => {
    const anyShape = fc.record({
      seed: fc.nat(),
      rows: fc.constantFrom(0, 1, 30, 100, 400),
      values: fc.constantFrom(2, 5, 20, 2 ** 20),
    });
    fc.assert(
      fc.property(anyShape, ({ seed, rows, values }) => {
        const random = randomFrom(seed);
        const table = Array.from({ length: objectives }, () =>
          Float64Array.from({ length: rows }, () => Math.floor(random() * values)),
        );
        const order = lexicalOrder(table);
        const costs = table.map((column) => Float64Array.from(order, (row) => column[row]!));
        const marks = dominatedRows(costs);
        const front = bruteForceRows(
          costs,
          costs.map(() => 'minimize'),
        );
        expect([...marks.keys()].filter((row) => marks[row] === 0)).toEqual(front);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the least value up to a rank', () => {
  it('is that of all values put there, and none once they are cleared', () => {
    const anyPuts = fc.array(fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 9 })), { maxLength: 30 });
    const minima = new PrefixMinima(21);
    fc.assert(
      fc.property(anyPuts, (puts) => {
        for (const [rank, value] of puts) minima.put(rank, value);
        for (let rank = 0; rank <= 20; rank++)
          for (let bound = 0; bound <= 9; bound++)
            expect(minima.hasUpTo(rank, bound)).toBe(puts.some(([at, value]) => at <= rank && value <= bound));
        for (const [rank] of puts) minima.clear(rank);
        expect(minima.hasUpTo(20, 9)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});
