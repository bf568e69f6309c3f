import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mulHigh, setIndex } from '../../../src/model/simulation/mix64.js';
import { naiveSet } from './naive.js';

const uint32 = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 1, 0xffff, 0x10000, 2 ** 32 - 1));

test('the upper half of a product of 32-bit numbers equals that of big integers', () => {
  fc.assert(
    fc.property(uint32, uint32, (a, b) => {
      expect(mulHigh(a, b) >>> 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }),
    { numRuns: 2000 },
  );
});

test('the set of a line equals that of the 64-bit definition, for any line and any number of sets', () => {
  const line = fc.integer({ min: 0, max: 2 ** 32 - 2 });
  const sets = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 2 ** 32 - 1 }));
  fc.assert(
    fc.property(line, sets, (line, sets) => {
      expect(setIndex(line, sets)).toBe(naiveSet(line, sets));
    }),
    { numRuns: 5000 },
  );
});

test('consecutive lines spread over the sets', () => {
  const counts = new Array<number>(64).fill(0);
  for (let line = 0; line < 6400; line++) counts[setIndex(line, 64)]!++;
  expect(Math.min(...counts)).toBeGreaterThan(60);
  expect(Math.max(...counts)).toBeLessThan(140);
});
