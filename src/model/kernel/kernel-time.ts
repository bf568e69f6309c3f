/** The time of a GPU kernel: waves of CTAs, and a p-norm for the imperfect overlap of their streams (docs/model.md, 11.4). */
import { largestOf, zeroPerBottleneck, type Bottleneck, type PerBottleneck, type PerStream } from '../bottleneck.js';
import { dramBytes, l2Bytes } from '../traffic/traffic.js';
import { CtaStreams, type Rates } from './cta-streams.js';
import type { Kernel, KernelWork, Waves } from './kernel.js';
import { eighth, eighthRoot } from './powers.js';

/** Exponent of the norm that stands for imperfect overlap; infinity would be the pure maximum. `eighth` computes it. */
export const OVERLAP_NORM = 8;

/** Terms between these have eighth powers, and sums of them, within the range of doubles. */
const LEAST_TERM = 1e-35;
const LARGEST_TERM = 1e35;

/** What the terms of a wave are multiplied by to stay in range: 1 but for absurd figures. */
function scaleOf(cta: CtaStreams, ctas: number): number {
  const streams = Math.max(cta.compute, cta.issue, cta.smem, cta.l1, cta.l2, cta.dram);
  const largest = Math.max(ctas * streams, cta.latency);
  return largest > LEAST_TERM && largest < LARGEST_TERM ? 1 : 1 / largest;
}

/** Seconds of a wave of so many CTAs: the streams of its CTAs add up, a CTA's own life does not. */
function waveSeconds(cta: CtaStreams, ctas: number): number {
  const scale = scaleOf(cta, ctas);
  const times = scale * ctas;
  const sum =
    eighth(times * cta.compute) +
    eighth(times * cta.issue) +
    eighth(times * cta.smem) +
    eighth(times * cta.l1) +
    eighth(times * cta.l2) +
    eighth(times * cta.dram) +
    eighth(scale * cta.latency);
  return eighthRoot(sum) / scale;
}

/** Seconds of all waves of a GPU kernel, from the streams of its CTAs. */
function runningSeconds({ full, size, rest }: Waves, cta: CtaStreams): number {
  return full * waveSeconds(cta, size) + (rest > 0 ? waveSeconds(cta, rest) : 0);
}

/** Seconds of a GPU kernel, from the streams of its CTAs. */
export function kernelSeconds({ waves, overheadS }: Kernel, cta: CtaStreams): number {
  return runningSeconds(waves, cta) + overheadS;
}

/** Adds the seconds of `count` waves, split among the terms by their weight: (term/wave)^p. */
function addWaves(bound: PerBottleneck, cta: CtaStreams, ctas: number, count: number): void {
  const scale = scaleOf(cta, ctas);
  const times = scale * ctas;
  const compute = eighth(times * cta.compute);
  const issue = eighth(times * cta.issue);
  const smem = eighth(times * cta.smem);
  const l1 = eighth(times * cta.l1);
  const l2 = eighth(times * cta.l2);
  const dram = eighth(times * cta.dram);
  const latency = eighth(scale * cta.latency);
  const sum = compute + issue + smem + l1 + l2 + dram + latency;
  const weight = (count * (eighthRoot(sum) / scale)) / sum;
  bound.compute += weight * compute;
  bound.issue += weight * issue;
  bound.smem += weight * smem;
  bound.l1 += weight * l1;
  bound.l2 += weight * l2;
  bound.dram += weight * dram;
  bound.latency += weight * latency;
}

/** What each bottleneck decides of a kernel's seconds: they add up to `kernelSeconds`. */
export function boundOf({ waves, overheadS }: Kernel, cta: CtaStreams, bound = zeroPerBottleneck()): PerBottleneck {
  addWaves(bound, cta, waves.size, waves.full);
  if (waves.rest > 0) addWaves(bound, cta, waves.rest, 1);
  bound.launch += overheadS;
  return bound;
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

/** How long each stream is busy, averaged over the SMs (docs/model.md, 5.1). */
function busyOf({ kernel: { ctas, smCount }, traffic }: KernelWork, cta: CtaStreams, rates: Rates): PerStream {
  const ctasPerSm = ctas / smCount;
  return {
    compute: ctasPerSm * cta.compute,
    issue: ctasPerSm * cta.issue,
    smem: ctasPerSm * cta.smem,
    l1: ctasPerSm * cta.l1,
    l2: (l2Bytes(traffic) + traffic.dram.ofmap) / rates.l2BytesPerS,
    dram: dramBytes(traffic) / rates.dramBytesPerS,
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
}

export function kernelTime(work: KernelWork, rates: Rates): KernelTime {
  const { kernel } = work;
  const streams = new CtaStreams().set(kernel, rates);
  const running = runningSeconds(kernel.waves, streams);
  const bound = boundOf(kernel, streams);
  const { compute, issue, smem, l1, l2, dram, latency } = streams;
  const cta = { compute, issue, smem, l1, l2, dram, latency, launch: 0 };
  return {
    seconds: running + kernel.overheadS,
    busy: busyOf(work, streams, rates),
    bound,
    elastic: elasticOf(kernel, streams, bound, rates),
    bottleneck: bottleneckOf(kernel, cta, running),
    cta,
  };
}
