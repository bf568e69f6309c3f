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

/** The sum of what several kernels move. */
export function sumTraffic(all: readonly Traffic[]): Traffic {
  const [first, ...others] = all;
  if (first && others.length === 0) return first;
  const sum = { l1: { ifmap: 0, filter: 0 }, l2: { ifmap: 0, filter: 0 }, dram: { ifmap: 0, filter: 0, ofmap: 0 } };
  for (const { l1, l2, dram } of all) {
    sum.l1.ifmap += l1.ifmap;
    sum.l1.filter += l1.filter;
    sum.l2.ifmap += l2.ifmap;
    sum.l2.filter += l2.filter;
    sum.dram.ifmap += dram.ifmap;
    sum.dram.filter += dram.filter;
    sum.dram.ofmap += dram.ofmap;
  }
  return sum;
}
