import { describe, expect, it } from '@jest/globals';
import { utilizationOf } from '../../src/model/workload-result.js';
import type { GpuSpec } from '../../src/model/gpu.js';
import { forwardGemm } from '../../src/model/layer.js';
import { makeTile } from '../../src/model/tile.js';
import { layerTime2019, loadStream, loopStreams } from '../../src/model/delta-2019/time-2019.js';
import { tileGemm } from '../../src/model/tiling.js';
import { closedFormTraffic } from '../../src/model/delta-2019/closed-form.js';
import { roundGpu, squareLayer } from '../fixtures/model.js';

const TILE = makeTile(128, 128, 8);
const US = 1e-6;

/** The 1x1 layer of 8 loops a CTA; a batch of b makes 2b CTAs. */
function timesAt(batch: number, changes: Partial<GpuSpec> = {}, active = 2) {
  const gpu = roundGpu(changes);
  const gemm = forwardGemm(squareLayer(), batch);
  const tiling = tileGemm(gemm, TILE);
  const traffic = closedFormTraffic(squareLayer(), batch, gemm, TILE);
  const streams = loopStreams(TILE, tiling, traffic, gpu);
  return { streams, load: loadStream(streams, gpu), time: layerTime2019(TILE, tiling, active, traffic, gpu) };
}

describe("a loop's streams (docs/model.md, 4.1)", () => {
  it('are right by hand', () => {
    const { streams } = timesAt(8);
    expect(streams.compute).toBeCloseTo(131_072 / 128e9, 15); // 128 x 128 x 8 MACs
    expect(streams.smem).toBeCloseTo(32_768 / 128e9, 15); // stores 4 x 256 x 8, loads 4 x (64 + 32) x 8 x 8 warps
    expect(streams.l1).toBeCloseTo(11_776 / 64e9, 15); // 4 (128 x 8 + 128 x 15)
    expect(streams.l2).toBeCloseTo(8192 / 64e9, 15); // 4 (1024 + 1024); a quarter of 256 GB/s
    expect(streams.dram).toBeCloseTo(4352 / 32e9, 15); // 557,056 B read over 128 loops; a quarter of 128 GB/s
  });

  it('share L2 and DRAM among the SMs, and L1 not', () => {
    const [four, eight] = [timesAt(8).streams, timesAt(8, { sm_count: 8 }).streams];
    expect(eight).toEqual({ ...four, l2: 2 * four.l2, dram: 2 * four.dram });
  });
});

describe('the load stream (docs/model.md, 4.2)', () => {
  // transfers of L1, L2, DRAM take 184, 128 and 136 ns
  it.each<[Partial<GpuSpec>, string, number, number]>([
    [{}, 'dram', 400, 136], // 234, 228, 536 ns
    [{ dram_ns: 90 }, 'l1', 50, 184], // 234, 228, 226 ns
    [{ dram_ns: 90, l2_ns: 107 }, 'l2', 107, 128], // 234, 235, 226 ns
    [{ l1_ns: 0, l2_ns: 0, dram_ns: 0 }, 'l1', 0, 184],
  ])('with %j comes from %s', (changes, level, latency, transfer) => {
    const { load } = timesAt(8, changes);
    expect(load.level).toBe(level);
    expect(load.latency).toBeCloseTo(latency * 1e-9, 15);
    expect(load.transfer).toBeCloseTo(transfer * 1e-9, 15);
  });
});

describe('waves (docs/model.md, 4.3)', () => {
  // A CTA's first tiles take 4 x 256 x 8/32e9 = 0.256 us, its OFmap tile 4 x 128 x 128/32e9 = 2.048 us; its loops 8 x 1.024 us
  // of compute; a wave adds the latency of DRAM, 0.4 us.
  const ofTwo = { compute: 2 * 8.192, dram: 2 * 2.304, latency: 0.4 };
  const ofOne = { compute: 8.192, dram: 2.304, latency: 0.4 };
  const waves = (twos: number, ones: number) => ({
    compute: twos * ofTwo.compute + ones * ofOne.compute,
    dram: twos * ofTwo.dram + ones * ofOne.dram,
    latency: twos * ofTwo.latency + ones * ofOne.latency,
  });

  it.each<[string, number, Partial<GpuSpec>, number, ReturnType<typeof waves>]>([
    ['16 CTAs, 4 an SM: two full waves', 8, {}, 2, waves(2, 0)],
    ['12 CTAs, 3 an SM: a full wave and one left over', 6, {}, 2, waves(1, 1)],
    ['10 CTAs, ceil(2.5) = 3 an SM: the same', 5, {}, 2, waves(1, 1)],
    ['4 CTAs, fewer an SM than could be active', 2, {}, 2, waves(0, 1)],
    ['2 CTAs, fewer than SMs', 1, {}, 2, waves(0, 1)],
    ['16 CTAs one at a time: four prologues', 8, {}, 1, waves(0, 4)],
  ])('%s', (_case, batch, changes, active, bound) => {
    const { time } = timesAt(batch, changes, active);
    expect(time.bound.compute).toBeCloseTo(bound.compute * US, 12);
    expect(time.bound.dram).toBeCloseTo(bound.dram * US, 12);
    expect(time.bound.latency).toBeCloseTo(bound.latency * US, 12);
    expect(time.seconds).toBeCloseTo((bound.compute + bound.dram + bound.latency) * US, 12);
  });

  /** Two waves of two CTAs, all but the main loop: DRAM 9.216 us, latency 0.8 us; 16 loops in all. */
  it.each<[string, Partial<GpuSpec>, Record<string, number>]>([
    // 2 x 64 ns of compute and 2 x 256 of shared memory are less than a load of 400 + 136 ns
    ['the load, part latency and part DRAM', { clock_ghz: 16 }, { dram: 9.216 + 16 * 0.136, latency: 0.8 + 16 * 0.4 }],
    // 2 x 256 ns against 390 + 136
    ['shared memory', { clock_ghz: 16, dram_ns: 300 }, { smem: 16 * 0.512, dram: 9.216, latency: 0.6 }],
    // 2 x 1.84 us
    ['L1', { l1_gbps: 6.4 }, { l1: 16 * 3.68, dram: 9.216, latency: 0.8 }],
    // 2 x 1.28 us
    ['L2', { l2_gbps: 25.6 }, { l2: 16 * 2.56, dram: 9.216, latency: 0.8 }],
    // ten times the prologue and epilogue, and 2 x 1.36 us a loop
    ['DRAM', { dram_gbps: 12.8 }, { dram: 92.16 + 16 * 2.72, latency: 0.8 }],
    // a single SM takes all 16 CTAs in 8 waves, at 4 times the share of DRAM: 8 x 2 x 2.304/4 us
    ['compute on one SM', { sm_count: 1 }, { compute: 64 * 2.048, dram: 9.216, latency: 3.2 }],
  ])('are bound in their loops by %s with %j', (_what, changes, expected) => {
    const { bound, seconds } = timesAt(8, changes).time;
    for (const [name, value] of Object.entries(bound)) expect(value).toBeCloseTo((expected[name] ?? 0) * US, 12);
    expect(seconds).toBeCloseTo(Object.values(expected).reduce((a, b) => a + b) * US, 12);
  });
});

describe('busy time and utilisation (docs/model.md, 5.1)', () => {
  it('are right by hand', () => {
    const { time } = timesAt(8);
    // 4 CTAs of 8 loops an SM: 32 times each stream; DRAM 1,605,632 B at 128 GB/s, the OFmap included
    const busy = { compute: 32.768, issue: 0, smem: 8.192, l1: 5.888, l2: 4.096, dram: 12.544 };
    for (const [stream, us] of Object.entries(busy))
      expect(time.busy[stream as keyof typeof busy]).toBeCloseTo(us * US, 12);
    const utilization = utilizationOf(time);
    expect(utilization.compute).toBeCloseTo(32.768 / 42.784, 9); // 42.784 us: two waves of 21.392
    expect(utilization.dram).toBeCloseTo(12.544 / 42.784, 9);
    expect(utilization.issue).toBe(0);
  });

  it('are averages over the SMs: two CTAs keep four SMs half as busy as four do', () => {
    const [two, four] = [timesAt(1).time, timesAt(2).time];
    expect(two.seconds).toBe(four.seconds);
    expect(two.busy.compute).toBeCloseTo(four.busy.compute / 2, 12);
    expect(two.busy.smem).toBeCloseTo(four.busy.smem / 2, 12);
  });
});
