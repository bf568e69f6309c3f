/** The GEMMs of a workload, those of equal shape merged: what the kernel evaluates. */
import { layerPasses, type Layer, type LayerPass, type Workload } from './layer.js';

export interface MergedPass {
  layer: Layer;
  pass: LayerPass;
  batch: number;
  /** How often the workload runs it. */
  count: number;
}

const shapeOf = ({ name: _name, count: _count, ...shape }: Layer) => shape;

/** Every GEMM of a workload once, in the order of their first occurrence. */
export function mergedPasses({ network, batch, pass: passes }: Workload): MergedPass[] {
  const merged = new Map<string, MergedPass>();
  for (const [position, layer] of network.layers.entries())
    for (const pass of layerPasses(passes, position)) {
      const key = JSON.stringify([pass, shapeOf(layer)]);
      const known = merged.get(key);
      if (known) known.count += layer.count;
      else merged.set(key, { layer, pass, batch, count: layer.count });
    }
  return [...merged.values()];
}
