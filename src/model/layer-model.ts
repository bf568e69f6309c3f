import type { Bottleneck, PerBottleneck } from './bottleneck.js';
import type { Gpu } from './gpu.js';
import type { LayerTime } from './layer-time.js';
import type { Gemm, Layer, LayerPass, Pass } from './layer.js';
import type { AxisId, LatencyId, RateId } from './resources.js';
import type { Sides } from './response/sides.js';
import type { ModelName } from './model-names.js';
import type { Tile } from './tile.js';
import type { Tiling } from './tiling.js';
import type { Traffic } from './traffic/traffic.js';

/** One occurrence of a layer in one pass as a design cuts it up, and the bytes that it moves: what no rate or latency changes. */
export interface LayerWork {
  layer: Layer;
  pass: LayerPass;
  gemm: Gemm;
  tile: Tile;
  tiling: Tiling;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  flops: number;
  traffic: Traffic;
}

/** A layer's time, and what binds it. */
export interface BoundTime extends LayerTime {
  bottleneck: Bottleneck;
}

/** Everything a model says of one occurrence of a layer in one pass; seconds, bytes. */
export interface LayerResult extends LayerWork, BoundTime {}

/** Work and its time in one. Field by field: V8 takes longer to spread two objects than the model takes for a layer. */
export function resultOf(work: LayerWork, time: BoundTime): LayerResult {
  const { layer, pass, gemm, tile, tiling, activeCtas, flops, traffic } = work;
  const { seconds, busy, bound, elastic, waves, cta, around, bottleneck } = time;
  return {
    layer,
    pass,
    gemm,
    tile,
    tiling,
    activeCtas,
    flops,
    traffic,
    seconds,
    busy,
    bound,
    elastic,
    waves,
    cta,
    around,
    bottleneck,
  };
}

/** -d(seconds)/d(ln x) of a layer for every rate and latency x; latencies, which add time, below zero. */
export type Slopes = Record<RateId | LatencyId, Sides>;

/** A design that cannot run a layer, and why. */
export interface Infeasible {
  infeasible: string;
}

/** A model of one layer on one GPU. */
export interface LayerModel {
  name: ModelName;
  /** Part of a study's identity: changes whenever the same point would give other numbers. */
  version: number;
  passes: readonly Pass[];
  /** Axes that the model reads nothing from: they move area alone. */
  unread: readonly AxisId[];
  evaluate(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): LayerResult | Infeasible;
  /** All but the last stage: tiles, and bytes. */
  cut(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): LayerWork | Infeasible;
  /** The last stage alone, and of it the time: seconds of work that is cut up already, at the rates and latencies of a GPU. */
  seconds(work: LayerWork, gpu: Gpu): number;
  slopes(result: LayerResult, gpu: Gpu): Slopes;
  /** The value of a rate at which the time jumps (docs/model.md, 5.5); undefined where it nowhere does. */
  jumpOf(rate: RateId, gpu: Gpu): number | undefined;
  /** What each bottleneck decides of the seconds, were one of them `factor` times as fast (docs/model.md, 5.6). */
  relieved(result: LayerResult, gpu: Gpu, bottleneck: Bottleneck, factor: number): PerBottleneck;
  /** The tiles that the model may choose from, where none is set. */
  tiles: readonly Tile[];
}
