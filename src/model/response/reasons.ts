/** Why a design takes the time that it takes, and what would change it (docs/model.md, 5). */
import { STREAMS, zeroPerStream, type PerStream } from '../bottleneck.js';
import { evaluateLayers } from '../evaluate.js';
import { utilizationOf } from '../workload-result.js';
import type { Gpu } from '../gpu.js';
import type { Infeasible } from '../infeasible.js';
import type { LayerResult } from '../layer-model.js';
import type { Workload } from '../layer.js';
import { elasticitiesOf, type Elasticities } from './elasticity.js';
import { fixedWork } from './fixed-work.js';
import { nextBound, type NextBound } from './next-bound.js';
import { slackOf, type Slack } from './slack.js';

export interface Reasons {
  utilization: PerStream;
  slack: Slack;
  elasticity: Elasticities;
  next: NextBound;
}

/** The reasons of a design on a workload. */
export function reasonsOf(gpu: Gpu, workload: Workload, model: string): Reasons | Infeasible {
  const layers = evaluateLayers(gpu, workload, model);
  return 'infeasible' in layers ? layers : reasonsOfLayers(gpu, workload, model, layers);
}

/** The same, of layers that are evaluated already: those of the workload on the GPU. */
export function reasonsOfLayers(gpu: Gpu, workload: Workload, model: string, layers: readonly LayerResult[]): Reasons {
  const work = fixedWork(gpu, workload, model, layers);
  const busy = zeroPerStream();
  for (const result of layers) for (const stream of STREAMS) busy[stream] += result.layer.count * result.busy[stream];
  return {
    utilization: utilizationOf({ seconds: work.seconds, busy }),
    slack: slackOf(work),
    elasticity: elasticitiesOf(work),
    next: nextBound(work),
  };
}
