/** What CTAs ask L1 for, in sectors (docs/model.md, 10.2: P1, P2). */
import { cutWarp, emptyPieces, warpSectors } from './sectors.js';
import {
  greatestCommonDivisor,
  planesOfWholeUnits,
  SECTOR_ELEMENTS,
  WARP_ROWS,
  type TiledLayer,
} from './tiled-layer.js';

const EXACT_WARP_LOADS = 8192;
const SAMPLED_WARP_LOADS = 4096;
/** The reciprocal of the plastic number: multiples of it, modulo 1, fill the unit interval evenly beside i/n. */
const PLASTIC_STEP = 0.7548776662466927;

/** P1: IFmap requests of one CTA column: the distinct sectors of every warp and k; 4,096 of them stand for the rest of a large layer. */
export function ifmapRequests(layer: TiledLayer): number {
  const { k: depth, channels, taps } = layer;
  const warps = Math.ceil(layer.m / WARP_ROWS);
  const requests = warpRequests(layer);
  let sum = 0;
  if (warps * depth <= EXACT_WARP_LOADS) {
    for (let warp = 0; warp < warps; warp++)
      for (let channel = 0; channel < channels; channel++)
        for (let tap = 0; tap < taps; tap++) sum += requests(warp, channel, tap);
    return sum;
  }
  for (let i = 0; i < SAMPLED_WARP_LOADS; i++) {
    const spread = 0.5 + i * PLASTIC_STEP;
    const warp = Math.floor((spread - Math.floor(spread)) * warps);
    // Tap after tap, so that the few taps at the filter's edge have their exact share.
    const tapMajor = Math.floor(((i + 0.5) / SAMPLED_WARP_LOADS) * depth);
    const tap = Math.floor(tapMajor / channels);
    sum += requests(warp, tapMajor - tap * channels, tap);
  }
  return (sum / SAMPLED_WARP_LOADS) * warps * depth;
}

/**
 * The distinct sectors that a warp loads for a tap of a channel. Warps at the same place of their images, in planes that lie
 * alike on sectors, load as many: these are counted once.
 */
function warpRequests(layer: TiledLayer): (warp: number, channel: number, tap: number) => number {
  const { m, channels, taps, outHeight, outWidth } = layer;
  const pieces = emptyPieces();
  const out = new Float64Array(WARP_ROWS);
  const counted = (warp: number, channel: number, tap: number): number => {
    cutWarp(layer, warp * WARP_ROWS, pieces);
    return warpSectors(layer, pieces, channel * taps + tap, out, 0);
  };
  const pixels = outHeight * outWidth;
  const step = greatestCommonDivisor(pixels, WARP_ROWS);
  const alike = planesOfWholeUnits(layer, SECTOR_ELEMENTS);
  const loads = (pixels / step) * taps * alike;
  if (loads > EXACT_WARP_LOADS) return counted;
  // By place, tap and plane: one more than the sectors, 0 if not yet counted.
  const known = new Uint8Array(loads);
  return (warp, channel, tap) => {
    const row = warp * WARP_ROWS;
    if (row + WARP_ROWS > m) return counted(warp, channel, tap);
    const image = Math.floor(row / pixels);
    const place = (row - image * pixels) / step;
    const load = (place * taps + tap) * alike + ((image * channels + channel) % alike);
    if (known[load] === 0) known[load] = 1 + counted(warp, channel, tap);
    return known[load]! - 1;
  };
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
  const { n: filters, k: depth } = layer;
  // Filters so far apart start at the same place of a sector.
  const alike = SECTOR_ELEMENTS / greatestCommonDivisor(depth, SECTOR_ELEMENTS);
  let requests = -sharedSectors(layer);
  let sectors = 0;
  for (let filter = 0; filter < Math.min(alike, filters); filter++) {
    const offset = (filter * depth) % SECTOR_ELEMENTS;
    const count = Math.ceil((filters - filter) / alike);
    requests += count * requestsAtOffset(layer, offset);
    sectors += count * sectorsOfRun(offset, depth);
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

/** Sectors in which a filter of a warp starts and the filter before it ended, in the same k-block: only if little more than a k-block lies between. */
function sharedSectors(layer: TiledLayer): number {
  const { n: filters, k: depth, tileK } = layer;
  if (depth - tileK >= SECTOR_ELEMENTS) return 0;
  const warpFilters = Math.max(1, Math.floor(WARP_ROWS / tileK));
  let shared = 0;
  for (let filter = 0; filter < filters; filter++) {
    if (filter % warpFilters === 0) continue;
    for (let k = 0; k < depth; k += tileK) {
      const start = filter * depth + k;
      const endBefore = (filter - 1) * depth + Math.min(depth, k + tileK) - 1;
      if (Math.floor(start / SECTOR_ELEMENTS) === Math.floor(endBefore / SECTOR_ELEMENTS)) shared++;
    }
  }
  return shared;
}
