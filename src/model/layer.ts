/** No convolution has a filter anywhere near this; preparing its traffic takes as long as it has taps. */
export const LARGEST_FILTER = 512;

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

/** The passes that are one GEMM each. */
export type LayerPass = Exclude<Pass, 'training'>;

/** The GEMMs that a pass of a network runs for its layer at `position`; the first layer's input needs no gradient. */
export function layerPasses(pass: Pass, position: number): readonly LayerPass[] {
  if (pass !== 'training') return [pass];
  return position === 0 ? ['forward', 'backward-filter'] : ['forward', 'backward-data', 'backward-filter'];
}

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

/** The implicit GEMM of a pass (docs/model.md, 1). */
export function gemmOf(layer: Layer, batch: number, pass: LayerPass): Gemm {
  const forward = forwardGemm(layer, batch);
  const taps = layer.filterHeight * layer.filterWidth;
  const inPerGroup = layer.inChannels / layer.groups;
  switch (pass) {
    case 'forward':
      return forward;
    case 'backward-data':
      return { ...forward, m: batch * layer.inHeight * layer.inWidth, n: inPerGroup, k: forward.n * taps };
    case 'backward-filter':
      return { ...forward, m: inPerGroup * taps, n: forward.n, k: forward.m };
  }
}

/** Whether an operand is gathered tap by tap, which takes index arithmetic. In backward-filter, always: pixels move each loop. */
export function gathersTaps(layer: Layer, pass: LayerPass): boolean {
  return pass === 'backward-filter' || layer.filterHeight * layer.filterWidth > 1;
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
