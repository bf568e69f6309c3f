/** Layers of the tests: square, described by what matters. */
import type { Layer } from '../../../src/model/layer.js';
import type { SimulationInput } from '../../../src/model/simulation/input.js';

export interface Shape {
  channels: number;
  size: number;
  filters: number;
  filter?: number;
  stride?: number;
  pad?: number;
  groups?: number;
}

export function squareLayer({ channels, size, filters, filter = 1, stride = 1, pad = 0, groups = 1 }: Shape): Layer {
  return {
    name: 'test',
    inChannels: channels,
    inHeight: size,
    inWidth: size,
    outChannels: filters,
    filterHeight: filter,
    filterWidth: filter,
    strideHeight: stride,
    strideWidth: stride,
    padHeight: pad,
    padWidth: pad,
    groups,
    count: 1,
  };
}

/** One image on one SM of one CTA, caches that hold everything, unless told otherwise; a tile is written `64x32x8`. */
export function inputOf(
  shape: Shape,
  tile: string,
  changes: Partial<Omit<SimulationInput, 'layer' | 'tile'>> = {},
): SimulationInput {
  const [m, n, k] = tile.split('x').map(Number);
  return {
    layer: squareLayer(shape),
    batch: 1,
    tile: { m: m!, n: n!, k: k! },
    smCount: 1,
    activeCtas: 1,
    l1Bytes: 2 ** 16,
    l2Bytes: 2 ** 20,
    ...changes,
  };
}
