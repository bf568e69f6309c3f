/** Layers and numbers that the traffic tests share. */
import type { Layer } from '../../../src/model/layer.js';
import { makeTile } from '../../../src/model/tile.js';
import { prepareTraffic, type PreparedTraffic } from '../../../src/model/traffic/prepare.js';
import { tileLayer, type TiledLayer } from '../../../src/model/traffic/tiled-layer.js';

/** Sizes of a convolution: batch, input, filters, padding and stride (heights before widths). */
export type Sizes = readonly [
  batch: number,
  channels: number,
  height: number,
  width: number,
  filters: number,
  filterHeight: number,
  filterWidth: number,
  padHeight: number,
  padWidth: number,
  strideHeight: number,
  strideWidth: number,
];
export type TileSizes = readonly [m: number, n: number, k: number];

export function layerOf(sizes: Sizes, groups = 1): Layer {
  const [, inChannels, inHeight, inWidth, outChannels, filterHeight, filterWidth, padHeight, padWidth, sh, sw] = sizes;
  return {
    name: 'test',
    inChannels,
    inHeight,
    inWidth,
    outChannels,
    filterHeight,
    filterWidth,
    padHeight,
    padWidth,
    strideHeight: sh,
    strideWidth: sw,
    groups,
    count: 1,
  };
}

export function tiled(sizes: Sizes, tile: TileSizes): TiledLayer {
  return tileLayer(layerOf(sizes), sizes[0], makeTile(...tile));
}

export function prepared(sizes: Sizes, tile: TileSizes): PreparedTraffic {
  return prepareTraffic(layerOf(sizes), sizes[0], makeTile(...tile));
}

/** P[Poisson(mean) < ways], each term from its logarithm. */
export function poissonBelowByTerms(ways: number, mean: number): number {
  let sum = 0;
  for (let i = 0, logFactorial = 0; i < ways; i++) {
    if (i > 0) logFactorial += Math.log(i);
    sum += Math.exp(i * Math.log(mean) - mean - logFactorial);
  }
  return sum;
}

/** Element address that output row `row` of the GEMM reads for column k of im2col; undefined for padding. */
export function addressOf(layer: TiledLayer, row: number, k: number): number | undefined {
  const pixels = layer.outHeight * layer.outWidth;
  const image = Math.floor(row / pixels);
  const outRow = Math.floor((row % pixels) / layer.outWidth);
  const outColumn = row % layer.outWidth;
  const channel = Math.floor(k / layer.taps);
  const tap = k % layer.taps;
  const h = outRow * layer.strideHeight + Math.floor(tap / layer.filterWidth) - layer.padHeight;
  const w = outColumn * layer.strideWidth + (tap % layer.filterWidth) - layer.padWidth;
  if (h < 0 || h >= layer.inHeight || w < 0 || w >= layer.inWidth) return undefined;
  return ((image * layer.channels + channel) * layer.inHeight + h) * layer.inWidth + w;
}

/** Repeatable numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Small layers of every kind: strides 1, 2, 4 and 9, filters of 1 to 5, odd sizes, padding. */
export const SMALL_LAYERS: readonly (readonly [Sizes, TileSizes])[] = [
  [
    [2, 3, 9, 11, 20, 3, 3, 1, 1, 1, 1],
    [128, 32, 4],
  ],
  [
    [1, 5, 13, 7, 33, 1, 1, 0, 0, 1, 1],
    [128, 32, 4],
  ],
  [
    [3, 2, 12, 17, 9, 5, 3, 2, 1, 2, 2],
    [128, 64, 4],
  ],
  [
    [2, 4, 16, 16, 40, 2, 2, 0, 0, 4, 4],
    [128, 128, 8],
  ],
  [
    [1, 1, 21, 30, 12, 3, 5, 0, 3, 1, 2],
    [256, 128, 8],
  ],
  [
    [4, 2, 10, 40, 7, 1, 2, 0, 0, 3, 9],
    [128, 32, 4],
  ],
  [
    [1, 6, 6, 6, 150, 5, 5, 2, 2, 1, 1],
    [128, 128, 8],
  ],
];
