/**
 * The closed forms of DeLTA (Lym et al., ISPASS 2019; docs/model.md, 3). They know no cache capacity: the same bytes
 * for every L1 and L2 size.
 */
import { outHeight, outWidth, type Gemm, type Layer } from '../layer.js';
import type { Tile } from '../tile.js';
import { ELEMENT_BYTES } from '../units.js';
import { tileGemm } from '../tiling.js';
import type { Traffic } from '../traffic/traffic.js';

/** Memory load inefficiency of the IFmap at L1: a warp's row of pixels also fetches what stride and filter skip (docs/model.md, 3.1). */
export function ifmapLoadInefficiency(layer: Layer): number {
  const paddedWidth = layer.inWidth + 2 * layer.padWidth;
  return (paddedWidth * layer.strideWidth) / (paddedWidth - layer.filterWidth + 1);
}

/** Memory load inefficiency of the filters at L1: 32-byte sectors that an unaligned run of blkK elements touches, over those it fills (docs/model.md, 3.1). */
export function filterLoadInefficiency(blkK: number): number {
  return (blkK + 7) / blkK;
}

/** Elements between the first and the last address of an IFmap tile, the paper's two distances (docs/model.md, 3.2a); for blkK <= Wf + 1. */
export function ifmapDistanceElements(layer: Layer, tile: Tile): number {
  const { filterWidth: wf, filterHeight: hf, inWidth: wi, strideWidth: s } = layer;
  const vertical = tile.m * ifmapLoadInefficiency(layer);
  const horizontal =
    ((tile.k - 1) / wf) * (wi - wf + 1 + s * (wf - tile.k + 1)) + ((wf - tile.k + 1) / wf) * s * (tile.k - 1);
  const pixels = outHeight(layer) * outWidth(layer);
  return (vertical * tile.k) / (hf * wf) + horizontal * (1 + tile.m / pixels);
}

/** Distinct elements that an IFmap tile of one k-block touches, from the rows and channels that it covers (docs/model.md, 3.2b); any blkK. */
export function ifmapTouchedElements(layer: Layer, gemm: Gemm, tile: Tile): number {
  const { filterHeight: hf, filterWidth: wf } = layer;
  const [ho, wo] = [outHeight(layer), outWidth(layer)];
  const filterRows = 1 + (tile.k - 1) / wf;
  const channels = 1 + (tile.k - 1) / (hf * wf);
  const rowsPerChannel = Math.min(hf, filterRows / channels);
  const pixels = Math.min(tile.m, gemm.m);
  const rows =
    (pixels / wo) * Math.min(layer.strideHeight, rowsPerChannel) +
    Math.max(0, rowsPerChannel - layer.strideHeight) * (1 + pixels / (ho * wo));
  const width = Math.min(layer.inWidth, (wo - 1) * layer.strideWidth + wf);
  return Math.min(channels * rows * width, 8 * pixels * tile.k);
}

/** Elements of the IFmap that a CTA asks L2 for, per k-block: the paper's form where it holds, the counted one elsewhere. */
export function ifmapL2Elements(layer: Layer, gemm: Gemm, tile: Tile): number {
  const paperFormHolds = tile.k <= layer.filterWidth + 1 && layer.inWidth >= layer.filterWidth;
  return paperFormHolds ? ifmapDistanceElements(layer, tile) : ifmapTouchedElements(layer, gemm, tile);
}

/** Bytes at every level for one occurrence of a layer (docs/model.md, 3). */
export function closedFormTraffic(layer: Layer, batch: number, gemm: Gemm, tile: Tile): Traffic {
  const tiling = tileGemm(gemm, tile);
  const ctaLoops = tiling.ctas * tiling.loops;
  const inputElements = batch * layer.inChannels * layer.inHeight * layer.inWidth;
  return {
    l1: {
      ifmap: ctaLoops * ELEMENT_BYTES * tile.m * tile.k * ifmapLoadInefficiency(layer),
      filter: ctaLoops * ELEMENT_BYTES * tile.n * tile.k * filterLoadInefficiency(tile.k),
    },
    l2: {
      ifmap: ctaLoops * ELEMENT_BYTES * ifmapL2Elements(layer, gemm, tile),
      filter: ctaLoops * ELEMENT_BYTES * tile.n * tile.k,
    },
    dram: {
      ifmap: ELEMENT_BYTES * inputElements * tiling.columns,
      filter: ELEMENT_BYTES * gemm.k * gemm.n * gemm.groups,
      ofmap: ELEMENT_BYTES * gemm.m * gemm.n * gemm.groups,
    },
  };
}
