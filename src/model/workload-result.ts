/** Figures of a workload: sums over its layers. */
import {
  addPerBottleneck,
  addPerStream,
  STREAMS,
  zeroPerBottleneck,
  zeroPerStream,
  type PerBottleneck,
  type PerStream,
} from './bottleneck.js';
import { addActivity, noActivity, type Activity } from './energy.js';
import type { LayerResult } from './layer-model.js';
import { dramBytes, l1Bytes, l2Bytes } from './traffic/traffic.js';

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

/** The sum of the results of all layers of a workload, each as often as it occurs. */
export function sumLayers(results: readonly LayerResult[], images: number): WorkloadResult {
  const total: WorkloadResult = {
    seconds: 0,
    images,
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
    addActivity(total.activity, result.activity, count);
    for (const { seconds, bottleneck } of result.kernels) total.secondsByBottleneck[bottleneck] += count * seconds;
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
