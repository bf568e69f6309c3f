import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DigitWalk } from '../../src/space/digit-walk.js';
import { digitsOf, makeGrid } from '../../src/space/grid.js';
import { dimensionOf } from './studies.js';

describe('a walk over ascending ids', () => {
  it('has the digits of each, and tells the slowest one that moved', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(shape, fc.array(fc.boolean(), { minLength: 1, maxLength: 400 }), ([workloads, ...radices], kept) => {
        const grid = makeGrid(workloads!, radices.map(dimensionOf));
        const walk = new DigitWalk(grid);
        let before: number[] | undefined;
        for (let id = 0; id < grid.size; id++) {
          if (!kept[id % kept.length]) continue;
          const expected = grid.radices.map(() => 0);
          digitsOf(grid, id, expected);
          const moved = expected.findIndex((digit, d) => digit !== before?.[d]);
          expect(walk.moveTo(id)).toBe(moved);
          expect([...walk.digits]).toEqual(expected);
          before = expected;
        }
      }),
    );
  });
});
