/** A GPU kernel, reduced to the record that its time follows from (docs/model.md, 11). */
import type { Activity } from '../energy.js';
import type { Gemm } from '../layer.js';
import type { Tile } from '../tile.js';
import type { Tiling } from '../tiling.js';
import type { Traffic } from '../traffic/traffic.js';

/** How the CTAs of a GPU kernel run on the busiest SM. */
export interface Waves {
  /** CTAs that the SM runs in all: ceil(CTAs/SMs). */
  ctasPerSm: number;
  /** CTAs at a time: what fits, at most all. */
  size: number;
  full: number;
  /** CTAs of the last wave, where they do not fill it; 0 if they do. */
  rest: number;
}

/** Waves of `ctas` CTAs over the SMs, `active` at a time (docs/model.md, 4.3). */
export function wavesOf(ctas: number, smCount: number, active: number): Waves {
  const ctasPerSm = Math.ceil(ctas / smCount);
  const size = Math.min(active, ctasPerSm);
  const rest = ctasPerSm % size;
  return { ctasPerSm, size, full: (ctasPerSm - rest) / size, rest };
}

/**
 * One launch of a GPU kernel: everything that its time depends on besides rates and latencies. Each stream has one
 * coefficient; a rate or a latency of the GPU turns it into seconds (`CtaStreams`).
 */
export interface Kernel {
  waves: Waves;
  /** CTAs in all, and the SMs that they are dealt to. */
  ctas: number;
  smCount: number;

  /** Warps of a CTA, and its main-loop iterations. */
  warps: number;
  loops: number;
  /** Work of one warp in one iteration: multiply-accumulates, then instructions by where they are issued. */
  warpMacs: number;
  /** Index arithmetic: runs on the multipliers. */
  indexInstructions: number;
  /** Loads and stores: issued beside the multipliers where these leave slots free. */
  memoryInstructions: number;
  /** Loop counter, branch, barrier. */
  loopInstructions: number;
  /** Issue slots of a warp before its loop. */
  prologueSlots: number;
  /** Clocks of a CTA around its loop, which no scheduler speeds up, and of each iteration's barrier. */
  storeClks: number;
  syncClks: number;

  /** Bytes through shared memory in one iteration of a CTA. */
  smemBytes: number;
  /** Bytes of one CTA; those of L2 and DRAM times the SMs that share the bandwidth, so that bytes over rate are seconds of the CTA. */
  l1Bytes: number;
  l2Bytes: number;
  dramBytes: number;

  /** Loads of L2, and of DRAM, that a CTA waits for one after the other. */
  l2Waits: number;
  dramWaits: number;

  /** Seconds of the call, in series with all of that. */
  overheadS: number;
}

/** A GPU kernel with what it moves and computes: one occurrence. */
export interface KernelWork {
  gemm: Gemm;
  tile: Tile;
  tiling: Tiling;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  traffic: Traffic;
  activity: Activity;
  kernel: Kernel;
}
