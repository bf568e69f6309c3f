import { describe, expect, test } from '@jest/globals';
import { filterLoads, ifmapRequests } from '../../../src/model/traffic/requests.js';
import type { TiledLayer } from '../../../src/model/traffic/tiled-layer.js';
import { addressOf, SMALL_LAYERS, tiled, type Sizes } from './layers.js';

/** Distinct sectors of every warp of 32 rows and every k. */
function countIfmapRequests(layer: TiledLayer): number {
  let requests = 0;
  for (let warp = 0; warp < layer.m; warp += 32)
    for (let k = 0; k < layer.k; k++) requests += sectorsOfWarp(layer, warp, k);
  return requests;
}

function sectorsOfWarp(layer: TiledLayer, firstRow: number, k: number): number {
  const sectors = new Set<number>();
  for (let row = firstRow; row < Math.min(layer.m, firstRow + 32); row++) {
    const address = addressOf(layer, row, k);
    if (address !== undefined) sectors.add(Math.floor(address / 8));
  }
  return sectors.size;
}

/** Distinct sectors of every warp of 32/blkK filters by blkK weights. */
function countFilterRequests(layer: TiledLayer): number {
  const warpFilters = Math.max(1, Math.floor(32 / layer.tileK));
  let requests = 0;
  for (let column = 0; column < layer.n; column += layer.tileN)
    for (let first = column; first < Math.min(layer.n, column + layer.tileN); first += warpFilters)
      for (let block = 0; block < layer.k; block += layer.tileK) {
        const sectors = new Set<number>();
        for (let n = first; n < Math.min(layer.n, column + layer.tileN, first + warpFilters); n++)
          for (let k = block; k < Math.min(layer.k, block + layer.tileK); k++)
            sectors.add(Math.floor((n * layer.k + k) / 8));
        requests += sectors.size;
      }
  return requests;
}

describe('rule P1: IFmap requests are the distinct sectors of every warp and k', () => {
  test.each(SMALL_LAYERS)('%j, tile %j: all of them, counted', (sizes, tile) => {
    const layer = tiled(sizes, tile);
    expect(ifmapRequests(layer)).toBe(countIfmapRequests(layer));
  });

  test('eight pixels in a row of one channel, aligned, are one sector: 4 for a warp', () => {
    expect(ifmapRequests(tiled([1, 1, 1, 32, 1, 1, 1, 0, 0, 1, 1], [128, 32, 4]))).toBe(4);
  });

  test.each<[Sizes]>([
    [[4, 16, 30, 30, 32, 3, 3, 1, 1, 1, 1]],
    [[30, 40, 14, 14, 32, 5, 3, 2, 1, 2, 1]],
    [[81, 64, 9, 7, 32, 1, 1, 0, 0, 1, 1]],
    [[5, 3, 90, 70, 32, 7, 7, 3, 3, 2, 2]],
  ])('%j: the 4,096 warp loads that stand for it, each counted by itself', (sizes) => {
    const layer = tiled(sizes, [128, 32, 4]);
    const warps = Math.ceil(layer.m / 32);
    expect(warps * layer.k).toBeGreaterThan(8192);
    let sum = 0;
    for (let i = 0; i < 4096; i++) {
      const warp = Math.floor(((0.5 + i * 0.7548776662466927) % 1) * warps);
      const tapMajor = Math.floor(((i + 0.5) / 4096) * layer.k);
      const tap = Math.floor(tapMajor / layer.channels);
      sum += sectorsOfWarp(layer, warp * 32, (tapMajor % layer.channels) * layer.taps + tap);
    }
    expect(ifmapRequests(layer)).toBe((sum / 4096) * warps * layer.k);
  });

  test('of a large layer 4,096 warp loads stand for the rest, within 0.5%', () => {
    const layer = tiled([4, 16, 30, 30, 32, 3, 3, 1, 1, 1, 1], [128, 32, 4]);
    expect(ifmapRequests(layer) / countIfmapRequests(layer)).toBeCloseTo(1, 2);
    expect(Math.abs(ifmapRequests(layer) / countIfmapRequests(layer) - 1)).toBeLessThan(0.005);
  });
});

describe('rule P2: filter requests are the sectors of blkK weights, shared within a warp', () => {
  test.each([
    ...SMALL_LAYERS,
    [
      [1, 1, 8, 8, 70, 2, 2, 0, 0, 1, 1],
      [128, 64, 4],
    ] as const,
    [
      [1, 3, 8, 8, 130, 1, 1, 0, 0, 1, 1],
      [128, 128, 8],
    ] as const,
  ])('%j, tile %j: all of them, counted', (sizes, tile) => {
    const layer = tiled(sizes, tile);
    expect(filterLoads(layer).requests * layer.n).toBeCloseTo(countFilterRequests(layer), 6);
  });

  test('a filter of 12 weights at offset 4 of a sector lies in 2 sectors, at offset 0 in 2', () => {
    expect(filterLoads(tiled([1, 12, 4, 4, 2, 1, 1, 0, 0, 1, 1], [128, 32, 4])).sectors).toBe(2);
  });
});
