/** Capacities matter in steps: the sizes at which something can change (docs/model.md, 5.5). SI units. */
import type { Gpu } from '../gpu.js';
import type { CapacityId } from '../resources.js';
import type { Tile } from '../tile.js';
import { L1_WAYS, L2_WAYS, LINE_BYTES } from '../traffic/hit.js';

/** Sizes that are the least of their step, nearest first. */
export interface Steps {
  /** From the one that a design is at down to the least. */
  down: Iterable<number>;
  /** Larger than the design's. */
  up: Iterable<number>;
}

/** A step is at least this part of the size: of a large cache, or of very many SMs, several are one. */
const FINEST = 4096;

/** Multiples of a unit. */
function multiples(size: number, unit: number): Steps {
  const by = unit * Math.max(1, Math.floor(size / unit / FINEST));
  return {
    down: (function* () {
      for (let at = unit * Math.floor(size / unit); at > 0; at -= by) yield at;
    })(),
    up: (function* () {
      for (let at = unit * Math.floor(size / unit) + by; ; at += by) yield at;
    })(),
  };
}

/** What some CTAs of one of the tiles need, as many as an SM can hold for other reasons; with nothing, none runs. */
function needs(size: number, tiles: readonly Tile[], needOf: (tile: Tile) => number, gpu: Gpu): Steps {
  const all = tiles.flatMap((tile) => {
    const most = Math.floor(Math.min(gpu.maxThreads / tile.threads, gpu.maxCtas));
    return Array.from({ length: Math.max(0, most) }, (_, i) => (i + 1) * needOf(tile));
  });
  const sizes = [...new Set(all)].sort((a, b) => a - b);
  return { down: [...sizes.filter((need) => need <= size).reverse(), 0], up: sizes.filter((need) => need > size) };
}

/** The steps of a capacity of a design, whose kernels choose among some tiles. */
export function stepsOf(capacity: CapacityId, gpu: Gpu, tiles: readonly Tile[]): Steps {
  switch (capacity) {
    case 'sm_count':
      return multiples(gpu.smCount, 1);
    case 'register_kib':
      return needs(gpu.registerBytes, tiles, ({ registerBytes }) => registerBytes, gpu);
    case 'smem_kib':
      return needs(gpu.smemBytes, tiles, ({ smemBytes }) => smemBytes, gpu);
    case 'l1_kib':
      return multiples(gpu.l1Bytes, setBytes(gpu.l1Bytes, L1_WAYS));
    case 'l2_mib':
      return multiples(gpu.l2Bytes, setBytes(gpu.l2Bytes, L2_WAYS));
  }
}

/** Bytes of a set; of a cache smaller than one, of a line. */
export const setBytes = (size: number, ways: number) => LINE_BYTES * (size < ways * LINE_BYTES ? 1 : ways);
