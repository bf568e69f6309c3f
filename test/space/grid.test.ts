import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digitsOf, gridSize, indexOf, makeGrid, MAX_GRID_SIZE, nextDigits, type Grid } from '../../src/space/grid.js';
import { axis, dimensionOf, inputErrorOf, studyOf } from './studies.js';

/** Grids of up to 2^53 points: sizes are taken as long as their product stays exact. */
const grids = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 9 }))
  .map(([workloads, sizes]): Grid => {
    const kept: number[] = [];
    let size = workloads;
    for (const next of sizes)
      if (size * next <= MAX_GRID_SIZE) {
        size *= next;
        kept.push(next);
      }
    return makeGrid(workloads, kept.map(dimensionOf));
  });

/** A grid and some of its indices, the first and the last among them. */
const gridsWithIndices = grids.chain((grid) =>
  fc.tuple(
    fc.constant(grid),
    fc.array(fc.maxSafeNat().map((n) => n % grid.size)).map((indices) => [0, grid.size - 1, ...indices]),
  ),
);

function digits(grid: Grid, index: number): number[] {
  const result: number[] = [];
  digitsOf(grid, index, result);
  return result;
}

describe('a grid', () => {
  it('numbers points with the last axis fastest and the workload slowest', () => {
    const grid = makeGrid(2, [axis('sm_count', [1, 2, 3]), axis('l2_mib', [1, 2])]);
    const all = Array.from({ length: grid.size }, (_, i) => digits(grid, i).join(''));
    expect(all).toEqual(['000', '001', '010', '011', '020', '021', '100', '101', '110', '111', '120', '121']);
  });

  it('turns an index into digits and back, up to 2^53 points', () => {
    fc.assert(
      fc.property(gridsWithIndices, ([grid, indices]) => {
        for (const index of indices) {
          const d = digits(grid, index);
          expect(d.every((digit, i) => Number.isInteger(digit) && digit >= 0 && digit < grid.radices[i]!)).toBe(true);
          expect(indexOf(grid, d)).toBe(index);
        }
      }),
    );
  });

  it('holds the last index of exactly 2^53 points', () => {
    const grid = makeGrid(1, [8192, 8192, 8192, 16384].map(dimensionOf));
    expect(grid.size).toBe(2 ** 53);
    expect(digits(grid, grid.size - 1)).toEqual([0, 8191, 8191, 8191, 16383]);
    expect(indexOf(grid, [0, 8191, 8191, 8191, 16383])).toBe(2 ** 53 - 1);
  });

  it('moves to the next point as the index does, and wraps around', () => {
    fc.assert(
      fc.property(gridsWithIndices, ([grid, indices]) => {
        for (const index of indices) {
          const d = digits(grid, index);
          const wrapped = nextDigits(grid.radices, d);
          expect(wrapped).toBe(index === grid.size - 1);
          expect(d).toEqual(digits(grid, wrapped ? 0 : index + 1));
        }
      }),
    );
  });

  it('visits every point once', () => {
    const grid = makeGrid(3, [dimensionOf(1), dimensionOf(4), dimensionOf(5)]);
    const d = digits(grid, 0);
    const seen = [];
    do seen.push(indexOf(grid, d));
    while (!nextDigits(grid.radices, d));
    expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it('of no axes has a point a workload', () => {
    expect(makeGrid(2, []).size).toBe(2);
  });

  it('tells its exact size, however large', () => {
    expect(gridSize(3, [1024, 1024, 1024, 1024, 1024, 1024].map(dimensionOf))).toBe(3n * 2n ** 60n);
  });
});

it('refuses grids beyond 2^53 points with their exact size and shape', () => {
  const range = { range: { from: 1, to: 1000, steps: 1024 } };
  const axes = {
    clock_ghz: range,
    macs_per_clk: range,
    register_kib: range,
    smem_kib: range,
    l2_mib: range,
    l2_gbps: range,
  };
  const { problems } = inputErrorOf(() => studyOf({ axes }));
  expect(problems).toEqual([
    {
      path: ['axes'],
      what:
        'the grid has 1152921504606846976 points (1 workload x clock_ghz 1024 x macs_per_clk 1024 x register_kib 1024' +
        ' x smem_kib 1024 x l2_mib 1024 x l2_gbps 1024)',
      expected: 'at most 2^53 = 9007199254740992',
    },
  ]);
});
