/** (GPU, layer or workload) -> figures: the plain path through the model, one design at a time. */
import {
  BOTTLENECKS,
  largestOf,
  STREAMS,
  zeroPerBottleneck,
  zeroPerStream,
  type Bottleneck,
  type PerBottleneck,
  type PerStream,
} from './bottleneck.js';
import type { Gpu } from './gpu.js';
import { forwardGemm, macsOf, type Gemm, type Layer, type Pass, type Workload } from './layer.js';
import { activeCtas, chooseTile, type Tile } from './tile.js';
import { layerTime, type LayerTime } from './time.js';
import { closedFormTraffic, tileGemm } from './traffic/closed-form.js';
import { dramBytes, l1Bytes, l2Bytes, type Tiling, type Traffic } from './traffic/traffic.js';

/** The models, and the passes that each covers. */
export const MODELS = {
  'delta-2019': {
    passes: ['forward'] as readonly Pass[],
    /** Axes that the model reads nothing from: they move area alone. */
    unread: ['macs_per_instr', 'issue_per_clk', 'l1_kib', 'l2_mib'] as readonly string[],
  },
} as const;
export type ModelName = keyof typeof MODELS;
export const MODEL_NAMES = Object.keys(MODELS) as ModelName[];
export const DEFAULT_MODEL: ModelName = 'delta-2019';

/** Part of a study's identity: changes whenever the same point would give other numbers. */
export const MODEL_VERSION = 1;

/** Everything the model says of one occurrence of a layer; seconds, bytes. */
export interface LayerResult extends LayerTime {
  layer: Layer;
  gemm: Gemm;
  tile: Tile;
  tiling: Tiling;
  activeCtas: number;
  flops: number;
  traffic: Traffic;
  bottleneck: Bottleneck;
}

/** A design that cannot run a layer, and why. */
export interface Infeasible {
  infeasible: string;
}

/** One occurrence of a layer on a GPU, forward pass, model `delta-2019` (docs/model.md, 2 to 4). */
export function evaluateLayer(gpu: Gpu, layer: Layer, batch: number): LayerResult | Infeasible {
  const gemm = forwardGemm(layer, batch);
  const { tile, reason } = chooseTile(gemm, gpu);
  if (!tile) return { infeasible: reason };
  const tiling = tileGemm(gemm, tile);
  const active = activeCtas(tile, gpu);
  const traffic = closedFormTraffic(layer, batch, gemm, tile);
  const time = layerTime(tile, tiling, active, traffic, gpu);
  return {
    layer,
    gemm,
    tile,
    tiling,
    activeCtas: active,
    flops: 2 * macsOf(gemm),
    traffic,
    ...time,
    bottleneck: largestOf(time.bound),
  };
}

/** A workload on a GPU: sums over its layers, each counted as often as it occurs; seconds, bytes. */
export interface WorkloadResult {
  seconds: number;
  images: number;
  flops: number;
  l1Bytes: number;
  l2Bytes: number;
  dramBytes: number;
  busy: PerStream;
  bound: PerBottleneck;
  /** Seconds spent in layers that each bottleneck binds. */
  secondsByBottleneck: PerBottleneck;
}

/** All layers of a workload on a GPU; infeasible if any layer is. */
export function evaluateWorkload(gpu: Gpu, workload: Workload): WorkloadResult | Infeasible {
  const total: WorkloadResult = {
    seconds: 0,
    images: workload.batch,
    flops: 0,
    l1Bytes: 0,
    l2Bytes: 0,
    dramBytes: 0,
    busy: zeroPerStream(),
    bound: zeroPerBottleneck(),
    secondsByBottleneck: zeroPerBottleneck(),
  };
  for (const layer of workload.network.layers) {
    const result = evaluateLayer(gpu, layer, workload.batch);
    if ('infeasible' in result) return result;
    const { count } = layer;
    total.seconds += count * result.seconds;
    total.flops += count * result.flops;
    total.l1Bytes += count * l1Bytes(result.traffic);
    total.l2Bytes += count * l2Bytes(result.traffic);
    total.dramBytes += count * dramBytes(result.traffic);
    total.secondsByBottleneck[result.bottleneck] += count * result.seconds;
    for (const stream of STREAMS) total.busy[stream] += count * result.busy[stream];
    for (const name of BOTTLENECKS) total.bound[name] += count * result.bound[name];
  }
  return total;
}

/** The share of the time that each stream is busy, 0..1 (docs/model.md, 5.1). */
export function utilizationOf(result: { seconds: number; busy: PerStream }): PerStream {
  const utilization = zeroPerStream();
  for (const stream of STREAMS) utilization[stream] = result.busy[stream] / result.seconds;
  return utilization;
}
