/** The time model of `delta` (docs/model.md, 11): instruction streams, waves, and a p-norm for imperfect overlap. */
import { largestOf, zeroPerBottleneck, type PerBottleneck, type PerStream } from './bottleneck.js';
import type { Gpu } from './gpu.js';
import type { BoundTime } from './layer-model.js';
import { wavesOf, type Waves } from './layer-time.js';
import type { Gemm } from './layer.js';
import { eighth, eighthRoot } from './powers.js';
import { smemBytesOfLoop, type Tile } from './tile.js';
import type { Tiling } from './tiling.js';
import { dramBytes, l1Bytes, l2Bytes, type Traffic } from './traffic/traffic.js';
import { ELEMENT_BYTES } from './units.js';

/** The model's constants: global, none belongs to a GPU or a layer (docs/model.md, 11.6). */
export const DELTA_CONSTANTS = {
  /** Index arithmetic, instructions a staged element and loop, where the filter has more than one tap. Fitted. */
  indexInstructionsPerElement: 5.5,
  /** Loop counter, branch, barrier, pointers: instructions a warp and loop. */
  loopInstructions: 8,
  /** Prologue: issue slots a warp. Fitted, weakly. */
  prologueSlots: 440,
  /** Store path at the end of a CTA, bytes a clock. Fitted. */
  storeBytesPerClk: 10,
  /** Barrier and shared-memory turn-around of a loop, clocks. Fitted, weakly. */
  syncClks: 80,
  /** Exponent of the norm that stands for imperfect overlap; infinity would be the pure maximum. */
  overlapNorm: 8,
} as const;

/** What a warp executes in one main-loop iteration, and what its CTA executes around the loop; clocks of its scheduler. */
export interface InstructionMix {
  /** Clocks that one loop of a warp holds the FMA pipe of its scheduler. */
  fmaClks: number;
  /** Issue slots of one loop of a warp. */
  issueSlots: number;
  /** Prologue of a CTA, and its store-out, which no scheduler speeds up. */
  prologueClks: number;
  storeClks: number;
  /** Warps of a CTA per scheduler. */
  warpsPerScheduler: number;
}

/** What a loop of a tile takes, whatever the rates of the GPU (docs/model.md, 11.2). */
export interface LoopWork {
  /** Multiply-accumulates of a warp. */
  warpMacs: number;
  /** Instructions of a warp: index arithmetic, loads and stores. */
  index: number;
  memory: number;
  /** Bytes that a CTA moves through shared memory. */
  smemBytes: number;
  /** Clocks of a CTA's store-out at its end, which no scheduler speeds up. */
  storeClks: number;
}

export function loopWork(tile: Tile, gemm: Gemm, tiling: Tiling, multiTap: boolean): LoopWork {
  const c = DELTA_CONSTANTS;
  const staged = ((tile.m + tile.n) * tile.k) / tile.threads;
  const edge = gemm.n / (tiling.columns * tile.n);
  return {
    warpMacs: tile.threadM * tile.threadN * tile.k * 32,
    index: multiTap ? c.indexInstructionsPerElement * staged : 0,
    memory: ((tile.threadM + tile.threadN) / 4) * tile.k + staged + staged / 4,
    smemBytes: smemBytesOfLoop(tile),
    storeClks: (ELEMENT_BYTES * tile.m * tile.n * edge) / c.storeBytesPerClk,
  };
}

/** Instructions per warp and loop (docs/model.md, 11.2). */
export function instructionMix(tile: Tile, work: LoopWork, gpu: Gpu): InstructionMix {
  const c = DELTA_CONSTANTS;
  const { index, memory, storeClks } = work;
  const fma = work.warpMacs / gpu.macsPerInstr;
  const lanes = (gpu.macsPerClk * 32) / gpu.macsPerInstr;
  const clksPerFma = (32 * gpu.issuePerClk) / lanes;
  const memorySlots = memory * (clksPerFma <= 1 ? 0.5 : 1); // dual issue beside the FMA pipe
  const warpsPerScheduler = tile.warps / gpu.issuePerClk;
  return {
    fmaClks: (fma + index) * clksPerFma,
    issueSlots: fma + index + c.loopInstructions + memorySlots,
    prologueClks: warpsPerScheduler * c.prologueSlots,
    storeClks,
    warpsPerScheduler,
  };
}

/** Seconds of one CTA on each stream of its SM, and of one CTA alone (docs/model.md, 11.3). */
export function ctaStreams(
  tiling: Tiling,
  traffic: Traffic,
  work: LoopWork,
  mix: InstructionMix,
  gpu: Gpu,
): PerBottleneck {
  const { fmaClks, issueSlots, prologueClks, storeClks, warpsPerScheduler } = mix;
  const aroundClks = prologueClks + storeClks;
  const { loops, ctas } = tiling;
  const busySms = Math.min(gpu.smCount, ctas);
  const loopClks = Math.max(warpsPerScheduler, 1) * Math.max(fmaClks, issueSlots) + DELTA_CONSTANTS.syncClks;
  return {
    compute: (warpsPerScheduler * loops * fmaClks) / gpu.clockHz,
    issue: (warpsPerScheduler * loops * issueSlots + aroundClks) / gpu.clockHz,
    smem: (loops * work.smemBytes) / gpu.smemBytesPerS,
    l1: l1Bytes(traffic) / ctas / gpu.l1BytesPerS,
    l2: (l2Bytes(traffic) + traffic.dram.ofmap) / ctas / (gpu.l2BytesPerS / busySms),
    dram: dramBytes(traffic) / ctas / (gpu.dramBytesPerS / busySms),
    latency: (loops * loopClks + aroundClks) / gpu.clockHz + loops * gpu.l2LatencyS + 2 * gpu.dramLatencyS,
    launch: 0,
  };
}

/** The terms of a wave of so many CTAs: streams add up, a CTA's own life does not. */
function waveTerms(cta: PerBottleneck, ctas: number): PerBottleneck {
  return {
    compute: ctas * cta.compute,
    issue: ctas * cta.issue,
    smem: ctas * cta.smem,
    l1: ctas * cta.l1,
    l2: ctas * cta.l2,
    dram: ctas * cta.dram,
    latency: cta.latency,
    launch: 0,
  };
}

/**
 * The parts of a CTA's issue and of its life that shrink as schedulers and multipliers grow together (docs/model.md,
 * 11.4): all but the store-out; of a life, the loop only where a scheduler has more than one warp of the CTA.
 */
function elasticShares(
  mix: InstructionMix,
  loops: number,
  cta: PerBottleneck,
  gpu: Gpu,
): { issue: number; latency: number } {
  const { fmaClks, issueSlots, prologueClks, storeClks, warpsPerScheduler } = mix;
  const loopClks = warpsPerScheduler > 1 ? warpsPerScheduler * Math.max(fmaClks, issueSlots) : 0;
  return {
    issue: 1 - storeClks / gpu.clockHz / cta.issue,
    latency: (loops * loopClks + prologueClks) / gpu.clockHz / cta.latency,
  };
}

/** A wave's time, the p-norm of its terms, split among them by their weight in it: (term/wave)^p (docs/model.md, 11.4). */
function splitWave(terms: PerBottleneck): PerBottleneck {
  const largest = terms[largestOf(terms)];
  const compute = eighth(terms.compute / largest);
  const issue = eighth(terms.issue / largest);
  const smem = eighth(terms.smem / largest);
  const l1 = eighth(terms.l1 / largest);
  const l2 = eighth(terms.l2 / largest);
  const dram = eighth(terms.dram / largest);
  const latency = eighth(terms.latency / largest);
  const sum = compute + issue + smem + l1 + l2 + dram + latency;
  const share = (largest * sum ** (1 / DELTA_CONSTANTS.overlapNorm)) / sum;
  return {
    compute: share * compute,
    issue: share * issue,
    smem: share * smem,
    l1: share * l1,
    l2: share * l2,
    dram: share * dram,
    latency: share * latency,
    launch: 0,
  };
}

/** What each bottleneck decides of a layer's seconds, from a CTA's streams: full waves, the last one, the call (docs/model.md, 11.4). */
export function boundOf(cta: PerBottleneck, waves: Waves, callOverheadS: number): PerBottleneck {
  const full = splitWave(waveTerms(cta, waves.size));
  const last = waves.rest > 0 ? splitWave(waveTerms(cta, waves.rest)) : zeroPerBottleneck();
  return {
    compute: waves.full * full.compute + last.compute,
    issue: waves.full * full.issue + last.issue,
    smem: waves.full * full.smem + last.smem,
    l1: waves.full * full.l1 + last.l1,
    l2: waves.full * full.l2 + last.l2,
    dram: waves.full * full.dram + last.dram,
    latency: waves.full * full.latency + last.latency,
    launch: callOverheadS,
  };
}

/** Time and bottleneck of a layer: every SM runs n = ceil(CTAs/SMs) CTAs, `active` at a time (docs/model.md, 11.4). */
export function layerTimeDelta(
  tile: Tile,
  gemm: Gemm,
  tiling: Tiling,
  active: number,
  multiTap: boolean,
  traffic: Traffic,
  gpu: Gpu,
): BoundTime {
  const work = loopWork(tile, gemm, tiling, multiTap);
  const mix = instructionMix(tile, work, gpu);
  const cta = ctaStreams(tiling, traffic, work, mix, gpu);
  const waves = wavesOf(tiling.ctas, gpu.smCount, active);
  const bound = boundOf(cta, waves, gpu.callOverheadS);
  const { compute, issue, smem, l1, l2, dram, latency } = bound;
  const running = compute + issue + smem + l1 + l2 + dram + latency;
  const bottleneck = bound.launch > running ? 'launch' : largestOf(waveTerms(cta, waves.size));
  const busy = busyOf(cta, tiling, traffic, gpu);
  const shares = elasticShares(mix, tiling.loops, cta, gpu);
  const elastic = { compute, issue: issue * shares.issue + latency * shares.latency, smem, l1, l2, dram };
  return { seconds: running + bound.launch, busy, bound, elastic, waves, cta, around: {}, bottleneck };
}

/** The same wave as a sum alone; its norm is 8, so that powers and roots are squares and square roots. */
function waveSeconds(cta: PerBottleneck, ctas: number): number {
  const streams = Math.max(cta.compute, cta.issue, cta.smem, cta.l1, cta.l2, cta.dram);
  const largest = Math.max(ctas * streams, cta.latency);
  const scale = ctas / largest;
  const sum =
    eighth(scale * cta.compute) +
    eighth(scale * cta.issue) +
    eighth(scale * cta.smem) +
    eighth(scale * cta.l1) +
    eighth(scale * cta.l2) +
    eighth(scale * cta.dram) +
    eighth(cta.latency / largest);
  return largest * eighthRoot(sum);
}

/** The seconds of `layerTimeDelta` alone, within 1e-14, for those who ask for many. */
export function layerSecondsDelta(
  tile: Tile,
  gemm: Gemm,
  tiling: Tiling,
  active: number,
  multiTap: boolean,
  traffic: Traffic,
  gpu: Gpu,
): number {
  const work = loopWork(tile, gemm, tiling, multiTap);
  const cta = ctaStreams(tiling, traffic, work, instructionMix(tile, work, gpu), gpu);
  const { full, size, rest } = wavesOf(tiling.ctas, gpu.smCount, active);
  return full * waveSeconds(cta, size) + (rest > 0 ? waveSeconds(cta, rest) : 0) + gpu.callOverheadS;
}

/** How long each stream is busy, averaged over the SMs (docs/model.md, 5.1). */
function busyOf(cta: PerBottleneck, tiling: Tiling, traffic: Traffic, gpu: Gpu): PerStream {
  const ctasPerSm = tiling.ctas / gpu.smCount;
  return {
    compute: ctasPerSm * cta.compute,
    issue: ctasPerSm * cta.issue,
    smem: ctasPerSm * cta.smem,
    l1: ctasPerSm * cta.l1,
    l2: (l2Bytes(traffic) + traffic.dram.ofmap) / gpu.l2BytesPerS,
    dram: dramBytes(traffic) / gpu.dramBytesPerS,
  };
}
