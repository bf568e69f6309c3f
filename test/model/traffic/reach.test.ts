import { describe, expect, test } from '@jest/globals';
import { prepared } from './layers.js';

describe('rule P7: IFmap lines that all rows of CTAs together reach in some k-blocks', () => {
  test('4x4 without padding, a tap row in each k-block: rows 0 to 28 of 32 in each plane, 1 + (29 32 - 1)/32 lines', () => {
    const { reached, layer } = prepared([2, 3, 32, 32, 64, 4, 4, 0, 0, 1, 1], [128, 32, 4]);
    expect(layer).toMatchObject({ outHeight: 29, loops: 12 });
    expect(reached[0]).toBe(0);
    expect(reached[1]).toBeCloseTo(2 * (1 + (29 * 32 - 1) / 32), 9);
    expect(reached[2]).toBeCloseTo(2 * (1 + (30 * 32 - 1) / 32), 9);
    // The whole loop reaches everything.
    expect(reached[12]).toBeCloseTo(2 * 3 * 32, 9);
  });

  test('stride 2: one tap row is every other row, a run of its own for each output row; two tap rows are all', () => {
    const { reached, layer } = prepared([1, 2, 64, 58, 64, 8, 8, 0, 0, 2, 2], [128, 32, 4]);
    expect(layer).toMatchObject({ outHeight: 29, loops: 32 });
    // A tap row takes two k-blocks.
    const oneRow = 29 * (1 + 57 / 32);
    const twoRows = 1 + (58 * 58 - 1) / 32;
    expect(reached[1]).toBeCloseTo(oneRow, 9);
    // Of a channel's 16 k-blocks, 14 have the second next in the channel too; half of these start with a tap row.
    expect(reached[2]).toBeCloseTo((7 * oneRow + 7 * twoRows) / 14, 9);
  });

  test('1x1: channels, those between the ends at their share of the footprint; never less for more k-blocks', () => {
    const { reached, footprint } = prepared([1, 16, 8, 16, 64, 1, 1, 0, 0, 1, 1], [128, 32, 4]);
    expect(footprint.lines).toBe(64);
    expect(reached[1]).toBeCloseTo(2 * (1 + 127 / 32) + 2 * 4, 9);
    for (let blocks = 1; blocks < reached.length; blocks++)
      expect(reached[blocks]).toBeGreaterThanOrEqual(reached[blocks - 1]!);
    expect(reached.at(-1)).toBe(64);
  });
});
