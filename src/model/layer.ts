/** A convolution layer; heights before widths. NCHW, filters KCRS. */
export interface Layer {
  name: string;
  inChannels: number;
  inHeight: number;
  inWidth: number;
  outChannels: number;
  filterHeight: number;
  filterWidth: number;
  strideHeight: number;
  strideWidth: number;
  padHeight: number;
  padWidth: number;
  groups: number;
  /** How often the network has this shape. */
  count: number;
}

export interface Network {
  name: string;
  layers: readonly Layer[];
}

/** The passes of training. */
export const PASSES = ['forward', 'backward-data', 'backward-filter', 'training'] as const;
export type Pass = (typeof PASSES)[number];

/** A network at a batch size, and which pass of it. */
export interface Workload {
  network: Network;
  batch: number;
  pass: Pass;
}

/** The matrix product that a layer becomes, once per group: M x K times K x N. */
export interface Gemm {
  m: number;
  n: number;
  k: number;
  groups: number;
}

/** Output height of a layer: floor((Hi + 2P - Hf)/S) + 1 (docs/model.md, 1). */
export function outHeight(layer: Layer): number {
  return Math.floor((layer.inHeight + 2 * layer.padHeight - layer.filterHeight) / layer.strideHeight) + 1;
}

/** Output width of a layer, likewise. */
export function outWidth(layer: Layer): number {
  return Math.floor((layer.inWidth + 2 * layer.padWidth - layer.filterWidth) / layer.strideWidth) + 1;
}

/** The implicit GEMM of the forward pass: M = B Ho Wo, N = Co/g, K = (Ci/g) Hf Wf (docs/model.md, 1). */
export function forwardGemm(layer: Layer, batch: number): Gemm {
  return {
    m: batch * outHeight(layer) * outWidth(layer),
    n: layer.outChannels / layer.groups,
    k: (layer.inChannels / layer.groups) * layer.filterHeight * layer.filterWidth,
    groups: layer.groups,
  };
}

/** Multiply-accumulates of a GEMM over all its groups. */
export function macsOf(gemm: Gemm): number {
  return gemm.m * gemm.n * gemm.k * gemm.groups;
}

/** Multiply-accumulates of one image through a whole network, convolutions only. */
export function macsPerImage(network: Network): number {
  return network.layers.reduce((sum, layer) => sum + layer.count * macsOf(forwardGemm(layer, 1)), 0);
}

/** How many convolutions a network has, repeated shapes counted as often as they occur. */
export function convolutionCount(network: Network): number {
  return network.layers.reduce((sum, layer) => sum + layer.count, 0);
}
