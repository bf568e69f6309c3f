/** Seeded random layers on random machines, for holding the traffic models against the simulation. */
import { inputError } from '../../src/errors.js';
import { forwardGemm, outHeight, outWidth, type Layer } from '../../src/model/layer.js';
import { parseTile, type Tile } from '../../src/model/tile.js';
import { KIB, MIB } from '../../src/model/units.js';
import { randomFrom } from '../../src/model/simulation/random.js';

/** A layer, how it is tiled, and the machine it runs on. */
export interface Configuration {
  layer: Layer;
  batch: number;
  tile: Tile;
  smCount: number;
  activeCtas: number;
  l1Bytes: number;
  l2Bytes: number;
}

const TILES = ['128x32x4', '128x64x4', '128x128x8', '256x128x8'].map((name) => parseTile(name)!);
const FILTERS = [1, 1, 1, 3, 3, 3, 5, 7, 2, 4, 6, 8, 9, 10, 11];
const STRIDES = [1, 1, 1, 2, 2, 4];
const MIN_OUTPUT = 2;

/** Requests that one simulation may take: bounds the time of a whole set. */
const MAX_REQUESTS = 3e7;
const MIN_REQUESTS = 1e5;

/** Draws from a generator of numbers in [0, 1). */
class Draw {
  constructor(private readonly random: () => number) {}

  whole(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1));
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.whole(0, choices.length - 1)]!;
  }

  log(from: number, to: number): number {
    return from * (to / from) ** this.random();
  }
}

function drawLayer(draw: Draw): Layer {
  const filterHeight = draw.of(FILTERS);
  const filterWidth = draw.whole(0, 4) === 0 ? draw.of(FILTERS) : filterHeight;
  const stride = draw.of(STRIDES);
  return {
    name: 'random',
    inChannels: Math.round(draw.log(1, 512)),
    inHeight: Math.round(draw.log(7, 128)),
    inWidth: Math.round(draw.log(7, 128)),
    outChannels: Math.round(draw.log(16, 768)),
    filterHeight,
    filterWidth,
    strideHeight: stride,
    strideWidth: stride,
    padHeight: draw.whole(0, Math.floor(filterHeight / 2)),
    padWidth: draw.whole(0, Math.floor(filterWidth / 2)),
    groups: 1,
    count: 1,
  };
}

/** Requests at L1, roughly: what a simulation costs. */
function requestsOf({ layer, batch, tile }: Configuration): number {
  const { m, n, k } = forwardGemm(layer, batch);
  const perWarp = Math.min(32, 4 * layer.strideWidth + 2);
  return Math.ceil(n / tile.n) * (m / 32) * k * perWarp + Math.ceil(m / tile.m) * n * (k / tile.k) * 2;
}

function drawConfiguration(draw: Draw): Configuration {
  return {
    layer: drawLayer(draw),
    batch: Math.round(draw.log(1, 64)),
    tile: draw.of(TILES),
    smCount: draw.whole(8, 160),
    activeCtas: draw.whole(1, 8),
    l1Bytes: Math.round(draw.log(8, 256)) * KIB,
    l2Bytes: Math.round(draw.log(0.25, 64) * 16) * (MIB / 16),
  };
}

function isUsable(configuration: Configuration): boolean {
  const { layer } = configuration;
  const requests = requestsOf(configuration);
  const sized = outHeight(layer) >= MIN_OUTPUT && outWidth(layer) >= MIN_OUTPUT;
  return sized && requests >= MIN_REQUESTS && requests <= MAX_REQUESTS;
}

/** `count` configurations; the same for the same seed. */
export function randomConfigurations(count: number, seed: number): Configuration[] {
  if (!Number.isInteger(count) || count < 1)
    throw inputError({ what: 'number of configurations', got: count, expected: 'a whole number from 1' });
  const draw = new Draw(randomFrom(seed));
  const configurations: Configuration[] = [];
  while (configurations.length < count) {
    const configuration = drawConfiguration(draw);
    if (isUsable(configuration)) configurations.push(configuration);
  }
  return configurations;
}

/** A configuration in a line: what a reader needs to draw it again. */
export function describeConfiguration({
  layer,
  batch,
  tile,
  smCount,
  activeCtas,
  l1Bytes,
  l2Bytes,
}: Configuration): string {
  return (
    `${batch}x${layer.inChannels}x${layer.inHeight}x${layer.inWidth}, Co ${layer.outChannels}, ` +
    `filter ${layer.filterHeight}x${layer.filterWidth}, stride ${layer.strideHeight}, padding ${layer.padHeight}/${layer.padWidth}, ` +
    `tile ${tile.name}, ${smCount} SMs x ${activeCtas}, L1 ${l1Bytes / KIB} KiB, L2 ${(l2Bytes / MIB).toFixed(2)} MiB`
  );
}
