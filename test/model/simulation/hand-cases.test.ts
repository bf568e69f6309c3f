/** Layers small enough to count by hand. A sector is 8 elements, 32 bytes; DRAM reads pairs of them. */
import { expect, test } from '@jest/globals';
import type { SimulationInput } from '../../../src/model/simulation/input.js';
import { simulate } from '../../../src/model/simulation/simulate.js';
import { inputOf } from './layers.js';

/** Bytes of sectors. */
const sectors = (ifmap: number, filter: number) => ({ ifmap: 32 * ifmap, filter: 32 * filter });

function levels(input: SimulationInput) {
  const { l1, l2, dram } = simulate(input);
  return { l1, l2, dram };
}

/** 64 pixels, 8 channels: for each k, two warps of 32 pixels, 4 sectors each: 64 sectors. 32 filters of 8 elements: a sector each. */
const ALIGNED = { channels: 8, size: 8, filters: 32 };

test('an aligned 1x1 layer of one CTA reads each operand once at every level', () => {
  expect(levels(inputOf(ALIGNED, '64x32x8'))).toEqual({
    l1: sectors(64, 32),
    l2: sectors(64, 32),
    dram: sectors(64, 32),
  });
});

test('of two columns on one SM, the second finds the input in L2, not in what the first left in L1', () => {
  expect(levels(inputOf({ ...ALIGNED, filters: 64 }, '64x32x8'))).toEqual({
    l1: sectors(2 * 64, 64),
    l2: sectors(2 * 64, 64),
    dram: sectors(64, 64),
  });
});

test('of two columns on two SMs, the second finds the input in L2', () => {
  expect(levels(inputOf({ ...ALIGNED, filters: 64 }, '64x32x8', { smCount: 2 }))).toEqual({
    l1: sectors(2 * 64, 64),
    l2: sectors(2 * 64, 64),
    dram: sectors(64, 64),
  });
});

test('two rows on two SMs each ask L2 for the filters', () => {
  expect(levels(inputOf(ALIGNED, '32x32x8', { smCount: 2 }))).toEqual({
    l1: sectors(64, 2 * 32),
    l2: sectors(64, 2 * 32),
    dram: sectors(64, 32),
  });
});

test('a stride of 2 still touches every sector of the rows it reads', () => {
  // 8x8 outputs read the even columns of 8 rows of 16 elements: 2 sectors a row, 16 in all.
  // 32 filters of 1 element, 8 to a warp of 32/4: a sector for each of 4 warps.
  const once = sectors(16, 4);
  expect(levels(inputOf({ channels: 1, size: 16, filters: 32, stride: 2 }, '64x32x4'))).toEqual({
    l1: once,
    l2: once,
    dram: once,
  });
});

test('a stride of 20 leaves out the sectors between', () => {
  // 3x3 outputs read elements 0, 20, 40 of the rows 0, 20, 40 of 41 elements:
  // 0, 20, 40 -> sectors 0, 2, 5; 820, 840, 860 -> 102, 105, 107; 1640, 1660, 1680 -> 205, 207, 210. One filter, one sector.
  // None is the other half of another's 64 bytes: DRAM reads two for each.
  const once = sectors(9, 1);
  expect(levels(inputOf({ channels: 1, size: 41, filters: 1, stride: 20 }, '32x32x8'))).toEqual({
    l1: once,
    l2: once,
    dram: sectors(18, 2),
  });
});

test('filters beyond N load nothing', () => {
  // 40 filters in columns of 32: the second column loads 8 filters, and the whole input again.
  expect(levels(inputOf({ ...ALIGNED, filters: 40 }, '64x32x8'))).toEqual({
    l1: sectors(2 * 64, 40),
    l2: sectors(2 * 64, 40),
    dram: sectors(64, 40),
  });
});

/**
 * 49 pixels, 2 channels, rows of 32. First row of tiles: elements 0-31 (sectors 0-3) and 49-80 (6-10);
 * second: 32-48 (4-6) and 81-97 (10-12). 15 requests, 13 distinct of 0-12 and so 7 pairs. One filter of 2 elements, once a tile row.
 */
const RAGGED = { channels: 2, size: 7, filters: 1 };

test('pixels beyond M load nothing, and neighbouring tiles share sectors', () => {
  expect(levels(inputOf(RAGGED, '32x32x8'))).toEqual({ l1: sectors(15, 2), l2: sectors(15, 2), dram: sectors(14, 2) });
});

test('an L1 of 0 forgets between tile loads', () => {
  expect(levels(inputOf(RAGGED, '32x32x8', { l1Bytes: 0 }))).toEqual({
    l1: sectors(15, 2),
    l2: sectors(15, 2),
    dram: sectors(14, 2),
  });
});

test('an L2 of 0 sends every miss of L1 to DRAM', () => {
  expect(levels(inputOf(RAGGED, '32x32x8', { l2Bytes: 0, smCount: 2 }))).toEqual({
    l1: sectors(15, 2),
    l2: sectors(15, 2),
    dram: sectors(15, 2),
  });
});

test.each<[tile: string, requests: number]>([
  // Elements 0-7, 12-19, 24-31 of the first k-block: sectors 0, 1-2, 3; 8-11, 20-23, 32-35 of the second: 1, 2, 4.
  ['32x32x8', 7],
  // Two filters a warp: 0-11 and 12-23 share sector 1, so 0, 1, 2; then 24-35: 3, 4.
  ['32x32x16', 5],
  // One filter a warp: 0-1, 1-2, 3-4.
  ['32x32x32', 6],
  // A k-block wider than a warp's lanes is still one warp a filter.
  ['32x32x64', 6],
])('three filters of 12 elements in tiles of %s make %d requests and 5 distinct sectors', (tile, requests) => {
  const { l1, l2, dram } = levels(inputOf({ channels: 12, size: 1, filters: 3 }, tile));
  expect([l1.filter, l2.filter, dram.filter]).toEqual([32 * requests, 32 * 5, 32 * 6]);
});

/**
 * Rows of 8 elements are a sector each. Filter row 0 reads rows 0-6 (the first output row falls on padding), filter row 1
 * rows 0-7, filter row 2 rows 1-7: 22 sectors, whatever the filter column; three columns: 66 requests, 8 distinct.
 */
const PADDED = { channels: 1, size: 8, filters: 1, filter: 3, pad: 1 };

test('padding of a 3x3 layer loads nothing', () => {
  const { l1, l2, dram } = levels(inputOf(PADDED, '64x32x3'));
  expect([l1.ifmap, l2.ifmap, dram.ifmap]).toEqual([32 * 66, 32 * 8, 32 * 8]);
});

test('with an L1 of 0, each k-block of a padded 3x3 layer asks L2 for its distinct sectors', () => {
  // k-blocks of 3 are the filter rows: 7 + 8 + 7.
  const { l2, dram } = levels(inputOf(PADDED, '64x32x3', { l1Bytes: 0 }));
  expect([l2.ifmap, dram.ifmap]).toEqual([32 * 22, 32 * 8]);
});

test('groups are one group as many times', () => {
  // Each group is the aligned case; two groups have 16 channels and 64 filters.
  expect(levels(inputOf({ channels: 16, size: 8, filters: 64, groups: 2 }, '64x32x8'))).toEqual({
    l1: sectors(2 * 64, 2 * 32),
    l2: sectors(2 * 64, 2 * 32),
    dram: sectors(2 * 64, 2 * 32),
  });
});
