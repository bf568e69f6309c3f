/** What a model is: the time of one layer on one GPU, and how it responds. */
import type { Bottleneck, PerBottleneck, PerStream } from './bottleneck.js';
import type { Activity } from './energy.js';
import type { Gpu } from './gpu.js';
import type { Infeasible } from './infeasible.js';
import type { Algorithm } from './kernel/algorithm.js';
import type { Waves } from './kernel/kernel.js';
import type { Gemm, Layer, LayerPass, Pass, Workload } from './layer.js';
import type { AxisId, LatencyId, RateId } from './resources.js';
import type { Sides } from './response/sides.js';
import type { Tile } from './tile.js';
import type { TimeBounds } from './time-bounds.js';
import type { Tiling } from './tiling.js';
import type { Traffic } from './traffic/traffic.js';

/** What a model prepares of a layer on a design: all that no rate or latency changes. Each model has its own. */
export type Prepared = object;

/** How a GEMM runs: its tile, its CTAs, and the streams of one of them; seconds. */
export interface GemmResult {
  gemm: Gemm;
  tile: Tile;
  tiling: Tiling;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  waves: Waves;
  /** Seconds of one CTA on each stream; `latency` is its life when it is alone. */
  cta: PerBottleneck;
}

/** Where the time of a layer goes; seconds. */
export interface LayerTime {
  seconds: number;
  /** How long each stream was busy, averaged over the SMs: at most `seconds`. */
  busy: PerStream;
  /** The part of `seconds` that each bottleneck decides; they add up to `seconds`. */
  bound: PerBottleneck;
  /** -d(seconds)/d(ln rate) of each stream's rate; compute and issue are taken to grow together. */
  elastic: PerStream;
  bottleneck: Bottleneck;
}

/** Everything a model says of one occurrence of a layer in one pass: seconds, bytes. Of several GPU kernels, the GEMM is the longest one's. */
export interface LayerResult extends GemmResult, LayerTime {
  layer: Layer;
  pass: LayerPass;
  flops: number;
  traffic: Traffic;
  activity: Activity;
  /** What the model adds to every wave before and after its main loop, by name: seconds of one CTA. */
  around: Record<string, number>;
  /** The GPU kernels, in the order that they run. */
  kernels: readonly { seconds: number; bottleneck: Bottleneck }[];
  prepared: Prepared;
}

/** -d(seconds)/d(ln x) of a layer for every rate and latency x; latencies, which add time, below zero. */
export type Slopes = Record<RateId | LatencyId, Sides>;

/** A model of one layer on one GPU. */
export interface LayerModel {
  name: string;
  /** Part of a study's identity: changes whenever the same point would give other numbers. */
  version: number;
  passes: readonly Pass[];
  /** Axes that the model reads nothing from: they move area alone. */
  unread: readonly AxisId[];
  /** The tiles that the model may choose from, where none is set. */
  tiles: readonly Tile[];
  /** Every reason for which a design can be infeasible; default: those of the tiles. */
  reasons?: readonly string[];
  /** All but the last stage: what the layer does on the design. */
  prepare(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): Prepared | Infeasible;
  /** The last stage: the time at the rates and latencies of a GPU. */
  evaluate(prepared: Prepared, gpu: Gpu): LayerResult;
  /** The seconds of `evaluate`, within 1e-14. */
  seconds(prepared: Prepared, gpu: Gpu): number;
  slopes(result: LayerResult, gpu: Gpu): Slopes;
  /** The value of a rate at which the time jumps (docs/model.md, 5.5); undefined where it nowhere does. */
  jumpOf(rate: RateId, gpu: Gpu): number | undefined;
  /** What each bottleneck decides of the seconds, were one of them `factor` times as fast (docs/model.md, 5.6). */
  relieved(result: LayerResult, gpu: Gpu, bottleneck: Bottleneck, factor: number): PerBottleneck;
  /** Where the model is made of algorithms: what the staged evaluator works from. */
  algorithms?: readonly Algorithm[];
  /** Bounds for all rates and latencies; undefined where the design cannot run. A frontier search needs them. */
  boundsOf?: ((gpu: Gpu, workload: Workload) => TimeBounds | undefined) | undefined;
  /** All that registers and shared memory decide of a layer's time, as text; undefined where it cannot run. */
  occupancyOf?: ((gpu: Gpu, layer: Layer, batch: number, pass: LayerPass) => string | undefined) | undefined;
}
