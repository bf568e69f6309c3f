import { describe, expect, test } from '@jest/globals';
import { ifmapRequests } from '../../../src/model/traffic/requests.js';
import { ifmapReuse } from '../../../src/model/traffic/reuse.js';
import { ifmapStream } from '../../../src/model/traffic/sectors.js';
import type { TiledLayer } from '../../../src/model/traffic/tiled-layer.js';
import { tiled, type Sizes, type TileSizes } from './layers.js';

/** Sector misses of all CTA rows, each with a fully associative LRU cache of `lines` lines with sector-valid bits. */
function missesOfLruCache(layer: TiledLayer, lines: number): number {
  let misses = 0;
  for (let row = 0; row < layer.rows; row++) {
    const cache = new Map<number, Set<number>>();
    for (const sector of ifmapStream(layer, row, 0, layer.loops).sectors) {
      const line = Math.floor(sector / 4);
      const valid = cache.get(line) ?? new Set();
      cache.delete(line);
      cache.set(line, valid);
      if (cache.size > lines) cache.delete(cache.keys().next().value!);
      if (!valid.has(sector)) misses++;
      valid.add(sector);
    }
  }
  return misses;
}

// Layers of at most six whole tiles and few loads: the replay sees all of them.
const WHOLE_LAYERS: readonly (readonly [Sizes, TileSizes])[] = [
  [
    [2, 3, 16, 16, 32, 3, 3, 1, 1, 1, 1],
    [128, 32, 4],
  ],
  [
    [1, 4, 32, 32, 32, 5, 5, 2, 2, 2, 2],
    [128, 64, 4],
  ],
  [
    [4, 2, 8, 32, 32, 3, 2, 1, 0, 2, 4],
    [32, 32, 8],
  ],
];

describe('rule P4: a re-touch hits if its line survived every gap since the sector was fetched', () => {
  test.each(WHOLE_LAYERS)('%j, tile %j: the histogram gives the misses of every LRU cache', (sizes, tile) => {
    const layer = tiled(sizes, tile);
    const reuse = ifmapReuse(layer, ifmapRequests(layer));
    for (const lines of [1, 2, 3, 5, 8, 12, 15, 1e6]) {
      let misses = reuse.firstTouches;
      reuse.cellDistance.forEach((distance, i) => (misses += distance >= lines ? reuse.cellSectors[i]! : 0));
      expect(misses * layer.fullRows).toBeCloseTo(missesOfLruCache(layer, lines), 4);
    }
  });

  test.each(WHOLE_LAYERS)('%j, tile %j: first touches and re-touches add up to the requests', (sizes, tile) => {
    const layer = tiled(sizes, tile);
    const requests = ifmapRequests(layer);
    const reuse = ifmapReuse(layer, requests);
    const retouches = reuse.cellSectors.reduce((sum, sectors) => sum + sectors, 0);
    expect(reuse.firstTouches + retouches).toBeCloseTo(requests / layer.fullRows, 4);
    expect(reuse.requests).toBeCloseTo(requests / layer.fullRows, 6);
  });

  test('1x1 on whole lines: 128 pixels of a channel are 4 new lines a k, never touched again', () => {
    const layer = tiled([1, 40, 16, 16, 32, 1, 1, 0, 0, 1, 1], [128, 32, 4]);
    const reuse = ifmapReuse(layer, ifmapRequests(layer));
    expect(reuse).toMatchObject({ firstTouches: 640, lines: 160, sameBlock: 0 });
    expect(reuse.cellSectors).toHaveLength(0);
    expect([...reuse.windowLines.subarray(0, 4)]).toEqual([0, 16, 32, 48]);
  });

  test('3x1 filter, one channel, tile of one output row: rows come back one k later', () => {
    const layer = tiled([1, 1, 40, 128, 32, 3, 1, 1, 0, 1, 1], [128, 32, 4]);
    const reuse = ifmapReuse(layer, ifmapRequests(layer));
    // One k-block holds all three taps; each tap reads another row of 16 sectors in 4 lines.
    expect(reuse.windowLines[1]! / 12).toBeCloseTo(1, 1);
    expect(reuse.cellSectors).toHaveLength(0);
  });
});
