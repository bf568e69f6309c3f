import { gemmOf, layerPasses, macsOf, type Workload } from '../model/layer.js';
import type { WorkloadFacts } from '../model/metrics.js';

/** Multiply-accumulates of one run of a workload, all its passes. */
export function workloadMacs({ network, batch, pass }: Workload): number {
  return network.layers.reduce(
    (sum, layer, position) =>
      layerPasses(pass, position).reduce(
        (macs, layerPass) => macs + layer.count * macsOf(gemmOf(layer, batch, layerPass)),
        sum,
      ),
    0,
  );
}

/** What every design of a study shares about a workload, given the time of the unscaled GPU; NaN where it cannot run it. */
export function workloadFacts(workload: Workload, baselineMs: number): WorkloadFacts {
  return { images: workload.batch, flops: 2 * workloadMacs(workload), baselineMs };
}
