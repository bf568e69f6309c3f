import { describe, expect, test } from '@jest/globals';
import { filterLines, ifmapLines } from '../../../src/model/traffic/windows.js';
import { prepared, tiled } from './layers.js';

describe('lines of a window of k-blocks', () => {
  test('an IFmap window grows with its length, between whole lengths in proportion, up to the lines of the CTA', () => {
    const traffic = prepared([4, 32, 28, 28, 64, 3, 3, 1, 1, 1, 1], [128, 64, 4]);
    expect(ifmapLines(traffic, 0)).toBe(0);
    for (let j = 0; j < traffic.layer.loops; j += 0.5)
      expect(ifmapLines(traffic, j + 0.5)).toBeGreaterThanOrEqual(ifmapLines(traffic, j));
    expect(ifmapLines(traffic, 2.25)).toBeCloseTo(0.75 * ifmapLines(traffic, 2) + 0.25 * ifmapLines(traffic, 3), 6);
    expect(ifmapLines(traffic, traffic.layer.loops)).toBe(traffic.reuse.lines);
    expect(ifmapLines(traffic, 1e9)).toBe(traffic.reuse.lines);
  });

  test.each([
    { k: 64, tileK: 4, blocks: 1 },
    { k: 72, tileK: 8, blocks: 2 },
    { k: 75, tileK: 4, blocks: 3 },
    { k: 512, tileK: 8, blocks: 5 },
  ])('$blocks k-blocks of $tileK of filters of $k weights lie in as many lines as counted, on average', (c) => {
    const filters = 32;
    const layer = tiled([1, c.k, 8, 8, filters, 1, 1, 0, 0, 1, 1], [128, 32, c.tileK]);
    let sum = 0;
    const windows = Math.floor(c.k / c.tileK) - c.blocks + 1;
    for (let start = 0; start < windows; start++) {
      const lines = new Set<number>();
      for (let n = 0; n < filters; n++)
        for (let k = start * c.tileK; k < (start + c.blocks) * c.tileK; k++) lines.add(Math.floor((n * c.k + k) / 32));
      sum += lines.size;
    }
    expect(Math.abs(filterLines(layer, c.blocks, filters) / (sum / windows) - 1)).toBeLessThan(0.03);
  });
});
