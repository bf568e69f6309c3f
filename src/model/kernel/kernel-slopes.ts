/** How the time of a GPU kernel responds to rates and latencies: the derivatives of its own terms (docs/model.md, 5.5). */
import { TIE, type PerBottleneck } from '../bottleneck.js';
import { AT } from '../rates.js';
import { LATENCIES, RATE_FIELDS, RATES, type RateId } from '../resources.js';
import type { Slopes } from '../layer-model.js';
import { CtaStreams, type Rates } from './cta-streams.js';
import type { Kernel } from './kernel.js';
import { boundOf } from './kernel-time.js';

/**
 * What a maximum of two equal terms follows: the multipliers or the issue slots of a loop, several warps of a scheduler or
 * one. A rate that moves breaks the tie.
 */
export interface Ties {
  followsFma: boolean;
  followsWarps: boolean;
  /** Terms that are this close, relatively, are equal. */
  tie: number;
}

/** Whether a counts as larger than b; `wins` if they are equal. */
const exceeds = (a: number, b: number, wins: boolean, tie: number) => (wins ? a * (1 + tie) >= b : a > b * (1 + tie));

/**
 * Adds -d(seconds)/d(ln x) of a kernel, `count` times, for every rate and latency x. Seconds are p-norms: a term's relative
 * change counts with the seconds that the term decides.
 *
 * @param cta the kernel's streams at the rates; `bound` the seconds that each decides
 */
export function addSlopes(
  to: Float64Array,
  kernel: Kernel,
  rates: Rates,
  cta: CtaStreams,
  bound: PerBottleneck,
  count: number,
  { followsFma, followsWarps, tie }: Ties,
): void {
  const { loops, warpMacs, indexInstructions: index } = kernel;
  const { fmaClks, issueSlots, warpsPerScheduler, loopClks, prologueClks, aroundClks } = cta;
  /** Seconds that a clock of a CTA's issue, and of its life, decides. */
  const perIssueClk = bound.issue / rates.clockHz / cta.issue;
  const perLifeClk = bound.latency / rates.clockHz / cta.latency;
  const fma = warpMacs / rates.macsPerInstr;
  const indexShare = index / (fma + index);
  const loop = perLifeClk * loopClks;
  const waitsForFma = exceeds(fmaClks, issueSlots, followsFma, tie);
  const hasWarps = exceeds(warpsPerScheduler, 1, followsWarps, tie);
  const warpLoops = warpsPerScheduler * loops;

  to[AT.clockHz]! +=
    count * (bound.compute + bound.issue + perLifeClk * (loopClks + loops * kernel.syncClks + aroundClks));
  to[AT.macsPerClk]! += count * (bound.compute + (waitsForFma ? loop : 0));
  // A wider instruction takes index arithmetic along; of all others there are fewer.
  const ofTurn = waitsForFma ? -indexShare * loop : perLifeClk * loops * Math.max(warpsPerScheduler, 1) * fma;
  to[AT.macsPerInstr]! += count * (perIssueClk * warpLoops * fma - bound.compute * indexShare + ofTurn);
  const ofIssue = perIssueClk * (warpLoops * issueSlots + prologueClks) + perLifeClk * prologueClks;
  to[AT.issuePerClk]! += count * (ofIssue + (hasWarps ? loop : 0) - (waitsForFma ? loop : 0));
  to[AT.smemBytesPerS]! += count * bound.smem;
  to[AT.l1BytesPerS]! += count * bound.l1;
  to[AT.l2BytesPerS]! += count * bound.l2;
  to[AT.dramBytesPerS]! += count * bound.dram;
  const perWait = (count * bound.latency) / cta.latency;
  to[AT.l2LatencyS]! -= perWait * kernel.l2Waits * rates.l2LatencyS;
  to[AT.dramLatencyS]! -= perWait * kernel.dramWaits * rates.dramLatencyS;
}

/** -d(seconds)/d(ln x) of kernels that run one after the other, on either side of their ties. */
export function slopesOfKernels(kernels: readonly Kernel[], rates: Rates): Slopes {
  // As macs_per_clk falls, or macs_per_instr or issue_per_clk grows, multipliers are the longer of equals; as issue_per_clk
  // falls, warps of a scheduler are. Two evaluations tell all sides apart.
  const [fma, slots] = [new Float64Array(RATE_FIELDS.length), new Float64Array(RATE_FIELDS.length)];
  const cta = new CtaStreams();
  for (const kernel of kernels) {
    const bound = boundOf(kernel, cta.set(kernel, rates));
    addSlopes(fma, kernel, rates, cta, bound, 1, { followsFma: true, followsWarps: false, tie: TIE });
    addSlopes(slots, kernel, rates, cta, bound, 1, { followsFma: false, followsWarps: true, tie: TIE });
  }
  const sides = [...RATES, ...LATENCIES].map((id, r) => {
    const [one, other] = [fma[r]!, slots[r]!];
    return [id, id === 'macs_per_clk' ? { down: one, up: other } : { down: other, up: one }];
  });
  return Object.fromEntries(sides) as Slopes;
}

/** The value of a rate at which loads and stores begin, or cease, to be issued beside the multipliers (docs/model.md, equation 75). */
export function dualIssueLimit(rate: RateId, gpu: Rates): number | undefined {
  switch (rate) {
    case 'macs_per_clk':
      return gpu.issuePerClk * gpu.macsPerInstr;
    case 'macs_per_instr':
      return gpu.macsPerClk / gpu.issuePerClk;
    case 'issue_per_clk':
      return gpu.macsPerClk / gpu.macsPerInstr;
    default:
      return undefined;
  }
}
