/** Which CTA tile the kernel library runs a GEMM with. */
import type { Gpu } from './gpu.js';
import type { Gemm, LayerPass } from './layer.js';
import { activeCtas, infeasibleReason, makeTile, missingFor, type Tile } from './tile.js';

/** The paper's tiles, widest first, each for GEMMs of more than `above` columns (docs/model.md, 2.1). */
export const PAPER_TILES: readonly { tile: Tile; above: number }[] = [
  { tile: makeTile(128, 128, 8), above: 64 },
  { tile: makeTile(128, 64, 4), above: 32 },
  { tile: makeTile(128, 32, 4), above: 0 },
];

/** The tiles of cuDNN 6 and 7, widest first (docs/model.md, 11.1). */
export const KERNEL_TILES: readonly { tile: Tile; above: number }[] = [
  { tile: makeTile(128, 128, 8), above: 64 },
  { tile: makeTile(128, 64, 8), above: 32 },
  { tile: makeTile(128, 32, 8), above: 0 },
];

/** A library of generation 7 takes the wider of its two tiles where that makes at least this many CTAs an SM. */
const LEAST_FILL_7 = 0.9;

/** A library of generation 6 narrows the tile while it makes fewer CTAs an SM than this. */
const LEAST_FILL_6 = 0.45;

/** A tile that fits, or the reason why none does. */
export type TileChoice = { tile: Tile; reason?: undefined } | { tile?: undefined; reason: string };

/** The first of the tiles that fits an SM. */
function firstThatFits(tiles: readonly Tile[], gpu: Gpu): TileChoice {
  const tile = tiles.find((candidate) => activeCtas(candidate, gpu) >= 1);
  if (tile) return { tile };
  const last = tiles.at(-1)!;
  return { reason: infeasibleReason(last, missingFor(last, gpu)!) };
}

const byColumns = (tiles: readonly { tile: Tile; above: number }[], gemm: Gemm): Tile[] =>
  tiles.filter(({ above }) => gemm.n > above).map(({ tile }) => tile);

/** The explicit tile of the GPU, or the paper's choice by N; a tile that does not fit gives way to the next narrower one (docs/model.md, 2.1). */
export function choosePaperTile(gemm: Gemm, gpu: Gpu): TileChoice {
  return firstThatFits(gpu.ctaTile ? [gpu.ctaTile] : byColumns(PAPER_TILES, gemm), gpu);
}

/** CTAs of a tile over all groups, per SM. */
function fill(tile: Tile, gemm: Gemm, gpu: Gpu): number {
  return (Math.ceil(gemm.m / tile.m) * Math.ceil(gemm.n / tile.n) * gemm.groups) / gpu.smCount;
}

/** The tile that the kernel library of the GPU's generation takes, and the narrower ones that it falls back to. */
function libraryTiles(gemm: Gemm, gpu: Gpu, pass: LayerPass): Tile[] {
  const [, middle, narrow] = KERNEL_TILES.map(({ tile }) => tile) as [Tile, Tile, Tile];
  const candidates = byColumns(KERNEL_TILES, gemm);
  if (pass === 'backward-filter')
    return gpu.kernelGeneration >= 7 ? candidates.filter((tile) => tile.n <= middle.n) : candidates;
  if (gpu.kernelGeneration >= 7)
    return gemm.n > 32 && fill(middle, gemm, gpu) >= LEAST_FILL_7 ? [middle, narrow] : [narrow];
  const first = candidates.findIndex((tile) => fill(tile, gemm, gpu) >= LEAST_FILL_6);
  return first < 0 ? [narrow] : candidates.slice(first);
}

/** The explicit tile of the GPU, or the kernel library's choice; a tile that does not fit gives way to the next narrower one (docs/model.md, 11.1). */
export function chooseKernelTile(gemm: Gemm, gpu: Gpu, pass: LayerPass): TileChoice {
  return firstThatFits(gpu.ctaTile ? [gpu.ctaTile] : libraryTiles(gemm, gpu, pass), gpu);
}
