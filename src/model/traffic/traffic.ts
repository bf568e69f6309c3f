/** Bytes that one occurrence of a layer moves, all groups together. Reads at L1 and L2 are what the level is asked for. */
export interface Traffic {
  l1: { ifmap: number; filter: number };
  l2: { ifmap: number; filter: number };
  dram: { ifmap: number; filter: number; ofmap: number };
  /** Results written into L2; default: those that DRAM gets. */
  written?: number;
  /** Reads of DRAM where the CTAs run in step, as they do where they wait for DRAM; default: those of `dram`. */
  inStep?: { ifmap: number; filter: number };
}

export const l1Bytes = (traffic: Traffic): number => traffic.l1.ifmap + traffic.l1.filter;
export const l2Bytes = (traffic: Traffic): number => traffic.l2.ifmap + traffic.l2.filter;
export const dramReadBytes = (traffic: Traffic): number => traffic.dram.ifmap + traffic.dram.filter;
export const dramBytes = (traffic: Traffic): number => dramReadBytes(traffic) + traffic.dram.ofmap;
/** Bytes of DRAM that the time depends on. */
export const inStepBytes = ({ dram, inStep = dram }: Traffic): number => inStep.ifmap + inStep.filter + dram.ofmap;

/** Whether CTAs that drift apart read more: then DRAM's bytes depend on the time, since those that wait for DRAM do not. */
export const drifts = (traffic: Traffic): boolean => dramBytes(traffic) > inStepBytes(traffic);

/** Bytes between L2 and the SMs, both ways. */
export const l2BytesBothWays = (traffic: Traffic): number => l2Bytes(traffic) + (traffic.written ?? traffic.dram.ofmap);

/** Traffic of which DRAM reads only so much that all its bytes are `bytes`. */
export function withDramBytes(traffic: Traffic, bytes: number): Traffic {
  const { ifmap, filter, ofmap } = traffic.dram;
  const share = ifmap + filter > 0 ? (bytes - ofmap) / (ifmap + filter) : 1;
  return share === 1 ? traffic : { ...traffic, dram: { ifmap: share * ifmap, filter: share * filter, ofmap } };
}

/** The sum of what several kernels move. */
export function sumTraffic(all: readonly Traffic[]): Traffic {
  const [first, ...others] = all;
  if (first && others.length === 0) return first;
  const sum = {
    l1: { ifmap: 0, filter: 0 },
    l2: { ifmap: 0, filter: 0 },
    dram: { ifmap: 0, filter: 0, ofmap: 0 },
  };
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
