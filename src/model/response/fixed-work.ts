/** A workload prepared for a design: the model's last stage computes its time at any rates and latencies. */
import type { Gpu } from '../gpu.js';
import type { LayerModel, LayerResult } from '../layer-model.js';
import { layerPasses, type Workload } from '../layer.js';
import { modelOf } from '../models.js';

export interface FixedWork {
  model: LayerModel;
  workload: Workload;
  gpu: Gpu;
  layers: readonly LayerResult[];
  /** On the design itself. */
  seconds: number;
}

/** Gets ready to ask how a feasible design's time responds; `layers` are its own, as `evaluateLayers` has them. */
export function fixedWork(gpu: Gpu, workload: Workload, name: string, layers: readonly LayerResult[]): FixedWork {
  const model = modelOf(name);
  return { model, workload, gpu, layers, seconds: sumSeconds(model, layers, gpu) };
}

function sumSeconds(model: LayerModel, layers: readonly LayerResult[], gpu: Gpu): number {
  let sum = 0;
  for (const { layer, prepared } of layers) sum += layer.count * model.seconds(prepared, gpu);
  return sum;
}

/** Seconds of the same work at other rates and latencies. */
export const secondsAt = ({ model, layers }: FixedWork, gpu: Gpu): number => sumSeconds(model, layers, gpu);

/** Seconds on another design, prepared for it; infinity where it cannot run. */
export function secondsOn({ model, workload: { network, batch, pass: passes } }: FixedWork, gpu: Gpu): number {
  let sum = 0;
  for (const [position, layer] of network.layers.entries())
    for (const pass of layerPasses(passes, position)) {
      const prepared = model.prepare(gpu, layer, batch, pass);
      if ('infeasible' in prepared) return Number.POSITIVE_INFINITY;
      sum += layer.count * model.seconds(prepared, gpu);
    }
  return sum;
}

/** A design with one of its fields a multiple of what it is. */
export const scaled = (gpu: Gpu, field: keyof Gpu, factor: number): Gpu => ({
  ...gpu,
  [field]: (gpu[field] as number) * factor,
});
