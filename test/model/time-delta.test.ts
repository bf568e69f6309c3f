/** Equations (71) to (88) of docs/model.md, by hand. */
import { describe, expect, it } from '@jest/globals';
import { BOTTLENECKS, type Stream } from '../../src/model/bottleneck.js';
import type { Gpu, GpuSpec } from '../../src/model/gpu.js';
import type { Gemm } from '../../src/model/layer.js';
import { makeTile, type Tile } from '../../src/model/tile.js';
import { tileGemm } from '../../src/model/tiling.js';
import { activityOf } from '../../src/model/energy.js';
import { DELTA_CONSTANTS, gemmKernel } from '../../src/model/delta/implicit-gemm.js';
import { CtaStreams } from '../../src/model/kernel/cta-streams.js';
import { kernelTime, OVERLAP_NORM } from '../../src/model/kernel/kernel-time.js';
import type { Traffic } from '../../src/model/traffic/traffic.js';
import { roundGpu } from '../fixtures/model.js';

const WIDE = makeTile(128, 128, 8);
const NARROW = makeTile(128, 32, 8);
const US = 1e-6;

/** A GEMM of b x 256 rows, N = 128 and K = 64: 2b CTAs of 128x128x8, 8 loops each. */
const gemmOf = (batch: number) => ({ m: 256 * batch, n: 128, k: 64, groups: 1 });

describe('the constants (docs/model.md, 11.6)', () => {
  it('are those of the table', () => {
    expect(OVERLAP_NORM).toBe(8);
    expect(DELTA_CONSTANTS).toEqual({
      indexInstructionsPerElement: 5.5,
      loopInstructions: 8,
      prologueSlots: 440,
      storeBytesPerClk: 10,
      syncClks: 80,
    });
  });
});

const NO_TRAFFIC: Traffic = {
  l1: { ifmap: 0, filter: 0 },
  l2: { ifmap: 0, filter: 0 },
  dram: { ifmap: 0, filter: 0, ofmap: 0 },
};

/** The kernel of a GEMM. */
function kernelOf(tile: Tile, gemm: Gemm, gathers: boolean, gpu: Gpu, traffic = NO_TRAFFIC, active = 2) {
  return gemmKernel({ gemm, tile, tiling: tileGemm(gemm, tile), gathers }, active, traffic, gpu);
}

/** The time of the kernel of a GEMM, and its waves. */
function timeOf(gemm: Gemm, active: number, traffic: Traffic, gpu: Gpu) {
  const [tile, tiling] = [WIDE, tileGemm(gemm, WIDE)];
  const kernel = kernelOf(tile, gemm, false, gpu, traffic, active);
  const activity = activityOf({ tile, tiling, traffic });
  const time = kernelTime({ gemm, tile, tiling, activeCtas: active, traffic, activity, kernel }, gpu);
  return { ...time, waves: kernel.waves };
}

describe("a warp's instructions (docs/model.md, 11.2)", () => {
  /** 128 lanes with 4 schedulers are TITAN Xp, 64 with 2 P100, 64 with 4 V100. */
  const lanes = (macs_per_clk: number, issue_per_clk: number, macs_per_instr = 32) => ({
    ...{ macs_per_clk, issue_per_clk, macs_per_instr },
  });

  // 128x128x8, (71) to (74): el = 256 x 8/256 = 8; FFMA = 8 x 8 x 8 = 512; index = 5.5 x 8 = 44;
  // memory = 16/4 x 8 + 8 + 2 = 42.  (75) c = 32 schedulers/lanes.  (76) c (FFMA + index).
  // (77) FFMA + index + 8 + 42 (21 if c <= 1).  (78) 440 W + 4 x 128 x 128/10 = 6553.6 clocks of stores, W = 8/schedulers.
  // 128x32x8: el = 160 x 8/128 = 10; FFMA = 8 x 4 x 8 = 256; index = 55; memory = 12/4 x 8 + 10 + 2.5 = 36.5;
  // N = 128 is 4 columns: stores of 4 x 128 x 32/10 = 1638.4; W = 4/schedulers.
  it.each<[string, typeof WIDE, boolean, Partial<GpuSpec>, [number, number, number, number]]>([
    ['one tap, c = 1', WIDE, false, lanes(128, 4), [512, 541, 880 + 6553.6, 2]],
    ['several taps, c = 1', WIDE, true, lanes(128, 4), [556, 585, 880 + 6553.6, 2]],
    ['one tap, c = 1 of 2 schedulers', WIDE, false, lanes(64, 2), [512, 541, 1760 + 6553.6, 4]],
    ['one tap, c = 2', WIDE, false, lanes(64, 4), [1024, 562, 880 + 6553.6, 2]],
    ['several taps, c = 2', WIDE, true, lanes(64, 4), [1112, 606, 880 + 6553.6, 2]],
    ['several taps, c = 1/2', WIDE, true, lanes(128, 2), [278, 585, 1760 + 6553.6, 4]],
    ['just no dual issue, c = 128/127', WIDE, false, lanes(127, 4), [512 * (128 / 127), 562, 880 + 6553.6, 2]],
    ['one tap, c = 1', NARROW, false, lanes(128, 4), [256, 282.25, 440 + 1638.4, 1]],
    ['several taps, c = 1', NARROW, true, lanes(128, 4), [311, 337.25, 440 + 1638.4, 1]],
    ['one tap, c = 2', NARROW, false, lanes(64, 4), [512, 300.5, 440 + 1638.4, 1]],
    ['several taps, c = 2', NARROW, true, lanes(64, 4), [622, 355.5, 440 + 1638.4, 1]],
    ['several taps, c = 1 of 2 schedulers', NARROW, true, lanes(64, 2), [311, 337.25, 880 + 1638.4, 2]],
    ['c = 2 of 8 schedulers: half a warp each', NARROW, false, lanes(128, 8), [512, 300.5, 220 + 1638.4, 0.5]],
    // 64 MACs an instruction: FFMA = 256 on 64 lanes, c = 2; index arithmetic is not helped
    ['64 MACs an instruction', WIDE, true, lanes(128, 4, 64), [600, 350, 880 + 6553.6, 2]],
    // 512 MACs an instruction: FFMA = 32; lanes = 1024 x 32/512 = 64, c = 2: 2 (32 + 44); 32 + 44 + 8 + 42
    ['a matrix instruction', WIDE, true, lanes(1024, 4, 512), [152, 126, 880 + 6553.6, 2]],
    ['a matrix instruction, one tap', WIDE, false, lanes(1024, 4, 512), [64, 82, 880 + 6553.6, 2]],
  ])('are right for %s', (_case, tile, multiTap, changes, [fma, issue, around, warps]) => {
    const gpu = roundGpu(changes);
    const mix = new CtaStreams().set(kernelOf(tile, gemmOf(8), multiTap, gpu), gpu);
    expect(mix.fmaClks).toBeCloseTo(fma, 9);
    expect(mix.issueSlots).toBeCloseTo(issue, 9);
    expect(mix.aroundClks).toBeCloseTo(around, 9);
    expect(mix.warpsPerScheduler).toBe(warps);
  });

  // (78): edge = N/(columns blkN)
  it.each([
    [48, NARROW, 440 + 1638.4 * 0.75], // 48 of 2 x 32
    [1, NARROW, 440 + 1638.4 / 32],
    [32, NARROW, 440 + 1638.4],
    [96, WIDE, 880 + 6553.6 * 0.75],
    [160, WIDE, 880 + 6553.6 * 0.625], // 160 of 2 x 128
  ])('store only what N = %i has of the tiles', (n, tile, around) => {
    const gemm = { m: 1000, n, k: 64, groups: 1 };
    const mix = new CtaStreams().set(kernelOf(tile, gemm, false, roundGpu()), roundGpu());
    expect(mix.aroundClks).toBeCloseTo(around, 9);
    expect(mix.fmaClks).toBe(tile === WIDE ? 512 : 256); // partial tiles multiply in full
  });
});

/** L1 1.6 MB, L2 0.8 MB, DRAM 0.32 MB read and 0.48 MB written. */
const TRAFFIC: Traffic = {
  l1: { ifmap: 1_000_000, filter: 600_000 },
  l2: { ifmap: 700_000, filter: 100_000 },
  dram: { ifmap: 200_000, filter: 120_000, ofmap: 480_000 },
};

function streamsOf(batch: number, changes: Partial<GpuSpec> = {}, multiTap = false, tile = WIDE) {
  const gpu = roundGpu(changes);
  return new CtaStreams().set(kernelOf(tile, gemmOf(batch), multiTap, gpu, TRAFFIC), gpu);
}

describe('the streams of a CTA (docs/model.md, 11.3)', () => {
  it.each<[string, ReturnType<typeof streamsOf>, Partial<Record<Stream | 'latency', number>>]>([
    [
      '16 CTAs on 4 SMs of 1 GHz, W = 2',
      streamsOf(8),
      {
        compute: 2 * 8 * 0.512, // (79)
        issue: 2 * 8 * 0.541 + 7.4336, // (80)
        smem: 262_144 / 128e3, // (81): 8 x 4 x 8 (128 + 128 + (64 + 32) 8)
        l1: 100_000 / 64e3, // (82): a sixteenth of 1.6 MB
        l2: 80_000 / 64e3, // (83): of 0.8 + 0.48 MB, at a quarter of 256 GB/s
        dram: 50_000 / 32e3, // of 0.8 MB, at a quarter of 128 GB/s
        latency: 8 * (2 * 0.541 + 0.08) + 7.4336 + 8 * 0.1 + 2 * 0.4, // (84)
      },
    ],
    [
      'several taps: compute and issue, and so the life of a CTA',
      streamsOf(8, {}, true),
      {
        compute: 2 * 8 * 0.556,
        issue: 2 * 8 * 0.585 + 7.4336,
        latency: 8 * (2 * 0.585 + 0.08) + 7.4336 + 1.6,
      },
    ],
    [
      'c = 2: the FMA pipe is slower than issue, and the life goes by it',
      streamsOf(8, { macs_per_clk: 64 }),
      {
        compute: 2 * 8 * 1.024,
        issue: 2 * 8 * 0.562 + 7.4336,
        latency: 8 * (2 * 1.024 + 0.08) + 7.4336 + 1.6,
      },
    ],
    [
      'twice the clock: halves what counts clocks, and neither bytes nor latencies',
      streamsOf(8, { clock_ghz: 2 }),
      {
        compute: 8 * 0.512,
        issue: 8 * 0.541 + 3.7168,
        smem: 2.048,
        l1: 1.5625,
        l2: 1.25,
        dram: 1.5625,
        latency: 8 * (0.541 + 0.04) + 3.7168 + 1.6,
      },
    ],
    [
      '2 CTAs on 4 SMs: two SMs share L2 and DRAM',
      streamsOf(1),
      { l1: 800_000 / 64e3, l2: 640_000 / 128e3, dram: 400_000 / 64e3 },
    ],
    [
      '16 CTAs on 32 SMs: sixteen share',
      streamsOf(8, { sm_count: 32 }),
      { l1: 1.5625, l2: 80_000 / 16e3, dram: 50_000 / 8e3 },
    ],
    [
      'fewer warps than schedulers: a CTA alone still takes a whole warp at a time',
      // 128x32x8, W = 4/8, c = 2: 512 and 300.5 clocks; 64 CTAs
      streamsOf(8, { issue_per_clk: 8 }, false, NARROW),
      {
        compute: 0.5 * 8 * 0.512,
        issue: 0.5 * 8 * 0.3005 + 0.22 + 1.6384,
        smem: 106_496 / 128e3, // 8 x 4 x 8 (128 + 32 + (32 + 32) 4)
        latency: 8 * (0.512 + 0.08) + 0.22 + 1.6384 + 1.6,
      },
    ],
    ['latencies', streamsOf(8, { l2_ns: 0, dram_ns: 1000, l1_ns: 9e9 }), { latency: 8 * 1.162 + 7.4336 + 2 }],
  ])('are right by hand: %s', (_case, streams, expected) => {
    for (const [name, us] of Object.entries(expected))
      expect(streams[name as Stream | 'latency'] / US).toBeCloseTo(us, 9);
  });
});

/** Only DRAM and latency count: a CTA takes `x` seconds of DRAM, and `life` in all when alone. */
function slow(ctas: number, active: number, x: number, life: number, changes: Partial<GpuSpec> = {}) {
  const gpu = roundGpu({ dram_ns: (life / 2) * 1e9, ...changes });
  const ifmap = (x * ctas * gpu.dramBytesPerS) / Math.min(gpu.smCount, ctas);
  return timeOf(gemmOf(ctas / 2), active, { ...NO_TRAFFIC, dram: { ifmap, filter: 0, ofmap: 0 } }, gpu);
}

describe('waves (docs/model.md, 11.4)', () => {
  // (85) to (87), with x = 1 s: a wave of j lasts (j^8 + life^8)^(1/8)
  const two = 257 ** (1 / 8); // 2.00098, for a life of 1 s
  const one = 2 ** (1 / 8); // 1.09051
  it.each<[string, number, number, Record<string, number>, number]>([
    ['16 CTAs on 4 SMs, 2 at once: two full waves', 16, 2, { ctasPerSm: 4, size: 2, full: 2, rest: 0 }, 2 * two],
    ['12 CTAs: one full wave and one left over', 12, 2, { ctasPerSm: 3, size: 2, full: 1, rest: 1 }, two + one],
    ['10 CTAs, ceil(2.5) = 3 an SM: the same', 10, 2, { ctasPerSm: 3, size: 2, full: 1, rest: 1 }, two + one],
    ['16 CTAs one at a time', 16, 1, { ctasPerSm: 4, size: 1, full: 4, rest: 0 }, 4 * one],
    ['4 CTAs, fewer an SM than fit', 4, 2, { ctasPerSm: 1, size: 1, full: 1, rest: 0 }, one],
    ['2 CTAs, fewer than SMs', 2, 2, { ctasPerSm: 1, size: 1, full: 1, rest: 0 }, one],
    ['16 CTAs, all at once', 16, 9, { ctasPerSm: 4, size: 4, full: 1, rest: 0 }, (4 ** 8 + 1) ** (1 / 8)],
    ['20 CTAs, 3 at once: 3 + 2', 20, 3, { ctasPerSm: 5, size: 3, full: 1, rest: 2 }, (3 ** 8 + 1) ** (1 / 8) + two],
  ])('%s', (_case, ctas, active, waves, seconds) => {
    const time = slow(ctas, active, 1, 1);
    expect(time.waves).toEqual(waves);
    expect(time.seconds).toBeCloseTo(seconds, 3); // loops and the call take 40 us
  });

  it('count the norm of all seven terms', () => {
    // the streams of 16 CTAs by hand, two waves of two; the life counts once
    const terms = [16.384, 32.1792, 4.096, 3.125, 2.5, 3.125, 18.3296];
    const wave = terms.reduce((sum, term) => sum + term ** 8, 0) ** (1 / 8);
    const gpu = roundGpu({ call_overhead_us: 7 });
    const time = timeOf(gemmOf(8), 2, TRAFFIC, gpu);
    expect(time.seconds / US).toBeCloseTo(2 * wave + 7, 9);
    // (88)
    const bound = terms.map((term) => 2 * (term / wave) ** 8 * wave);
    [...bound, 7].forEach((us, i) => expect(time.bound[BOTTLENECKS[i]!] / US).toBeCloseTo(us, 9));
    expect(time.bottleneck).toBe('issue');
  });

  it('are split among their terms by the eighth power (72)', () => {
    // 12 CTAs: of the wave of two, 256/257 are DRAM; of the one left over, half
    const { bound } = slow(12, 2, 1, 1);
    expect(bound.dram).toBeCloseTo((256 / 257) * two + one / 2, 3);
    expect(bound.latency).toBeCloseTo(two / 257 + one / 2, 3);
  });
});

describe('the bottleneck (docs/model.md, 11.4)', () => {
  it('is the largest term of the full wave, whatever the wave left over', () => {
    // 2 x 1 s of DRAM against a life of 1.5 s; in the wave of one, 1 s against 1.5
    expect(slow(12, 2, 1, 1.5).bottleneck).toBe('dram');
    expect(slow(4, 2, 1, 1.5).bottleneck).toBe('latency');
    expect(slow(12, 2, 1, 2.1).bottleneck).toBe('latency');
  });

  it('is the launch where the call takes longer than all the rest', () => {
    const gpu = (call_overhead_us: number) => roundGpu({ call_overhead_us });
    const timeAt = (us: number) => timeOf(gemmOf(8), 2, TRAFFIC, gpu(us));
    const rest = timeAt(0).seconds / US;
    expect(rest).toBeCloseTo(64.45, 0); // two waves, hardly more than 32.2 us each
    expect(timeAt(rest * 0.999).bottleneck).toBe('issue');
    expect(timeAt(rest * 1.001).bottleneck).toBe('launch');
    expect(timeAt(rest).bound.launch / US).toBeCloseTo(rest, 9);
  });
});

describe('busy time (docs/model.md, 5.1)', () => {
  it('is right by hand: averages over the SMs', () => {
    // 16 CTAs on 4 SMs: four times the stream of a CTA; on 32 SMs, half
    const busyOn = (sm_count: number) => timeOf(gemmOf(8), 2, TRAFFIC, roundGpu({ sm_count })).busy;
    const [four, many] = [busyOn(4), busyOn(32)];
    const us = { compute: 8.192, issue: 16.0896, smem: 2.048, l1: 1.5625 };
    for (const [name, value] of Object.entries(us)) {
      expect(four[name as keyof typeof us] / US).toBeCloseTo(4 * value, 9);
      expect(many[name as keyof typeof us] / US).toBeCloseTo(value / 2, 9);
    }
    // whole bandwidths: 1.28 MB at 256 GB/s, 0.8 MB at 128 GB/s
    for (const busy of [four, many]) {
      expect(busy.l2 / US).toBeCloseTo(5, 9);
      expect(busy.dram / US).toBeCloseTo(6.25, 9);
    }
  });
});
