/** The layer that the pictures are about, computed by the model. */
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { loadNetwork } from '../../src/space/files/network-file.js';
import { evaluateLayer } from '../../src/model/evaluate.js';
import { toGpu, withAxes } from '../../src/model/gpu.js';
import type { LayerResult } from '../../src/model/layer-model.js';
import type { AxisId, AxisValue } from '../../src/model/resources.js';

export const EXAMPLE = { gpu: 'titan-xp', network: 'resnet152', layer: 'conv4_1/3x3', batch: 256 } as const;

export const baseline = loadGpu(EXAMPLE.gpu);

/** The layer on the GPU, with some axes set. */
export function exampleLayer(set: Partial<Record<AxisId, AxisValue>> = {}): LayerResult {
  const layer = loadNetwork(EXAMPLE.network).layers.find(({ name }) => name === EXAMPLE.layer)!;
  const result = evaluateLayer(withAxes(toGpu(baseline), set), layer, EXAMPLE.batch, 'forward', 'delta');
  if ('infeasible' in result) throw new Error(result.infeasible);
  return result;
}
