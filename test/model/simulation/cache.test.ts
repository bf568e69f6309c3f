import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SectorCache, TileMemory } from '../../../src/model/simulation/cache.js';
import { NaiveCache } from './naive.js';

interface Touch {
  line: number;
  mask: number;
}

const touches = (lines: number) =>
  fc.array(fc.record({ line: fc.integer({ min: 0, max: lines - 1 }), mask: fc.integer({ min: 1, max: 15 }) }), {
    maxLength: 300,
  });

/** What a sector-by-sector model misses of a touch, as a mask. */
function missesOneByOne({ line, mask }: Touch, isHit: (sector: number) => boolean): number {
  const asked = [0, 1, 2, 3].filter((i) => mask & (1 << i));
  return asked.filter((i) => !isHit(4 * line + i)).reduce((missed, i) => missed | (1 << i), 0);
}

test('a touch of several sectors misses what a plain LRU cache misses sector by sector', () => {
  const bytes = fc.constantFrom(0, 127, 128, 300, 512, 640, 1024, 4096, 5000);
  fc.assert(
    fc.property(bytes, fc.constantFrom(1, 2, 4, 16), touches(60), (bytes, ways, touches) => {
      const cache = new SectorCache(bytes, ways);
      const naive = new NaiveCache(bytes, ways);
      for (const touch of touches)
        expect(cache.access(touch.line, touch.mask)).toBe(missesOneByOne(touch, (sector) => naive.isHit(sector)));
    }),
    { numRuns: 500 },
  );
});

test.each<[bytes: number, ways: number, sets: number, usedWays: number]>([
  [24576, 4, 48, 4],
  [3 * 2 ** 20, 16, 1536, 16],
  [640, 4, 1, 4], // 5 lines: one set, one line left over
  [384, 4, 1, 3], // no more ways than lines
  [1100, 4, 2, 4], // 8 lines and a rest
])('%d bytes of %d ways make %d sets of %d', (bytes, ways, sets, usedWays) => {
  expect(new SectorCache(bytes, ways)).toMatchObject({ sets, ways: usedWays });
});

test('the least recently used of four lines leaves first', () => {
  const cache = new SectorCache(512, 4); // one set of four
  const missed = (line: number) => cache.access(line, 1);
  expect([0, 1, 2, 3].map(missed)).toEqual([1, 1, 1, 1]);
  expect([0, 4].map(missed)).toEqual([0, 1]); // 4 takes the place of 1
  expect([0, 2, 3, 4].map(missed)).toEqual([0, 0, 0, 0]);
  expect(missed(1)).toBe(1);
});

test('a line that is present misses the sectors that nobody asked for yet', () => {
  const cache = new SectorCache(512, 4);
  expect(cache.access(7, 0b0011)).toBe(0b0011);
  expect(cache.access(7, 0b0110)).toBe(0b0100);
  expect(cache.access(7, 0b1111)).toBe(0b1000);
});

test('fetches and writes are those of a plain LRU cache, sector by sector', () => {
  const request = fc.record({
    line: fc.integer({ min: 0, max: 40 }),
    mask: fc.integer({ min: 1, max: 15 }),
    writes: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.constantFrom(0, 128, 640, 4096), fc.array(request, { maxLength: 300 }), (bytes, requests) => {
      const cache = new SectorCache(bytes, 4);
      const naive = new NaiveCache(bytes, 4);
      for (const { line, mask, writes } of requests) {
        const asked = [0, 1, 2, 3].filter((i) => mask & (1 << i)).map((i) => 4 * line + i);
        if (writes) {
          cache.write(line, mask);
          asked.forEach((sector) => naive.write(sector));
          continue;
        }
        const fetched = asked.flatMap((sector) => naive.fetch(sector));
        expect(cache.fetch(line, mask)).toBe(fetched.reduce((sum, sector) => sum | (1 << (sector % 4)), 0));
      }
      expect(cache.writtenBack).toBe(naive.writtenBack);
    }),
    { numRuns: 500 },
  );
});

test('owners do not find lines of each other, and share the room', () => {
  const cache = new SectorCache(512, 4);
  expect([cache.access(1, 1, 0), cache.access(1, 1, 1), cache.access(1, 1, 0)]).toEqual([1, 1, 0]);
  for (const owner of [2, 3, 4]) cache.access(1, 1, owner);
  expect([cache.access(1, 1, 0), cache.access(1, 1, 1)]).toEqual([0, 1]);
});

test('a tile memory holds every sector of its load and nothing of the one before', () => {
  fc.assert(
    fc.property(fc.array(touches(1000), { maxLength: 5 }), (loads) => {
      const memory = new TileMemory(300);
      for (const load of loads) {
        memory.startLoad();
        const seen = new Set<number>();
        const isHit = (sector: number) => seen.has(sector) || !seen.add(sector);
        for (const touch of load) expect(memory.access(touch.line, touch.mask)).toBe(missesOneByOne(touch, isHit));
      }
    }),
  );
});
