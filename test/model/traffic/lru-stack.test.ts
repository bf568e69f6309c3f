import { describe, expect, test } from '@jest/globals';
import { LruStack } from '../../../src/model/traffic/lru-stack.js';
import { seeded } from './layers.js';

describe('LruStack', () => {
  test('distances are those of a stack kept as a list', () => {
    const random = seeded(5);
    const stack = new LruStack(2000);
    const list: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const key = Math.floor(random() ** 2 * 150);
      const depth = list.indexOf(key);
      if (depth >= 0) list.splice(depth, 1);
      list.unshift(key);
      stack.touch(key);
      expect(stack.distance).toBe(depth);
    }
  });

  test('a b c a: two other keys lay between the touches of a', () => {
    const stack = new LruStack(4);
    expect(['a', 'b', 'c', 'a'].map((key) => stack.touch(key.charCodeAt(0)))).toEqual([0, 1, 2, 0]);
    expect(stack.distance).toBe(2);
  });

  test('a cleared stack knows nothing', () => {
    const stack = new LruStack(4, 3);
    for (const key of [7, 8, 7]) stack.touch(key);
    stack.clear();
    expect([8, 7, 8].map((key) => [stack.touch(key), stack.distance])).toEqual([
      [0, -1],
      [1, -1],
      [0, 1],
    ]);
    expect(stack.keysSince(1)).toBe(2);
  });

  test('keys since a time are counted once each', () => {
    const stack = new LruStack(6);
    for (const key of [1, 2, 1, 3, 1, 3]) stack.touch(key);
    expect([0, 1, 2, 4, 5, 6].map((time) => stack.keysSince(time))).toEqual([3, 3, 2, 2, 1, 0]);
  });
});
