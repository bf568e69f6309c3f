import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { builtinNames } from '../../../src/space/files/library.js';
import { loadNetwork } from '../../../src/space/files/network-file.js';
import { makeTile } from '../../../src/model/tile.js';
import { NO_PERIOD, streamPeriod, type StreamPeriod } from '../../../src/model/traffic/period.js';
import { ifmapRequests } from '../../../src/model/traffic/requests.js';
import { ifmapReuse, type IfmapReuse } from '../../../src/model/traffic/reuse.js';
import { ifmapStream } from '../../../src/model/traffic/sectors.js';
import { tileLayer, type TiledLayer } from '../../../src/model/traffic/tiled-layer.js';
import { layerOf, tiled, type Sizes, type TileSizes } from './layers.js';

const TILES: readonly TileSizes[] = [
  [128, 32, 4],
  [128, 64, 4],
  [128, 128, 8],
  [256, 128, 8],
];

/** Layers of every kind, many of them of channels that make a period; a third with two groups. */
const anyLayer: fc.Arbitrary<TiledLayer> = fc
  .record({
    batch: fc.integer({ min: 1, max: 9 }),
    channels: fc.oneof(fc.constantFrom(3, 16, 24, 32, 48, 64, 96, 128, 192), fc.integer({ min: 1, max: 70 })),
    height: fc.integer({ min: 1, max: 60 }),
    width: fc.integer({ min: 1, max: 60 }),
    filterHeight: fc.integer({ min: 1, max: 11 }),
    filterWidth: fc.integer({ min: 1, max: 11 }),
    padHeight: fc.integer({ min: 0, max: 5 }),
    padWidth: fc.integer({ min: 0, max: 5 }),
    strideHeight: fc.constantFrom(1, 2, 4),
    strideWidth: fc.constantFrom(1, 2, 4),
    groups: fc.constantFrom(1, 1, 2),
    tile: fc.constantFrom(...TILES),
  })
  .map(({ batch, channels, height, width, groups, tile, ...rest }) => {
    const filterHeight = Math.min(rest.filterHeight, height + 2 * rest.padHeight);
    const filterWidth = Math.min(rest.filterWidth, width + 2 * rest.padWidth);
    const { padHeight, padWidth, strideHeight, strideWidth } = rest;
    const sizes: Sizes = [
      ...([batch, channels * groups, height, width, 64 * groups, filterHeight, filterWidth] as const),
      ...([padHeight, padWidth, strideHeight, strideWidth] as const),
    ];
    return tileLayer(layerOf(sizes, groups), batch, makeTile(...tile));
  });

/** Two images of square planes, padded so that a stride of 1 keeps their size. */
const shape = (channels: number, size: number, filter: number): Sizes => [
  ...([2, channels, size, size, 64, filter, filter] as const),
  ...([(filter - 1) / 2, (filter - 1) / 2, 1, 1] as const),
];

describe('the loads of a CTA repeat after some k-blocks, whole lines further on', () => {
  test.each<[string, Sizes, TileSizes, StreamPeriod]>([
    [
      '1x1 on 56x56, whole lines: a k-block like the one before',
      shape(64, 56, 1),
      [128, 64, 8],
      { blocks: 1, reach: 0 },
    ],
    ['3x3 on 56x56: 8 channels are 9 k-blocks', shape(64, 56, 3), [128, 64, 8], { blocks: 9, reach: 1 }],
    ['3x3 on 56x56, blkK 4: 4 channels are 9 k-blocks', shape(64, 56, 3), [128, 64, 4], { blocks: 9, reach: 2 }],
    ['1x1 on 7x7: 32 planes of 49 fill whole lines', shape(832, 7, 1), [128, 64, 8], { blocks: 4, reach: 1 }],
    ['3x3 on 14x14: two channels meet in a line', shape(256, 14, 3), [128, 64, 8], { blocks: 9, reach: 3 }],
    ['5x5 on 7x7: 48 channels are not a number of 32', shape(48, 7, 5), [128, 64, 8], NO_PERIOD],
    ['three channels do not fill a k-block', shape(3, 224, 7), [128, 64, 8], NO_PERIOD],
  ])('%s', (_, sizes, tile, period) => {
    expect(streamPeriod(tiled(sizes, tile))).toEqual(period);
  });

  test('each k-block loads what the one a period before it loads, and a line only within its reach', () => {
    fc.assert(
      fc.property(anyLayer, fc.nat(), (layer, place) => {
        const { blocks, reach } = streamPeriod(layer);
        const row = place % layer.rows;
        const end = Math.min(layer.loops, 2 * blocks, 300);
        if (end <= blocks) return;
        const { sectors, blockStarts } = ifmapStream(layer, row, 0, end);
        const shift = (blocks * layer.tileK * layer.inHeight * layer.inWidth) / layer.taps / 8;
        expect(shift % 4).toBe(0);
        const firstBlocks = new Map<number, number>();
        let [apart, wrong] = [0, 0];
        for (let block = 0; block < end; block++)
          for (let i = blockStarts[block]!; i < blockStarts[block + 1]!; i++) {
            const before = i - blockStarts[block]! + (blockStarts[block - blocks] ?? 0);
            if (block >= blocks && sectors[i] !== sectors[before]! + shift) wrong++;
            const line = Math.floor(sectors[i]! / 4);
            if (!firstBlocks.has(line)) firstBlocks.set(line, block);
            apart = Math.max(apart, block - firstBlocks.get(line)!);
          }
        expect(wrong).toBe(0);
        expect(blockStarts[end]! - blockStarts[end - 1]!).toBe(
          blockStarts[end - blocks]! - blockStarts[end - 1 - blocks]!,
        );
        expect(apart).toBeLessThanOrEqual(reach);
      }),
      { numRuns: 60 },
    );
  });
});

describe('rule P4: a period replayed once and counted as often as it comes is the replay of every k-block', () => {
  test('of any layer, to the last bit', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => expectReplayOfAll(layer)),
      { numRuns: 60 },
    );
  });

  test('of every shape of the networks, to the last bit', () => {
    const shapes = new Map<string, TiledLayer>();
    for (const layer of builtinNames('networks').flatMap((name) => loadNetwork(name).layers)) {
      const tiled = tileLayer(layer, 256, makeTile(128, 128, 8));
      const { channels, inHeight, inWidth, taps, strideHeight } = tiled;
      shapes.set([channels, inHeight, inWidth, taps, strideHeight].join(' '), tiled);
    }
    expect(shapes.size).toBeGreaterThan(50);
    shapes.forEach(expectReplayOfAll);
  });
});

function expectReplayOfAll(layer: TiledLayer): void {
  const requests = ifmapRequests(layer);
  expect(textOf(ifmapReuse(layer, requests))).toBe(textOf(ifmapReuse(layer, requests, NO_PERIOD)));
}

/** All numbers, each as exact as it is. */
const textOf = (reuse: IfmapReuse): string =>
  Object.entries(reuse)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join('\n');
