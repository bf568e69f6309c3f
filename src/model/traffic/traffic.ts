/** Bytes that one occurrence of a layer moves, all groups together. Reads at L1 and L2 are what the level is asked for. */
export interface Traffic {
  l1: { ifmap: number; filter: number };
  l2: { ifmap: number; filter: number };
  dram: { ifmap: number; filter: number; ofmap: number };
}

export const l1Bytes = (traffic: Traffic): number => traffic.l1.ifmap + traffic.l1.filter;
export const l2Bytes = (traffic: Traffic): number => traffic.l2.ifmap + traffic.l2.filter;
export const dramReadBytes = (traffic: Traffic): number => traffic.dram.ifmap + traffic.dram.filter;
export const dramBytes = (traffic: Traffic): number => dramReadBytes(traffic) + traffic.dram.ofmap;
