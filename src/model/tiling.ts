import type { Gemm } from './layer.js';
import type { Tile } from './tile.js';

/** The GEMM cut into CTA tiles. */
export interface Tiling {
  rows: number;
  columns: number;
  /** CTAs of all groups: each group is a GEMM of its own, all launched together. */
  ctas: number;
  /** CTAs that share a tile of the result, each with a part of K; 1 but for backward-filter. */
  split: number;
  /** Main-loop iterations of one CTA. */
  loops: number;
}

/** Rows, columns and loops of a GEMM cut into tiles, K in `split` parts (docs/model.md, 2.3). */
export function tileGemm(gemm: Gemm, tile: Tile, split = 1): Tiling {
  const rows = Math.ceil(gemm.m / tile.m);
  const columns = Math.ceil(gemm.n / tile.n);
  const loops = Math.ceil(Math.ceil(gemm.k / split) / tile.k);
  return { rows, columns, ctas: rows * columns * gemm.groups * split, split, loops };
}
