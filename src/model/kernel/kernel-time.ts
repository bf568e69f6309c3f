/** The time of a GPU kernel: waves of CTAs, and a p-norm for the imperfect overlap of their streams (docs/model.md, 11.4). */
import { largestOf, zeroPerBottleneck, type Bottleneck, type PerBottleneck, type PerStream } from '../bottleneck.js';
import { dramBytes, l2BytesBothWays, type Traffic } from '../traffic/traffic.js';
import { CtaStreams, type Rates } from './cta-streams.js';
import type { Kernel, KernelWork, Waves } from './kernel.js';
import { eighth, eighthRoot } from './powers.js';

/** Exponent of the norm that stands for imperfect overlap; infinity would be the pure maximum. `eighth` computes it. */
export const OVERLAP_NORM = 8;

/** Terms between these have eighth powers, and sums of them, within the range of doubles. */
const LEAST_TERM = 1e-35;
const LARGEST_TERM = 1e35;

/** What the terms of the waves are multiplied by to stay in range: 1 but for absurd figures. */
function scaleOf(cta: CtaStreams, ctas: number): number {
  const streams = Math.max(cta.compute, cta.issue, cta.smem, cta.l1, cta.l2, cta.dram);
  const largest = Math.max(ctas * streams, cta.latency);
  return largest > LEAST_TERM && largest < LARGEST_TERM ? 1 : 1 / largest;
}

/** Seconds of all waves of a GPU kernel: the streams of a wave's CTAs add up, a CTA's own life does not. */
export function runningSeconds({ full, size, rest }: Waves, cta: CtaStreams): number {
  const scale = scaleOf(cta, size);
  const streams =
    eighth(scale * cta.compute) +
    eighth(scale * cta.issue) +
    eighth(scale * cta.smem) +
    eighth(scale * cta.l1) +
    eighth(scale * cta.l2) +
    eighth(scale * cta.dram);
  const life = eighth(scale * cta.latency);
  const running = full * eighthRoot(eighth(size) * streams + life);
  return (rest > 0 ? running + eighthRoot(eighth(rest) * streams + life) : running) / scale;
}

/** Seconds of a GPU kernel, from the streams of its CTAs. */
export function kernelSeconds({ waves, overheadS }: Kernel, cta: CtaStreams): number {
  return runningSeconds(waves, cta) + overheadS;
}

/** Adds what each bottleneck decides of a kernel's seconds: a wave splits among its terms by their weight, (term/wave)^p. */
export function addBound(
  bound: PerBottleneck,
  { waves: { full, size, rest }, overheadS }: Kernel,
  cta: CtaStreams,
): void {
  const scale = scaleOf(cta, size);
  const compute = eighth(scale * cta.compute);
  const issue = eighth(scale * cta.issue);
  const smem = eighth(scale * cta.smem);
  const l1 = eighth(scale * cta.l1);
  const l2 = eighth(scale * cta.l2);
  const dram = eighth(scale * cta.dram);
  const latency = eighth(scale * cta.latency);
  const streams = compute + issue + smem + l1 + l2 + dram;
  // seconds a unit of power: of the streams, and of the life
  const size8 = eighth(size);
  const power = size8 * streams + latency;
  let ofLife = (full * eighthRoot(power)) / power / scale;
  let ofStreams = ofLife * size8;
  if (rest > 0) {
    const rest8 = eighth(rest);
    const restPower = rest8 * streams + latency;
    const ofRest = eighthRoot(restPower) / restPower / scale;
    ofLife += ofRest;
    ofStreams += ofRest * rest8;
  }
  bound.compute += ofStreams * compute;
  bound.issue += ofStreams * issue;
  bound.smem += ofStreams * smem;
  bound.l1 += ofStreams * l1;
  bound.l2 += ofStreams * l2;
  bound.dram += ofStreams * dram;
  bound.latency += ofLife * latency;
  bound.launch += overheadS;
}

/** What each bottleneck decides of a kernel's seconds. */
export function boundOf(kernel: Kernel, cta: CtaStreams): PerBottleneck {
  const bound = zeroPerBottleneck();
  addBound(bound, kernel, cta);
  return bound;
}

/** The sum of what all bottlenecks decide: the seconds of the kernel, within 1e-14 of `kernelSeconds`. */
export function secondsOfBound({ compute, issue, smem, l1, l2, dram, latency, launch }: PerBottleneck): number {
  return compute + issue + smem + l1 + l2 + dram + latency + launch;
}

/** The largest term of a full wave; the call, where it takes longer than all waves. */
function bottleneckOf({ waves, overheadS }: Kernel, cta: PerBottleneck, running: number): Bottleneck {
  if (overheadS > running) return 'launch';
  const { compute, issue, smem, l1, l2, dram, latency } = cta;
  const { size } = waves;
  return largestOf({
    ...{ compute: size * compute, issue: size * issue, smem: size * smem },
    ...{ l1: size * l1, l2: size * l2, dram: size * dram, latency, launch: 0 },
  });
}

/** Bytes that DRAM moves: those of CTAs that drift apart, at most what it can deliver in the time. */
export const movedBytes = (
  traffic: Traffic,
  running: number,
  { dramBytesPerS }: Pick<Rates, 'dramBytesPerS'>,
): number => Math.min(dramBytes(traffic), dramBytesPerS * running);

/** How long each stream is busy, averaged over the SMs (docs/model.md, 5.1). */
function busyOf(
  { kernel: { ctas, smCount }, traffic }: KernelWork,
  cta: CtaStreams,
  moved: number,
  rates: Rates,
): PerStream {
  const ctasPerSm = ctas / smCount;
  return {
    compute: ctasPerSm * cta.compute,
    issue: ctasPerSm * cta.issue,
    smem: ctasPerSm * cta.smem,
    l1: ctasPerSm * cta.l1,
    l2: l2BytesBothWays(traffic) / rates.l2BytesPerS,
    dram: moved / rates.dramBytesPerS,
  };
}

/**
 * -d(seconds)/d(ln rate) of each stream, where schedulers and multipliers grow together: all of its seconds, but for the
 * store-out; of a CTA's life, the loop only where a scheduler has more than one warp of the CTA.
 */
function elasticOf({ storeClks }: Kernel, cta: CtaStreams, bound: PerBottleneck, { clockHz }: Rates): PerStream {
  const loopClks = cta.warpsPerScheduler > 1 ? cta.loopClks : 0;
  const ofIssue = 1 - storeClks / clockHz / cta.issue;
  const ofLatency = (loopClks + cta.prologueClks) / clockHz / cta.latency;
  const { compute, issue, smem, l1, l2, dram, latency } = bound;
  return { compute, issue: issue * ofIssue + latency * ofLatency, smem, l1, l2, dram };
}

/** Time of one occurrence of a GPU kernel, and where it goes; seconds. */
export interface KernelTime {
  seconds: number;
  /** How long each stream was busy, averaged over the SMs: at most `seconds`. */
  busy: PerStream;
  /** The part of `seconds` that each bottleneck decides; they add up to `seconds`. */
  bound: PerBottleneck;
  /** -d(seconds)/d(ln rate) of each stream's rate; compute and issue are taken to grow together. */
  elastic: PerStream;
  bottleneck: Bottleneck;
  /** Seconds of one CTA on each stream; `latency` is its life when it is alone. */
  cta: PerBottleneck;
  /** Bytes that DRAM moves. */
  dramBytes: number;
}

export function kernelTime(work: KernelWork, rates: Rates): KernelTime {
  const { kernel } = work;
  const streams = new CtaStreams().set(kernel, rates);
  const running = runningSeconds(kernel.waves, streams);
  const bound = boundOf(kernel, streams);
  const moved = movedBytes(work.traffic, running, rates);
  const { compute, issue, smem, l1, l2, dram, latency } = streams;
  const cta = { compute, issue, smem, l1, l2, dram, latency, launch: 0 };
  return {
    seconds: running + kernel.overheadS,
    busy: busyOf(work, streams, moved, rates),
    bound,
    elastic: elasticOf(kernel, streams, bound, rates),
    bottleneck: bottleneckOf(kernel, cta, running),
    cta,
    dramBytes: moved,
  };
}
