import { expect, test } from '@jest/globals';
import { NumberIds } from '../../../src/model/traffic/number-ids.js';
import { seeded } from './layers.js';

test.each([1, 2, 3, 500])(
  '%i different integers, small and beyond 32 bits, get the numbers that a Map gives them',
  (most) => {
    const random = seeded(most);
    const integers = Array.from({ length: most }, (_, i) => (i % 3 === 0 ? i : Math.floor(random() * 2 ** 52)));
    const ids = new NumberIds(most);
    for (let round = 0; round < 2; round++) {
      const known = new Map<number, number>();
      for (let i = 0; i < 4 * most; i++) {
        const integer = integers[Math.floor(random() * most)]!;
        if (!known.has(integer)) known.set(integer, known.size);
        expect(ids.of(integer)).toBe(known.get(integer));
        expect(ids.size).toBe(known.size);
      }
      ids.clear();
      expect(ids.size).toBe(0);
    }
  },
);

test('integers that share a slot are told apart', () => {
  const ids = new NumberIds(8);
  const multiples = Array.from({ length: 8 }, (_, i) => i * 2 ** 32);
  expect(multiples.map((integer) => ids.of(integer))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(multiples.map((integer) => ids.of(integer))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
