/**
 * Traffic of the backward passes (docs/model.md, 13). Far less certain than the forward pass: libraries run other
 * algorithms for most of them.
 */
import { outHeight, outWidth, type Gemm, type Layer } from '../layer.js';
import type { Tile } from '../tile.js';
import type { Tiling } from '../tiling.js';
import { ELEMENT_BYTES } from '../units.js';
import type { Traffic } from './traffic.js';

/** The forward convolution that gathers gradients as backward-data does, and the part of its input that is not zeros between strides. */
export interface GradientConvolution {
  layer: Layer;
  density: number;
}

/** Size and padding of the dilated gradient along one direction, so that the output has the input's size. */
function dilated(inSize: number, filter: number, pad: number): { size: number; pad: number } {
  const back = Math.max(0, filter - 1 - pad);
  return { size: inSize + filter - 1 - 2 * back, pad: back };
}

/** Backward-data as a convolution of stride 1 over the gradients, spread by the stride, from Co to Ci channels (docs/model.md, 13.1). */
export function gradientConvolution(layer: Layer): GradientConvolution {
  const height = dilated(layer.inHeight, layer.filterHeight, layer.padHeight);
  const width = dilated(layer.inWidth, layer.filterWidth, layer.padWidth);
  const density = (outHeight(layer) * outWidth(layer)) / (height.size * width.size);
  return {
    layer: {
      ...layer,
      inChannels: layer.outChannels,
      outChannels: layer.inChannels,
      inHeight: height.size,
      inWidth: width.size,
      padHeight: height.pad,
      padWidth: width.pad,
      strideHeight: 1,
      strideWidth: 1,
    },
    density: Math.min(1, density),
  };
}

/** Zeros between strides are multiplied but not loaded: the first operand's bytes shrink with the density (docs/model.md, 13.1). */
export function withDensity(traffic: Traffic, density: number): Traffic {
  const { l1, l2, dram, inStep = dram } = traffic;
  return {
    ...traffic,
    l1: { ...l1, ifmap: l1.ifmap * density },
    l2: { ...l2, ifmap: l2.ifmap * density },
    dram: { ...dram, ifmap: dram.ifmap * density },
    inStep: { ...inStep, ifmap: inStep.ifmap * density },
  };
}

/** Filters that are read across their rows: of each sector that L1 is asked for, half is used. */
export const withTransposedFilters = (traffic: Traffic): Traffic => ({
  ...traffic,
  l1: { ...traffic.l1, filter: 2 * traffic.l1.filter },
});

/** Bytes that a run of `length` pixels, `stride` elements apart, asks L1 for: whole sectors, unaligned on average. */
function runBytes(length: number, stride: number): number {
  return ELEMENT_BYTES * Math.min((length - 1) * stride + 8, 8 * length);
}

/** Elements of the IFmap that a CTA's rows (channel, filter row, filter column) touch in one k-block of pixels (docs/model.md, 13.2). */
function touchedElements(layer: Layer, tile: Tile): number {
  const taps = layer.filterHeight * layer.filterWidth;
  const channels = Math.max(1, tile.m / taps);
  const span = (tile.k - 1) * layer.strideWidth + layer.filterWidth;
  return Math.min(tile.m * tile.k, channels * layer.filterHeight * span);
}

/** Backward-filter: both operands stream along K, the pixels; a split K adds the parts of the result up in DRAM (docs/model.md, 13.2). */
export function backwardFilterTraffic(
  layer: Layer,
  batch: number,
  gemm: Gemm,
  tile: Tile,
  tiling: Tiling,
  machine: { smCount: number; activeCtas: number; l2Bytes: number },
): Traffic {
  const ctaLoops = tiling.ctas * tiling.loops;
  const ifmapBytes = ELEMENT_BYTES * batch * layer.inChannels * layer.inHeight * layer.inWidth;
  const columnsAtOnce = Math.max(1, Math.floor((machine.smCount * machine.activeCtas) / tiling.rows));
  const passes = ifmapBytes <= machine.l2Bytes ? 1 : Math.ceil(tiling.columns / columnsAtOnce);
  return {
    l1: {
      ifmap: ctaLoops * tile.m * runBytes(tile.k, layer.strideWidth),
      filter: ctaLoops * tile.n * runBytes(tile.k, 1),
    },
    l2: {
      ifmap: ctaLoops * ELEMENT_BYTES * touchedElements(layer, tile),
      filter: ctaLoops * ELEMENT_BYTES * tile.n * tile.k,
    },
    dram: {
      ifmap: ifmapBytes * passes,
      filter: ELEMENT_BYTES * gemm.k * gemm.n * gemm.groups,
      ofmap: ELEMENT_BYTES * gemm.m * gemm.n * gemm.groups * (tiling.split > 1 ? 2 : 1),
    },
  };
}
