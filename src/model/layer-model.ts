import type { Bottleneck } from './bottleneck.js';
import type { Gpu } from './gpu.js';
import type { LayerTime } from './layer-time.js';
import type { Gemm, Layer, LayerPass, Pass } from './layer.js';
import type { AxisId } from './resources.js';
import type { Tile } from './tile.js';
import type { Tiling } from './tiling.js';
import type { Traffic } from './traffic/traffic.js';

/** Everything a model says of one occurrence of a layer in one pass; seconds, bytes. */
export interface LayerResult extends LayerTime {
  layer: Layer;
  pass: LayerPass;
  gemm: Gemm;
  tile: Tile;
  tiling: Tiling;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  flops: number;
  traffic: Traffic;
  bottleneck: Bottleneck;
}

/** A design that cannot run a layer, and why. */
export interface Infeasible {
  infeasible: string;
}

/** A model of one layer on one GPU. */
export interface LayerModel {
  name: string;
  /** Part of a study's identity: changes whenever the same point would give other numbers. */
  version: number;
  passes: readonly Pass[];
  /** Axes that the model reads nothing from: they move area alone. */
  unread: readonly AxisId[];
  evaluate(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): LayerResult | Infeasible;
}
