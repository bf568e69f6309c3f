/** What CTAs ask L1 for, in sectors (docs/model.md, 10.2: P1, P2). */
import { cutWarp, emptyPieces, warpSectors } from './sectors.js';
import { SECTOR_ELEMENTS, WARP_ROWS, type TiledLayer } from './tiled-layer.js';

const EXACT_WARP_LOADS = 8192;
const SAMPLED_WARP_LOADS = 4096;
/** The reciprocal of the plastic number: multiples of it, modulo 1, fill the unit interval evenly beside i/n. */
const PLASTIC_STEP = 0.7548776662466927;

/** P1: IFmap requests of one CTA column: the distinct sectors of every warp and k; 4,096 of them stand for the rest of a large layer. */
export function ifmapRequests(layer: TiledLayer): number {
  const { k: depth, channels, taps } = layer;
  const warps = Math.ceil(layer.m / WARP_ROWS);
  const pieces = emptyPieces();
  const out = new Float64Array(WARP_ROWS);
  let sum = 0;
  if (warps * depth <= EXACT_WARP_LOADS) {
    for (let warp = 0; warp < warps; warp++) {
      cutWarp(layer, warp * WARP_ROWS, pieces);
      for (let k = 0; k < depth; k++) sum += warpSectors(layer, pieces, k, out, 0);
    }
    return sum;
  }
  for (let i = 0; i < SAMPLED_WARP_LOADS; i++) {
    const spread = 0.5 + i * PLASTIC_STEP;
    const warp = Math.floor((spread - Math.floor(spread)) * warps);
    // Tap after tap, so that the few taps at the filter's edge have their exact share.
    const tapMajor = Math.floor(((i + 0.5) / SAMPLED_WARP_LOADS) * depth);
    const tap = Math.floor(tapMajor / channels);
    const k = (tapMajor - tap * channels) * taps + tap;
    cutWarp(layer, warp * WARP_ROWS, pieces);
    sum += warpSectors(layer, pieces, k, out, 0);
  }
  return (sum / SAMPLED_WARP_LOADS) * warps * depth;
}

/** What CTAs load of one filter (a row of K weights), on average, in sectors. */
export interface FilterLoads {
  /** Requests over the k-blocks of one CTA. */
  requests: number;
  /** Distinct sectors. */
  sectors: number;
}

/** P2: requests of a filter: in every k-block the sectors that its blkK weights lie in, less one where a warp's next filter starts in the sector that the one before ended in. */
export function filterLoads(layer: TiledLayer): FilterLoads {
  const { n: filters, k: depth, tileK } = layer;
  const byOffset = Array.from({ length: SECTOR_ELEMENTS }, (_, offset) => requestsAtOffset(layer, offset));
  const warpFilters = Math.max(1, Math.floor(32 / tileK));
  let requests = 0;
  let sectors = 0;
  for (let filter = 0; filter < filters; filter++) {
    const offset = (filter * depth) % SECTOR_ELEMENTS;
    requests += byOffset[offset]!;
    sectors += sectorsOfRun(offset, depth);
    if (filter % warpFilters > 0) requests -= sectorsSharedWithFilterBefore(layer, filter);
  }
  return { requests: requests / filters, sectors: sectors / filters };
}

/** Sectors that a run of elements lies in. */
function sectorsOfRun(start: number, length: number): number {
  return Math.floor((start + length - 1) / SECTOR_ELEMENTS) - Math.floor(start / SECTOR_ELEMENTS) + 1;
}

/** Requests of one filter that starts `offset` elements into a sector, over all k-blocks. */
function requestsAtOffset(layer: TiledLayer, offset: number): number {
  let sum = 0;
  for (let k = 0; k < layer.k; k += layer.tileK) sum += sectorsOfRun(offset + k, Math.min(layer.tileK, layer.k - k));
  return sum;
}

/** K-blocks in which a filter starts in the sector where the filter before ended: only if little more than a k-block lies between. */
function sectorsSharedWithFilterBefore(layer: TiledLayer, filter: number): number {
  const { k: depth, tileK } = layer;
  if (depth - tileK >= SECTOR_ELEMENTS) return 0;
  let shared = 0;
  for (let k = 0; k < depth; k += tileK) {
    const start = filter * depth + k;
    const endBefore = (filter - 1) * depth + Math.min(depth, k + tileK) - 1;
    if (Math.floor(start / SECTOR_ELEMENTS) === Math.floor(endBefore / SECTOR_ELEMENTS)) shared++;
  }
  return shared;
}
