import { ELEMENT_BYTES, KIB } from './units.js';

/** The block of the GEMM that one CTA computes, and what the CTA needs of its SM. */
export interface Tile {
  /** Canonical text, `MxNxK`. */
  name: string;
  m: number;
  n: number;
  k: number;
  warpM: number;
  warpN: number;
  /** Results of one thread. */
  threadM: number;
  threadN: number;
  warps: number;
  threads: number;
  registerBytes: number;
  smemBytes: number;
}

const THREADS_PER_WARP = 32;
const MAX_CTA_THREADS = 1024;
const TILE_STEP = 32;
const MAX_TILE = 512;
const K_STEP = 4;
const MAX_TILE_K = 64;

/**
 * A tile from its three sizes (docs/model.md, 2.1): warp tiles are 64x32, or 32x32 when the CTA tile is narrower than 64;
 * a thread needs 32 registers and one and a half per result (128 for 64 results, 80 for 32); both operands are double
 * buffered in shared memory.
 */
export function makeTile(m: number, n: number, k: number): Tile {
  const warpM = n >= 64 && m % 64 === 0 ? 64 : 32;
  const warpN = 32;
  const warps = (m / warpM) * (n / warpN);
  const threads = warps * THREADS_PER_WARP;
  const results = (warpM * warpN) / THREADS_PER_WARP;
  return {
    name: `${m}x${n}x${k}`,
    m,
    n,
    k,
    warpM,
    warpN,
    threadM: 8,
    threadN: results / 8,
    warps,
    threads,
    registerBytes: threads * (32 + 1.5 * results) * 4,
    smemBytes: 2 * (m + n) * k * ELEMENT_BYTES,
  };
}

/** Bytes that one main-loop iteration of a CTA stores to shared memory and its warps load from it (docs/model.md, 4.1). */
export function smemBytesOfLoop({ m, n, k, warpM, warpN, warps }: Tile): number {
  return ELEMENT_BYTES * k * (m + n + (warpM + warpN) * warps);
}

/** What an explicit `cta_tile` may be, in words. */
export const TILE_RULE =
  `auto or MxNxK with M and N multiples of ${TILE_STEP} up to ${MAX_TILE}, K a multiple of ${K_STEP} up to ${MAX_TILE_K}, ` +
  `at most ${MAX_CTA_THREADS} threads`;

/** Whether a text is a valid `cta_tile`. */
export function isTileName(text: string): boolean {
  return text === 'auto' || parseTile(text) !== undefined;
}

/** Reads `MxNxK`; undefined for `auto` and for anything that `TILE_RULE` does not allow. */
export function parseTile(text: string): Tile | undefined {
  const match = /^([1-9]\d{0,3})x([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(text);
  if (!match) return undefined;
  const [m, n, k] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (m % TILE_STEP || n % TILE_STEP || k % K_STEP || m > MAX_TILE || n > MAX_TILE || k > MAX_TILE_K) return undefined;
  const tile = makeTile(m, n, k);
  return tile.threads <= MAX_CTA_THREADS ? tile : undefined;
}

/** What an SM has for CTAs; a `Gpu` is one. */
export interface SmLimits {
  registerBytes: number;
  smemBytes: number;
  maxThreads: number;
  maxCtas: number;
}

/** What of an SM can be too small for a tile. */
export const TILE_LIMITS = ['registers', 'shared memory', 'threads'] as const;
export type TileLimit = (typeof TILE_LIMITS)[number];

/** CTAs of a tile that one SM holds at once, from registers, shared memory, threads and CTA slots (docs/model.md, 2.2); 0 if none fits. */
export function activeCtas(tile: Tile, gpu: SmLimits): number {
  return Math.floor(
    Math.min(
      gpu.registerBytes / tile.registerBytes,
      gpu.smemBytes / tile.smemBytes,
      gpu.maxThreads / tile.threads,
      gpu.maxCtas,
    ),
  );
}

/** What a tile does not find enough of on an SM; undefined if a CTA fits. */
export function missingFor(tile: Tile, gpu: SmLimits): TileLimit | undefined {
  if (tile.registerBytes > gpu.registerBytes) return 'registers';
  if (tile.smemBytes > gpu.smemBytes) return 'shared memory';
  if (tile.threads > gpu.maxThreads) return 'threads';
  return undefined;
}

/** Why a design is infeasible, in words. */
export function infeasibleReason(tile: Tile, limit: TileLimit): string {
  const need = {
    registers: `${tile.registerBytes / KIB} KiB of registers`,
    'shared memory': `${tile.smemBytes / KIB} KiB of shared memory`,
    threads: `${tile.threads} threads`,
  };
  return `no CTA fits an SM: tile ${tile.name} needs ${need[limit]}`;
}
