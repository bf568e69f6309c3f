import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout } from 'node:timers/promises';
import { ahead } from '../src/ahead.js';

describe('work ahead', () => {
  it('gives results in the order of the items, with at most so many under way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), async (delays, most) => {
        let [underWay, mostUnderWay] = [0, 0];
        const results: number[] = [];
        const items = delays.map((delay, i) => ({ delay, i }));
        for await (const i of ahead(items, most, async (item) => {
          mostUnderWay = Math.max(mostUnderWay, ++underWay);
          await setTimeout(item.delay);
          underWay--;
          return item.i;
        }))
          results.push(i);
        expect(results).toEqual(delays.map((_, i) => i));
        expect(mostUnderWay).toBe(Math.min(most, delays.length));
      }),
      { numRuns: 30 },
    );
  });

  it("throws what the first failed item threw once its turn has come; later failures are nobody's", async () => {
    const results: number[] = [];
    const work = async (item: number) => {
      await setTimeout(5 - item);
      if (item >= 2) throw new Error(`item ${item}`);
      return item;
    };
    const all = async () => {
      for await (const result of ahead([0, 1, 2, 3, 4], 5, work)) results.push(result);
    };
    await expect(all()).rejects.toThrow('item 2');
    expect(results).toEqual([0, 1]);
    await setTimeout(10);
  });

  it('begins nothing more once nobody asks', async () => {
    let begun = 0;
    for await (const result of ahead(Array(100).keys(), 3, (item) => Promise.resolve(item + begun++ * 0))) {
      if (result === 1) break;
    }
    expect(begun).toBe(4);
  });
});
