/** (GPU, layer or workload) -> figures: the plain path through a model, one design at a time. */
import {
  addPerBottleneck,
  addPerStream,
  STREAMS,
  zeroPerBottleneck,
  zeroPerStream,
  type PerBottleneck,
  type PerStream,
} from './bottleneck.js';
import { activityOf, addActivity, noActivity, type Activity } from './energy.js';
import { DELTA_2019 } from './delta-2019.js';
import { DELTA } from './delta.js';
import type { Gpu } from './gpu.js';
import type { Infeasible, LayerModel, LayerResult } from './layer-model.js';
import { layerPasses, type Layer, type LayerPass, type Workload } from './layer.js';
import { DEFAULT_MODEL, type ModelName } from './model-names.js';
import { dramBytes, l1Bytes, l2Bytes } from './traffic/traffic.js';

/** The models, by name. */
export const MODELS: Record<ModelName, LayerModel> = { delta: DELTA, 'delta-2019': DELTA_2019 };

/** One occurrence of a layer on a GPU, one pass. */
export function evaluateLayer(
  gpu: Gpu,
  layer: Layer,
  batch: number,
  pass: LayerPass = 'forward',
  model: ModelName = DEFAULT_MODEL,
): LayerResult | Infeasible {
  return MODELS[model].evaluate(gpu, layer, batch, pass);
}

/** Every layer of a workload on a GPU, pass by pass; infeasible if one of them is. */
export function evaluateLayers(
  gpu: Gpu,
  workload: Workload,
  model: ModelName = DEFAULT_MODEL,
): LayerResult[] | Infeasible {
  const results: LayerResult[] = [];
  for (const [position, layer] of workload.network.layers.entries())
    for (const pass of layerPasses(workload.pass, position)) {
      const result = evaluateLayer(gpu, layer, workload.batch, pass, model);
      if ('infeasible' in result) return result;
      results.push(result);
    }
  return results;
}

/** A workload on a GPU: sums over its layers, each counted as often as it occurs; seconds, bytes. */
export interface WorkloadResult {
  seconds: number;
  images: number;
  flops: number;
  l1Bytes: number;
  l2Bytes: number;
  dramBytes: number;
  activity: Activity;
  busy: PerStream;
  bound: PerBottleneck;
  elastic: PerStream;
  /** Seconds spent in layers that each bottleneck binds. */
  secondsByBottleneck: PerBottleneck;
}

/** All layers of a workload on a GPU; infeasible if any layer is. */
export function evaluateWorkload(
  gpu: Gpu,
  workload: Workload,
  model: ModelName = DEFAULT_MODEL,
): WorkloadResult | Infeasible {
  const results = evaluateLayers(gpu, workload, model);
  if ('infeasible' in results) return results;
  const total: WorkloadResult = {
    seconds: 0,
    images: workload.batch,
    flops: 0,
    l1Bytes: 0,
    l2Bytes: 0,
    dramBytes: 0,
    activity: noActivity(),
    busy: zeroPerStream(),
    bound: zeroPerBottleneck(),
    elastic: zeroPerStream(),
    secondsByBottleneck: zeroPerBottleneck(),
  };
  for (const result of results) {
    const { count } = result.layer;
    total.seconds += count * result.seconds;
    total.flops += count * result.flops;
    total.l1Bytes += count * l1Bytes(result.traffic);
    total.l2Bytes += count * l2Bytes(result.traffic);
    total.dramBytes += count * dramBytes(result.traffic);
    addActivity(total.activity, activityOf(result), count);
    total.secondsByBottleneck[result.bottleneck] += count * result.seconds;
    addPerStream(total.busy, result.busy, count);
    addPerStream(total.elastic, result.elastic, count);
    addPerBottleneck(total.bound, result.bound, count);
  }
  return total;
}

/** The share of the time that each stream is busy, 0..1 (docs/model.md, 5.1). */
export function utilizationOf(result: { seconds: number; busy: PerStream }): PerStream {
  const utilization = zeroPerStream();
  for (const stream of STREAMS) utilization[stream] = result.busy[stream] / result.seconds;
  return utilization;
}
