/** The addresses that CTAs load: input ((b Ci + c) Hi + h) Wi + w, in sectors of 8 elements (docs/model.md, 10.1). */
import { SECTOR_ELEMENTS, WARP_ROWS, type TiledLayer } from './tiled-layer.js';

// By name: in a test's context every look-up of a global takes longer than what these do, and the loops below are many.
const { ceil, floor, min } = Math;

/**
 * The GEMM rows of one warp as pieces, each of the pixels that lie in one output row. What a piece loads for a column k of
 * the im2col matrix follows from it by a few additions, so that a warp is taken apart once for all k.
 */
export interface WarpPieces {
  /** Pieces in use; the arrays have room for every warp. */
  count: number;
  /** First input plane of the image. */
  plane: number[];
  /** Input row and column of the first pixel at the filter's first tap; negative in the padding. */
  row: number[];
  column: number[];
  pixels: number[];
}

/** Room for the pieces of any warp. */
export function emptyPieces(): WarpPieces {
  const room = (): number[] => new Array<number>(WARP_ROWS).fill(0);
  return { count: 0, plane: room(), row: room(), column: room(), pixels: room() };
}

/** Takes the warp of GEMM rows `firstRow` .. `firstRow` + 31 apart into `pieces`; rows beyond M are left out. */
export function cutWarp(layer: TiledLayer, firstRow: number, pieces: WarpPieces): void {
  const { outHeight, outWidth, channels, strideHeight, strideWidth, padHeight, padWidth } = layer;
  const endRow = min(firstRow + WARP_ROWS, layer.m);
  const rowsBefore = floor(firstRow / outWidth);
  let image = floor(rowsBefore / outHeight);
  let outRow = rowsBefore - image * outHeight;
  let outColumn = firstRow - rowsBefore * outWidth;
  let count = 0;
  for (let row = firstRow; row < endRow; count++) {
    const pixels = min(endRow - row, outWidth - outColumn);
    pieces.plane[count] = image * channels;
    pieces.row[count] = outRow * strideHeight - padHeight;
    pieces.column[count] = outColumn * strideWidth - padWidth;
    pieces.pixels[count] = pixels;
    row += pixels;
    outColumn = 0;
    if (++outRow === outHeight) {
      outRow = 0;
      image++;
    }
  }
  pieces.count = count;
}

/**
 * Writes into `out`, from index `at` on, the distinct sectors that a warp loads for column `k` of the im2col matrix, in
 * order; padding loads nothing. Returns the index after them.
 */
export function warpSectors(layer: TiledLayer, pieces: WarpPieces, k: number, out: Float64Array, at: number): number {
  const { inHeight, inWidth, strideWidth, taps, filterWidth } = layer;
  const channel = floor(k / taps);
  const tap = k - channel * taps;
  const tapRow = floor(tap / filterWidth);
  const tapColumn = tap - tapRow * filterWidth;
  let end = at;
  let before = -1;
  for (let i = 0; i < pieces.count; i++) {
    const h = pieces.row[i]! + tapRow;
    if (h < 0 || h >= inHeight) continue;
    // The first and the last of the pixels that are not in the padding.
    let from = pieces.column[i]! + tapColumn;
    let to = from + (pieces.pixels[i]! - 1) * strideWidth;
    if (from < 0) from += ceil(-from / strideWidth) * strideWidth;
    if (to >= inWidth) to -= ceil((to - inWidth + 1) / strideWidth) * strideWidth;
    if (from > to) continue;
    const base = ((pieces.plane[i]! + channel) * inHeight + h) * inWidth;
    if (strideWidth <= SECTOR_ELEMENTS) {
      // Pixels at most a sector apart leave no sector out.
      const last = floor((base + to) / SECTOR_ELEMENTS);
      let sector = floor((base + from) / SECTOR_ELEMENTS);
      if (sector === before) sector++;
      for (; sector <= last; sector++) out[end++] = sector;
      before = last;
    } else {
      for (let w = from; w <= to; w += strideWidth) {
        const sector = floor((base + w) / SECTOR_ELEMENTS);
        if (sector !== before) out[end++] = before = sector;
      }
    }
  }
  return end;
}

/** The IFmap sectors that a CTA loads, k-block by k-block. */
export interface SectorStream {
  sectors: Float64Array;
  /** Where each k-block starts in `sectors`, and a last entry where the stream ends. */
  blockStarts: Int32Array;
}

/** The stream of CTA row `row` over the k-blocks `from` .. `to` - 1: each k in turn, its warps in order of rows. */
export function ifmapStream(
  layer: TiledLayer,
  row: number,
  from: number,
  to: number,
  sectors = streamRoom(layer, to - from),
): SectorStream {
  const { tileM, tileK, k: depth } = layer;
  const warps: WarpPieces[] = [];
  for (let warpRow = row * tileM; warpRow < (row + 1) * tileM; warpRow += WARP_ROWS) {
    const pieces = emptyPieces();
    cutWarp(layer, warpRow, pieces);
    warps.push(pieces);
  }
  const blockStarts = new Int32Array(to - from + 1);
  let length = 0;
  for (let block = from; block < to; block++) {
    const kEnd = min(depth, (block + 1) * tileK);
    for (let k = block * tileK; k < kEnd; k++)
      for (const pieces of warps) length = warpSectors(layer, pieces, k, sectors, length);
    blockStarts[block - from + 1] = length;
  }
  return { sectors: sectors.subarray(0, length), blockStarts };
}

/** Room for the stream of so many k-blocks. */
export function streamRoom({ tileM, tileK }: TiledLayer, blocks: number): Float64Array {
  return new Float64Array(blocks * tileK * tileM);
}
