import { describe, expect, test } from '@jest/globals';
import { haloLags } from '../../../src/model/traffic/halo.js';
import { tiled } from './layers.js';

describe('rule P5: a tile loads the rows that it shares with the next tile some k-blocks after that one', () => {
  test('3x3, two rows a tile, 4 k a block: 3 k for tap row 1 and 6 k for tap row 2, from four places in a block', () => {
    // 3 k later is 0, 1, 1, 1 blocks later from offsets 0 to 3 of a block, 6 k later 1, 1, 2, 2.
    expect(haloLags(tiled([16, 32, 64, 64, 128, 3, 3, 1, 1, 1, 1], [128, 32, 4]))).toEqual([1 / 8, 5 / 8, 1 / 4]);
  });

  test('a channel in a block: never later than the block', () => {
    const lags = haloLags(tiled([9, 128, 86, 86, 192, 4, 1, 1, 0, 1, 1], [128, 64, 4]));
    expect(lags).toHaveLength(1);
    expect(lags[0]).toBeCloseTo(1, 9);
  });

  test('one channel, one and a half rows a tile: half the pixels of tap row 2 one stride back, half two', () => {
    // Tap rows start with k = 0, 8 and 16, in blocks 0, 2 and 4.
    const layer = tiled([1, 1, 50, 256, 64, 3, 8, 1, 0, 1, 1], [384, 64, 4]);
    expect(384 / layer.outWidth).toBeCloseTo(1.54, 2);
    const part = 384 / layer.outWidth - 1;
    const lags = haloLags(layer);
    expect(lags).toHaveLength(5);
    expect(lags[2]).toBeCloseTo((1 + (1 - part)) / 2, 9);
    expect(lags[4]).toBeCloseTo(part / 2, 9);
  });

  test('5x5 at stride 2: tap rows 2 to 4 one or two strides of two rows back; 1x1 shares no rows', () => {
    // Tap rows 0, 1, 2, 3, 4 start with k = 0, 5, 10, 15, 20, in blocks 0, 1, 2, 3, 5.
    const layer = tiled([1, 1, 64, 64, 64, 5, 5, 2, 2, 2, 2], [128, 64, 4]);
    [0, 0, 2 / 3, 0, 0, 1 / 3].forEach((share, lag) => expect(haloLags(layer)[lag]).toBeCloseTo(share, 9));
    expect(haloLags(tiled([1, 8, 64, 64, 64, 1, 1, 0, 0, 1, 1], [128, 64, 4]))).toEqual([]);
  });
});
