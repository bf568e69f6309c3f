import { describe, expect, test } from '@jest/globals';
import { cacheShape, hitProbability } from '../../../src/model/traffic/hit.js';
import { poissonBelowByTerms } from './layers.js';

describe('rule H: a line survives if fewer than `ways` of the lines since fall into its set', () => {
  test.each([
    { bytes: 8 * 1024, ways: 4, sets: 16 },
    { bytes: 98_304, ways: 4, sets: 192 },
    { bytes: 262_144, ways: 16, sets: 128 },
    { bytes: 6 * 1024 ** 2, ways: 16, sets: 3072 },
  ])('$bytes bytes, $ways ways: the Poisson sum over $sets sets', ({ bytes, ways, sets }) => {
    const cache = cacheShape(bytes, ways);
    expect(cache.sets).toBe(sets);
    for (const perSet of [0.013, 0.5, 1, 2.77, 4, 7.3, 12, 16.01, 25, 40])
      expect(hitProbability(cache, perSet * sets)).toBeCloseTo(poissonBelowByTerms(ways, perSet), 4);
  });

  test('4 ways and 2 lines a set: e^-2 (1 + 2 + 2 + 4/3) = 0.857', () => {
    expect(hitProbability(cacheShape(64 * 1024, 4), 256)).toBeCloseTo(Math.exp(-2) * (1 + 2 + 2 + 4 / 3), 6);
  });

  test('nothing between is a hit, far more than the cache a miss, and more lines never hit more', () => {
    const cache = cacheShape(32 * 1024, 4);
    expect(hitProbability(cache, 0)).toBe(1);
    expect(hitProbability(cache, 1e9)).toBe(0);
    for (let lines = 1; lines < 4000; lines += 7)
      expect(hitProbability(cache, lines)).toBeLessThanOrEqual(hitProbability(cache, lines - 1));
  });

  test('a cache of fewer lines than ways is one set of those lines', () => {
    expect(cacheShape(3 * 128, 16)).toMatchObject({ sets: 1, ways: 3 });
    expect(cacheShape(0, 4)).toMatchObject({ sets: 0 });
    expect(hitProbability(cacheShape(0, 4), 0)).toBe(0);
  });
});
