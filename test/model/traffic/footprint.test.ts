import { describe, expect, test } from '@jest/globals';
import { ifmapFootprint } from '../../../src/model/traffic/footprint.js';
import { addressOf, SMALL_LAYERS, tiled, type Sizes, type TileSizes } from './layers.js';

function markUnits(sizes: Sizes, tile: TileSizes, elements: number): number {
  const layer = tiled(sizes, tile);
  const units = new Set<number>();
  for (let row = 0; row < layer.m; row++)
    for (let k = 0; k < layer.k; k++) {
      const address = addressOf(layer, row, k);
      if (address !== undefined) units.add(Math.floor(address / elements));
    }
  return units.size;
}

describe('rule P3: the IFmap that a layer reads is the used rows and columns of its planes', () => {
  test.each(SMALL_LAYERS)('%j, tile %j: sectors and lines as marked one by one', (sizes, tile) => {
    const footprint = ifmapFootprint(tiled(sizes, tile));
    expect(footprint.sectors).toBe(markUnits(sizes, tile, 8));
    expect(footprint.lines).toBe(markUnits(sizes, tile, 32));
  });

  test('1x1 at stride 2 on 4x64 planes reads two rows of 8 sectors and 2 lines in each', () => {
    const footprint = ifmapFootprint(tiled([5, 20, 4, 64, 8, 1, 1, 0, 0, 2, 2], [128, 32, 4]));
    expect(footprint).toEqual({ sectors: 5 * 20 * 2 * 8, lines: 5 * 20 * 2 * 2 });
  });

  test.each<[Sizes]>([
    [[3, 32, 14, 14, 8, 1, 1, 0, 0, 2, 2]],
    [[1, 64, 9, 7, 8, 1, 3, 0, 1, 4, 2]],
    [[2, 10, 6, 10, 8, 1, 1, 0, 0, 3, 4]],
  ])('%j: planes that lie alike on lines, counted once, are as many as the marked ones', (sizes) => {
    const footprint = ifmapFootprint(tiled(sizes, [128, 32, 4]));
    expect(footprint.sectors).toBe(markUnits(sizes, [128, 32, 4], 8));
    expect(footprint.lines).toBe(markUnits(sizes, [128, 32, 4], 32));
  });

  test('more than 32 planes are scaled from 32 of them: 100 planes of 7x7 within 1% of the marked ones', () => {
    const sizes: Sizes = [5, 20, 7, 7, 8, 3, 3, 1, 1, 1, 1];
    const footprint = ifmapFootprint(tiled(sizes, [128, 32, 4]));
    expect(footprint.sectors / markUnits(sizes, [128, 32, 4], 8)).toBeCloseTo(1, 2);
  });
});
