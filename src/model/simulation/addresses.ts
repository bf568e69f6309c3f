/**
 * Which elements the tile loads of a k-block touch (docs/model.md, 9.1 and 9.2). Addresses count elements: the input,
 * NCHW, from 0; the filters, KCRS, from the next multiple of 4 KiB; the results, NKHW, from the one after these.
 */
import { forwardGemm, outHeight, outWidth, type Layer } from '../layer.js';
import type { Touches } from './touches.js';

// By name: in a test's context every look-up of a global takes longer than what these do.
const { floor, ceil, min, max } = Math;

const PAGE_ELEMENTS = 1024; // 4 KiB
const WARP = 32;
const SECTOR_ELEMENTS = 8;

/** The three sizes of a CTA tile. */
export interface TileSizes {
  m: number;
  n: number;
  k: number;
}

/** One group of a layer as a GEMM of its own, with what its addresses need. */
export interface Operands {
  layer: Layer;
  /** Input channels of the group. */
  channels: number;
  m: number;
  n: number;
  k: number;
  outWidth: number;
  outHeight: number;
  /** Address of the first filter, and of the first result. */
  filterStart: number;
  ofmapStart: number;
  /** Addresses end here. */
  end: number;
}

export function operandsOf(layer: Layer, batch: number): Operands {
  const { m, n, k } = forwardGemm(layer, batch);
  const channels = layer.inChannels / layer.groups;
  const inputElements = batch * channels * layer.inHeight * layer.inWidth;
  const filterStart = ceil(inputElements / PAGE_ELEMENTS) * PAGE_ELEMENTS;
  const ofmapStart = filterStart + ceil((n * k) / PAGE_ELEMENTS) * PAGE_ELEMENTS;
  const sizes = { m, n, k, outHeight: outHeight(layer), outWidth: outWidth(layer) };
  return { layer, channels, ...sizes, filterStart, ofmapStart, end: ofmapStart + m * n };
}

/** A run of consecutive m in one warp and one output row: address, input row and output columns at filter position 0. */
const RUN = { origin: 0, top: 1, first: 2, last: 3, fields: 4 } as const;

/** The IFmap side: a tile is blkM consecutive m, cut into warps of 32, and these into runs that share an output row. */
export class IfmapTiles {
  private readonly runs: Int32Array;
  /** Where each warp's runs start, and at the end where the last one's end. */
  private readonly runsOfWarp: Int32Array;
  private readonly warpsPerTile: number;
  /** For each filter column, the first and last output column that fall on the input, not on padding. */
  private readonly columns: Int32Array;
  /** Whether a run has an element in every sector between its ends. */
  private readonly isDense: boolean;

  constructor(
    private readonly operands: Operands,
    private readonly tile: TileSizes,
  ) {
    const { m, layer, outWidth } = operands;
    this.warpsPerTile = ceil(tile.m / WARP);
    const warps = ceil(m / tile.m) * this.warpsPerTile;
    this.runs = new Int32Array((ceil(m / outWidth) + warps) * RUN.fields);
    this.runsOfWarp = new Int32Array(warps + 1);
    this.columns = columnLimits(layer, outWidth);
    this.isDense = layer.strideWidth <= SECTOR_ELEMENTS;
    this.cutIntoRuns(warps);
  }

  private cutIntoRuns(warps: number): void {
    let run = 0;
    for (let warp = 0; warp < warps; warp++) {
      this.runsOfWarp[warp] = run;
      const tileStart = floor(warp / this.warpsPerTile) * this.tile.m;
      const start = tileStart + (warp % this.warpsPerTile) * WARP;
      const end = min(start + WARP, tileStart + this.tile.m, this.operands.m);
      for (let m = start; m < end;) m += this.putRun(run++, m, end);
    }
    this.runsOfWarp[warps] = run;
  }

  /** Writes the run that starts at m and returns its length. */
  private putRun(run: number, m: number, end: number): number {
    const { layer, channels, outHeight, outWidth } = this.operands;
    const outRow = floor(m / outWidth);
    const image = floor(outRow / outHeight);
    const top = (outRow % outHeight) * layer.strideHeight - layer.padHeight;
    const first = m - outRow * outWidth;
    const length = min(outWidth - first, end - m);
    const origin = (image * channels * layer.inHeight + top) * layer.inWidth - layer.padWidth;
    this.runs.set([origin, top, first, first + length - 1], run * RUN.fields);
    return length;
  }

  /** Fills `touches` with a tile's load: for each k of the block and each warp, its sectors. */
  load(row: number, kBlock: number, touches: Touches): void {
    const { layer, k } = this.operands;
    const { filterHeight, filterWidth, inHeight, inWidth } = layer;
    const end = min((kBlock + 1) * this.tile.k, k);
    touches.clear();
    for (let at = kBlock * this.tile.k; at < end; at++) {
      const s = at % filterWidth;
      const channelRow = floor(at / filterWidth);
      const r = channelRow % filterHeight;
      const channel = floor(channelRow / filterHeight);
      const offset = (channel * inHeight + r) * inWidth + s;
      for (let warp = row * this.warpsPerTile; warp < (row + 1) * this.warpsPerTile; warp++)
        this.loadWarp(warp, r, s, offset, touches);
    }
  }

  private loadWarp(warp: number, r: number, s: number, offset: number, touches: Touches): void {
    const { runs } = this;
    const { inHeight, strideWidth } = this.operands.layer;
    const leftmost = this.columns[2 * s]!;
    const rightmost = this.columns[2 * s + 1]!;
    const end = this.runsOfWarp[warp + 1]! * RUN.fields;
    touches.startWarp();
    for (let run = this.runsOfWarp[warp]! * RUN.fields; run < end; run += RUN.fields) {
      const height = runs[run + RUN.top]! + r;
      if (height < 0 || height >= inHeight) continue;
      const first = max(runs[run + RUN.first]!, leftmost);
      const last = min(runs[run + RUN.last]!, rightmost);
      if (first > last) continue;
      const origin = runs[run + RUN.origin]! + offset;
      if (this.isDense) touches.addRange(origin + first * strideWidth, origin + last * strideWidth);
      else addEach(origin, first, last, strideWidth, touches);
    }
  }
}

/** Strides beyond a sector leave sectors out: element by element. */
function addEach(origin: number, first: number, last: number, stride: number, touches: Touches): void {
  for (let column = first; column <= last; column++)
    touches.addRange(origin + column * stride, origin + column * stride);
}

/** Output columns w with 0 <= w S - P + s < Wi, first and last for each filter column s. */
function columnLimits(layer: Layer, outWidth: number): Int32Array {
  const { filterWidth, inWidth, padWidth, strideWidth } = layer;
  const limits = new Int32Array(2 * filterWidth);
  for (let s = 0; s < filterWidth; s++) {
    limits[2 * s] = max(0, ceil((padWidth - s) / strideWidth));
    limits[2 * s + 1] = min(outWidth - 1, floor((inWidth - 1 + padWidth - s) / strideWidth));
  }
  return limits;
}

/** The filter side: a tile is blkN consecutive filters; a warp loads as many as fit its 32 lanes with blkK elements each. */
export class FilterTiles {
  private readonly filtersPerWarp: number;

  constructor(
    private readonly operands: Operands,
    private readonly tile: TileSizes,
  ) {
    this.filtersPerWarp = max(1, floor(WARP / tile.k));
  }

  /** Fills `touches` with a tile's load: for each warp, its filters' runs of blkK elements. */
  load(column: number, kBlock: number, touches: Touches): void {
    const { n, k, filterStart } = this.operands;
    const first = column * this.tile.n;
    const end = min(first + this.tile.n, n);
    const kStart = kBlock * this.tile.k;
    const kLast = min(kStart + this.tile.k, k) - 1;
    touches.clear();
    for (let filter = first; filter < end; filter++) {
      if ((filter - first) % this.filtersPerWarp === 0) touches.startWarp();
      const start = filterStart + filter * k;
      touches.addRange(start + kStart, start + kLast);
    }
  }
}

/** The results: of each filter of a tile, its pixels. */
export class OfmapTiles {
  constructor(
    private readonly operands: Operands,
    private readonly tile: TileSizes,
  ) {}

  /** Fills `touches` with what the CTA at a row and a column writes. */
  load(row: number, column: number, touches: Touches): void {
    const { m, n, ofmapStart, outHeight, outWidth } = this.operands;
    const pixels = outHeight * outWidth;
    const end = min((row + 1) * this.tile.m, m);
    touches.clear();
    for (let filter = column * this.tile.n; filter < min((column + 1) * this.tile.n, n); filter++) {
      touches.startWarp();
      for (let from = row * this.tile.m; from < end;) {
        const image = floor(from / pixels);
        const to = min(end, (image + 1) * pixels);
        const start = ofmapStart + (image * n + filter) * pixels - image * pixels;
        touches.addRange(start + from, start + to - 1);
        from = to;
      }
    }
  }
}
