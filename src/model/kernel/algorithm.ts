/** Algorithms: the ways to compute a layer with GPU kernels. A model lists those that its library has; the fastest that applies runs. */
import type { Gpu } from '../gpu.js';
import type { Infeasible } from '../infeasible.js';
import type { Layer, LayerPass } from '../layer.js';
import type { Traffic } from '../traffic/traffic.js';
import type { KernelWork } from './kernel.js';

/** A GPU kernel before its traffic, which takes far longer to find than all else. */
export interface PlannedKernel {
  /** Tile and CTAs an SM, as text: all that registers and shared memory decide of its time. */
  occupancy: string;
  traffic(): Traffic;
  work(traffic: Traffic): KernelWork;
}

export interface Algorithm {
  name: string;
  /** GPU kernels that a pass takes, at most. */
  kernels: number;
  /** The kernels of a pass, in the order that they run; infeasible where one does not fit, undefined where it does not apply. */
  plan(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): readonly PlannedKernel[] | Infeasible | undefined;
}

/** An algorithm that applies; `slot` numbers its first kernel among those of all algorithms. */
export interface Alternative {
  slot: number;
  kernels: readonly PlannedKernel[];
}

/** Kernels of a pass, over all algorithms, at most. */
export const slotsOf = (algorithms: readonly Algorithm[]) => algorithms.reduce((sum, { kernels }) => sum + kernels, 0);

/** The algorithms that apply to a pass of a layer and fit the design; infeasible if none fits. */
export function alternativesOf(
  algorithms: readonly Algorithm[],
  gpu: Gpu,
  layer: Layer,
  batch: number,
  pass: LayerPass,
): readonly Alternative[] | Infeasible {
  const alternatives: Alternative[] = [];
  let infeasible: Infeasible | undefined;
  let slot = 0;
  for (const algorithm of algorithms) {
    const kernels = algorithm.plan(gpu, layer, batch, pass);
    if (kernels && 'infeasible' in kernels) infeasible ??= kernels;
    else if (kernels) alternatives.push({ slot, kernels });
    slot += algorithm.kernels;
  }
  if (alternatives.length > 0) return alternatives;
  if (!infeasible) throw new Error(`no algorithm computes ${pass} of layer '${layer.name}'`);
  return infeasible;
}
