import { evaluateWorkload } from '../model/evaluate.js';
import { toGpu } from '../model/gpu.js';
import { layerPasses, gemmOf, macsOf, type Workload } from '../model/layer.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { MILLI } from '../model/units.js';
import type { Study } from './study.js';

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

/** What every design of a study shares about one of its workloads. Evaluates the baseline once. */
export function workloadFacts({ workloads, baseline, model }: Study, workload: number): WorkloadFacts {
  const run = workloads[workload]!;
  const result = evaluateWorkload(toGpu(baseline), run, model);
  return {
    images: run.batch,
    flops: 2 * workloadMacs(run),
    baselineMs: 'infeasible' in result ? Number.NaN : result.seconds / MILLI,
  };
}
