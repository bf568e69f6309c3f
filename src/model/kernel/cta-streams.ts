/** Seconds of one CTA on each stream of its SM (docs/model.md, 11.2 and 11.3). */
import type { Kernel } from './kernel.js';

/** The rates and latencies that the time of a GPU kernel depends on; SI, L2 and DRAM of the whole GPU. */
export interface Rates {
  clockHz: number;
  macsPerClk: number;
  macsPerInstr: number;
  issuePerClk: number;
  smemBytesPerS: number;
  l1BytesPerS: number;
  l2BytesPerS: number;
  dramBytesPerS: number;
  l2LatencyS: number;
  dramLatencyS: number;
}

/** How an SM issues instructions. */
export interface Issue {
  /** Issue slots of a scheduler that a multiply-accumulate instruction holds the multipliers for. */
  slotsPerFma: number;
  /** Slots that a load or a store takes: half where it is issued beside the multipliers (dual issue). */
  slotsPerMemory: number;
}

export function issueOf({ issuePerClk, macsPerClk, macsPerInstr }: Rates): Issue {
  const slotsPerFma = (32 * issuePerClk) / ((macsPerClk * 32) / macsPerInstr);
  return { slotsPerFma, slotsPerMemory: slotsPerFma <= 1 ? 0.5 : 1 };
}

/** Seconds of one CTA on each stream; `latency` is its life when it is alone. Filled in place: the frontier asks millions of times. */
export class CtaStreams {
  compute = 0;
  issue = 0;
  smem = 0;
  l1 = 0;
  l2 = 0;
  dram = 0;
  latency = 0;

  /** Clocks that one loop of a warp holds the multipliers of its scheduler, and its issue slots. */
  fmaClks = 0;
  issueSlots = 0;
  /** Warps of the CTA per scheduler. */
  warpsPerScheduler = 0;
  /** Clocks of all loops of a CTA that is alone, barriers left out, and around them. */
  loopClks = 0;
  prologueClks = 0;
  aroundClks = 0;

  /** Sets all streams; bandwidths are those of `rates`. */
  set(kernel: Kernel, rates: Rates, issue = issueOf(rates), multipliers = rates): this {
    this.setInstructions(kernel, rates, issue, multipliers);
    this.smem = (kernel.loops * kernel.smemBytes) / rates.smemBytesPerS;
    this.l1 = kernel.l1Bytes / rates.l1BytesPerS;
    this.l2 = kernel.l2Bytes / rates.l2BytesPerS;
    this.dram = kernel.dramBytes / rates.dramBytesPerS;
    return this;
  }

  /**
   * Sets compute, issue and latency.
   *
   * @param multipliers the rates at which the multipliers work. A bound of many designs has them where the multipliers are
   *   busy for the least time, and `rates` where schedulers are: no design is faster on any stream (docs/model.md, 16.2)
   */
  setInstructions(kernel: Kernel, rates: Rates, issue: Issue, multipliers: Rates): void {
    const { warps, loops, warpMacs, indexInstructions: index } = kernel;
    const { clockHz } = rates;
    const fmaClks = (warpMacs / multipliers.macsPerInstr + index) * issue.slotsPerFma;
    const slots =
      warpMacs / rates.macsPerInstr +
      index +
      kernel.loopInstructions +
      kernel.memoryInstructions * issue.slotsPerMemory;
    const warpsOfFma = warps / multipliers.issuePerClk;
    const warpsOfSlots = warps / rates.issuePerClk;
    const prologueClks = warpsOfSlots * kernel.prologueSlots;
    const aroundClks = prologueClks + kernel.storeClks;
    const turn = Math.max(Math.max(warpsOfFma, 1) * fmaClks, Math.max(warpsOfSlots, 1) * slots);
    this.compute = (warpsOfFma * loops * fmaClks) / clockHz;
    this.issue = (warpsOfSlots * loops * slots + aroundClks) / clockHz;
    this.latency =
      (loops * (turn + kernel.syncClks) + aroundClks) / clockHz +
      kernel.l2Waits * rates.l2LatencyS +
      kernel.dramWaits * rates.dramLatencyS;
    this.fmaClks = fmaClks;
    this.issueSlots = slots;
    this.warpsPerScheduler = warpsOfSlots;
    this.loopClks = loops * turn;
    this.prologueClks = prologueClks;
    this.aroundClks = aroundClks;
  }
}
