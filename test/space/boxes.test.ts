import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boxesOf, type Box } from '../../src/space/boxes.js';
import { indexOf, makeGrid, nextDigits, type Grid } from '../../src/space/grid.js';
import { dimensionOf } from './studies.js';

const gridWith = (radices: readonly number[]) => makeGrid(radices[0]!, radices.slice(1).map(dimensionOf));

/** Ids of a box, point by point. */
function idsOf(grid: Grid, { first, counts }: Box): number[] {
  const ids: number[] = [];
  const steps = counts.map(() => 0);
  do
    ids.push(
      indexOf(
        grid,
        first.map((digit, d) => digit + steps[d]!),
      ),
    );
  while (!nextDigits(counts, steps));
  return ids;
}

const grids = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }).map(gridWith);

describe('a range of ids, cut into boxes', () => {
  it('has every id once, in order, in at most two boxes a digit', () => {
    fc.assert(
      fc.property(
        grids,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (grid, a, b) => {
          const [from, to] = [a, b].map((cut) => Math.floor(cut * grid.size)).sort((x, y) => x - y) as [number, number];
          const boxes = boxesOf(grid, from, to);
          expect(boxes.flatMap((box) => idsOf(grid, box))).toEqual(
            Array.from({ length: to - from }, (_, i) => from + i),
          );
          expect(boxes.map((box) => box.from)).toEqual(boxes.map((box) => idsOf(grid, box)[0]));
          expect(boxes.length).toBeLessThanOrEqual(2 * grid.radices.length);
        },
      ),
    );
  });

  it('is one box where it is the whole grid', () => {
    expect(boxesOf(gridWith([2, 3, 4]), 0, 24)).toEqual([{ from: 0, first: [0, 0, 0], counts: [2, 3, 4] }]);
  });

  it('starts and ends in the middle of turns', () => {
    expect(boxesOf(gridWith([2, 3, 4]), 3, 10)).toEqual([
      { from: 3, first: [0, 0, 3], counts: [1, 1, 1] },
      { from: 4, first: [0, 1, 0], counts: [1, 1, 4] },
      { from: 8, first: [0, 2, 0], counts: [1, 1, 2] },
    ]);
  });
});
