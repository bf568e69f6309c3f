/** The addresses that CTAs load: input ((b Ci + c) Hi + h) Wi + w, in sectors of 8 elements (docs/model.md, 10.1). */
import { SECTOR_ELEMENTS, WARP_ROWS, type TiledLayer } from './tiled-layer.js';

/**
 * Writes into `out` the distinct sectors that the warp of GEMM rows `firstRow` .. `firstRow` + 31 loads for column `k` of
 * the im2col matrix, in order; padding and rows beyond M load nothing. Returns how many.
 */
export function warpSectors(layer: TiledLayer, firstRow: number, k: number, out: Float64Array): number {
  const { channels, inHeight, inWidth, outWidth, strideWidth } = layer;
  const channel = Math.floor(k / layer.taps);
  const tapRow = Math.floor(k / layer.filterWidth) % layer.filterHeight;
  const tapColumn = k % layer.filterWidth;
  const pixels = layer.outHeight * outWidth;
  const endRow = Math.min(firstRow + WARP_ROWS, layer.m);
  let count = 0;
  let last = -1;
  for (let row = firstRow; row < endRow;) {
    const image = Math.floor(row / pixels);
    const outRow = Math.floor((row % pixels) / outWidth);
    const outColumn = row % outWidth;
    const run = Math.min(endRow - row, outWidth - outColumn);
    row += run;
    const h = outRow * layer.strideHeight + tapRow - layer.padHeight;
    if (h < 0 || h >= inHeight) continue;
    const base = ((image * channels + channel) * inHeight + h) * inWidth;
    const first = outColumn * strideWidth + tapColumn - layer.padWidth;
    for (let i = 0, w = first; i < run; i++, w += strideWidth) {
      if (w < 0 || w >= inWidth) continue;
      const sector = Math.floor((base + w) / SECTOR_ELEMENTS);
      if (sector !== last) out[count++] = last = sector;
    }
  }
  return count;
}

/** The IFmap sectors that a CTA loads, k-block by k-block. */
export interface SectorStream {
  sectors: Float64Array;
  /** Where each k-block starts in `sectors`, and a last entry where the stream ends. */
  blockStarts: Int32Array;
}

/** The stream of CTA row `row` over the k-blocks `from` .. `to` - 1: each k in turn, its warps in order of rows. */
export function ifmapStream(layer: TiledLayer, row: number, from: number, to: number): SectorStream {
  const { tileM, tileK, k: depth } = layer;
  const sectors = new Float64Array((to - from) * tileK * tileM);
  const blockStarts = new Int32Array(to - from + 1);
  const warp = new Float64Array(WARP_ROWS);
  let length = 0;
  for (let block = from; block < to; block++) {
    for (let k = block * tileK; k < Math.min(depth, (block + 1) * tileK); k++) {
      for (let warpRow = row * tileM; warpRow < (row + 1) * tileM; warpRow += WARP_ROWS) {
        const count = warpSectors(layer, warpRow, k, warp);
        for (let i = 0; i < count; i++) sectors[length++] = warp[i]!;
      }
    }
    blockStarts[block - from + 1] = length;
  }
  return { sectors: sectors.subarray(0, length), blockStarts };
}
