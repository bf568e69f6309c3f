/** (GPU, layer or workload) -> figures: the plain path through a model, one design at a time. */
import type { Gpu } from './gpu.js';
import type { Infeasible } from './infeasible.js';
import type { LayerResult } from './layer-model.js';
import { layerPasses, type Layer, type LayerPass, type Workload } from './layer.js';
import { DEFAULT_MODEL } from './model-names.js';
import { modelOf } from './models.js';
import { sumLayers, type WorkloadResult } from './workload-result.js';

/** One occurrence of a layer on a GPU, one pass. */
export function evaluateLayer(
  gpu: Gpu,
  layer: Layer,
  batch: number,
  pass: LayerPass = 'forward',
  model: string = DEFAULT_MODEL,
): LayerResult | Infeasible {
  const layerModel = modelOf(model);
  const prepared = layerModel.prepare(gpu, layer, batch, pass);
  return 'infeasible' in prepared ? prepared : layerModel.evaluate(prepared, gpu);
}

/** Every layer of a workload on a GPU, pass by pass; infeasible if one of them is. */
export function evaluateLayers(
  gpu: Gpu,
  workload: Workload,
  model: string = DEFAULT_MODEL,
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

/** All layers of a workload on a GPU; infeasible if any layer is. */
export function evaluateWorkload(
  gpu: Gpu,
  workload: Workload,
  model: string = DEFAULT_MODEL,
): WorkloadResult | Infeasible {
  const results = evaluateLayers(gpu, workload, model);
  if ('infeasible' in results) return results;
  return sumLayers(results, workload.batch);
}
