import { forwardGemm, outHeight, outWidth, type Gemm, type Layer } from '../layer.js';
import type { Tile } from '../tile.js';

/** Elements of a 32-byte sector and of a 128-byte line; bytes of a sector. */
export const SECTOR_ELEMENTS = 8;
export const LINE_ELEMENTS = 32;
export const SECTOR_BYTES = 32;

/** Rows of a GEMM that one warp loads at once. */
export const WARP_ROWS = 32;

/**
 * One group of a layer as an implicit GEMM cut into CTA tiles: the plain numbers that the rules of docs/model.md, 10 read.
 * A group is a GEMM of its own, with its own Ci/g input planes in one piece.
 */
export interface TiledLayer extends Gemm {
  batch: number;
  channels: number;
  inHeight: number;
  inWidth: number;
  filterHeight: number;
  filterWidth: number;
  strideHeight: number;
  strideWidth: number;
  padHeight: number;
  padWidth: number;
  outHeight: number;
  outWidth: number;
  /** Taps of a filter in one channel, Hf Wf. */
  taps: number;
  tileM: number;
  tileN: number;
  tileK: number;
  /** CTA rows and columns, their product, and k-blocks of a CTA. */
  rows: number;
  columns: number;
  ctas: number;
  loops: number;
  /** CTA rows, a last partial one counted by its share; 1 for a single row. */
  fullRows: number;
  /** Filters of a column, on average. */
  columnFilters: number;
  /** Weights of which the start of every k-block of a filter is a multiple, up to a line: gcd(K, blkK, 32). */
  alignment: number;
}

/** A layer at a batch size, cut into tiles. */
export function tileLayer(layer: Layer, batch: number, tile: Tile): TiledLayer {
  const { m, n, k, groups } = forwardGemm(layer, batch);
  const rows = Math.ceil(m / tile.m);
  const columns = Math.ceil(n / tile.n);
  // Written out: objects made by spreading differ in their hidden class, and code compiled for one is thrown away.
  return {
    m,
    n,
    k,
    groups,
    batch,
    channels: layer.inChannels / layer.groups,
    inHeight: layer.inHeight,
    inWidth: layer.inWidth,
    filterHeight: layer.filterHeight,
    filterWidth: layer.filterWidth,
    strideHeight: layer.strideHeight,
    strideWidth: layer.strideWidth,
    padHeight: layer.padHeight,
    padWidth: layer.padWidth,
    outHeight: outHeight(layer),
    outWidth: outWidth(layer),
    taps: layer.filterHeight * layer.filterWidth,
    tileM: tile.m,
    tileN: tile.n,
    tileK: tile.k,
    rows,
    columns,
    ctas: rows * columns,
    loops: Math.ceil(k / tile.k),
    fullRows: rows === 1 ? 1 : m / tile.m,
    columnFilters: n / columns,
    alignment: greatestCommonDivisor(greatestCommonDivisor(k, tile.k), LINE_ELEMENTS),
  };
}

/** Filters of one CTA column; the last one may be narrower. */
export function filtersOfColumn(layer: TiledLayer, column: number): number {
  return Math.min(layer.tileN, layer.n - column * layer.tileN);
}

/** Input planes in a row that fill whole units of so many elements, sectors or lines: planes so far apart lie on them alike. */
export function planesOfWholeUnits({ inHeight, inWidth }: TiledLayer, elements: number): number {
  return elements / greatestCommonDivisor(inHeight * inWidth, elements);
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
