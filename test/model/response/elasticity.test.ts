/** Elasticities against differences of the plain path, which knows nothing of derivatives. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadGpu } from '../../../src/space/files/gpu-file.js';
import { loadNetwork } from '../../../src/space/files/network-file.js';
import { evaluateLayers, evaluateWorkload } from '../../../src/model/evaluate.js';
import { toGpu, withAxes, type Gpu } from '../../../src/model/gpu.js';
import type { Workload } from '../../../src/model/layer.js';
import { MODEL_NAMES } from '../../../src/model/model-names.js';
import {
  CAPACITIES,
  LATENCIES,
  RATES,
  resourceOf,
  type CapacityId,
  type ResourceId,
} from '../../../src/model/resources.js';
import { elasticitiesOf } from '../../../src/model/response/elasticity.js';
import { fixedWork } from '../../../src/model/response/fixed-work.js';
import { anyBatch, anyGpu, anyLayer, roundGpu, squareLayer } from '../../fixtures/model.js';

const SMOOTH = [...RATES, ...LATENCIES];

function secondsOf(gpu: Gpu, workload: Workload, model: string): number {
  const result = evaluateWorkload(gpu, workload, model);
  return 'infeasible' in result ? Number.POSITIVE_INFINITY : result.seconds;
}

function workOn(gpu: Gpu, workload: Workload, model: string) {
  const layers = evaluateLayers(gpu, workload, model);
  if ('infeasible' in layers) throw new Error(layers.infeasible);
  return fixedWork(gpu, workload, model, layers);
}

/** -ln of the time with a resource grown by a logarithm. */
function minusLogAt(gpu: Gpu, workload: Workload, model: string, id: ResourceId) {
  const { si } = resourceOf(id)!;
  return (log: number) => -Math.log(secondsOf({ ...gpu, [si]: gpu[si] * Math.exp(log) }, workload, model));
}

/** A derivative at 0 by central differences of fourth order. */
const central = (f: (x: number) => number, h: number) => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);

/** A derivative at 0 by one-sided differences of third order; the side is the sign of h. */
const oneSided = (f: (x: number) => number, h: number) =>
  (-11 * f(0) + 18 * f(h) - 9 * f(2 * h) + 2 * f(3 * h)) / (6 * h);

const anyWorkload = fc
  .record({ layer: anyLayer, other: anyLayer, batch: anyBatch })
  .map(({ layer, other, batch }): Workload => ({
    network: {
      name: 'random',
      layers: [
        { ...layer, count: 3 },
        { ...other, name: 'other' },
      ],
    },
    batch,
    pass: 'forward',
  }));

/** Random GPUs with other instructions and schedulers too. */
const anyDesign = fc
  .tuple(anyGpu, fc.double({ min: 16, max: 256, noNaN: true }), fc.double({ min: 1, max: 12, noNaN: true }))
  .map(([spec, macs_per_instr, issue_per_clk]) =>
    toGpu({ ...spec, smem_kib: Math.max(10, spec.smem_kib), macs_per_instr, issue_per_clk }),
  );

describe.each(MODEL_NAMES)('elasticities of %s (docs/model.md, 5.5)', (model) => {
  it('are central differences of the time, away from kinks, within 1e-6', () => {
    let [compared, kinks] = [0, 0];
    fc.assert(
      fc.property(anyDesign, anyWorkload, (gpu, workload) => {
        const elasticities = elasticitiesOf(workOn(gpu, workload, model));
        for (const id of SMOOTH) {
          const f = minusLogAt(gpu, workload, model, id);
          const [coarse, fine] = [central(f, 1e-3), central(f, 2.5e-4)];
          if (Math.abs(coarse - fine) > 1e-7) {
            kinks++; // one lies within the differences
            continue;
          }
          compared++;
          expect(Math.abs(elasticities[id].down - fine)).toBeLessThan(1e-6);
          expect(Math.abs(elasticities[id].up - fine)).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(20 * kinks);
  });

  it('of steps are those to the nearest sizes that change the time', () => {
    const workload: Workload = { network: loadNetwork('alexnet'), batch: 16, pass: 'forward' };
    const gpu = withAxes(toGpu(loadGpu('titan-xp')), { sm_count: 41, register_kib: 300, smem_kib: 40, dram_gbps: 150 });
    const elasticities = elasticitiesOf(workOn(gpu, workload, model));
    const seconds = secondsOf(gpu, workload, model);
    /** The elasticity to the first size, in steps of so much, that changes the time. */
    const walked = (id: CapacityId, step: number) => {
      const { si } = resourceOf(id)!;
      for (let at = gpu[si] + step; at > 0 && at < 8 * gpu[si]; at += step) {
        const there = secondsOf({ ...gpu, [si]: at }, workload, model);
        if (there !== seconds) return { at, elasticity: -Math.log(there / seconds) / Math.log(at / gpu[si]) };
      }
      return { at: 0, elasticity: 0 };
    };
    expect(elasticities.sm_count.down).toBeCloseTo(walked('sm_count', -1).elasticity, 9);
    expect(elasticities.sm_count.up).toBeCloseTo(walked('sm_count', 1).elasticity, 9);
    // Growing, the first size that differs is the step; sizes are looked at a KiB apart, as tiles' needs are.
    for (const id of ['register_kib', 'smem_kib'] as const)
      expect(elasticities[id].up).toBeCloseTo(walked(id, 1024).elasticity, 9);
    if (model === 'delta') {
      expect(elasticities.l2_mib.up).toBeCloseTo(walked('l2_mib', 2048).elasticity, 6);
      expect(elasticities.l2_mib.down).toBeCloseTo(walked('l2_mib', -2048).elasticity, 6);
    } else expect(elasticities.l2_mib).toEqual({ down: 0, up: 0 });
  });

  it('are those of latencies below zero, and none of what the model does not read', () => {
    fc.assert(
      fc.property(anyDesign, anyWorkload, (gpu, workload) => {
        const elasticities = elasticitiesOf(workOn(gpu, workload, model));
        for (const id of LATENCIES) expect(Math.max(elasticities[id].down, elasticities[id].up)).toBeLessThanOrEqual(0);
        if (model === 'delta') expect(elasticities.l1_ns).toEqual({ down: 0, up: 0 });
        else
          for (const id of ['issue_per_clk', 'macs_per_instr'] as const)
            expect(elasticities[id]).toEqual({ down: 0, up: 0 });
      }),
      { numRuns: 40 },
    );
  });

  it('add up: with all rates twice as high and all latencies half as long, all but the calls takes half', () => {
    fc.assert(
      fc.property(anyDesign, anyWorkload, (gpu, workload) => {
        const result = evaluateWorkload(gpu, workload, model);
        if ('infeasible' in result) throw new Error(result.infeasible);
        const e = elasticitiesOf(workOn(gpu, workload, model));
        const rates = (['clock_ghz', 'smem_gbps', 'l1_gbps', 'l2_gbps', 'dram_gbps'] as const).map((id) => e[id].up);
        const latencies = LATENCIES.map((id) => -e[id].up);
        const sum = [...rates, ...latencies].reduce((a, b) => a + b);
        expect(sum).toBeCloseTo(1 - result.bound.launch / result.seconds, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('come with shares that sum to 1', () => {
    fc.assert(
      fc.property(anyDesign, anyWorkload, (gpu, workload) => {
        const result = evaluateWorkload(gpu, workload, model);
        if ('infeasible' in result) throw new Error(result.infeasible);
        const sum = Object.values(result.secondsByBottleneck).reduce((a, b) => a + b) / result.seconds;
        expect(Math.abs(sum - 1)).toBeLessThanOrEqual(1e-12);
      }),
      { numRuns: 40 },
    );
  });
});

describe('elasticities at kinks', () => {
  const workload = (filter: number): Workload => ({
    network: { name: 'one', layers: [squareLayer({ filter, size: 32, pad: 1 })] },
    batch: 8,
    pass: 'forward',
  });
  // Of 128x64x8 tiles (4 warps): W = 1 with 4 schedulers.
  const narrow: Workload = {
    network: { name: 'narrow', layers: [squareLayer({ outChannels: 64, size: 32 })] },
    batch: 8,
    pass: 'forward',
  };
  /** The value of a rate at which two figures of a design are equal, between two others. */
  function whereEqual(difference: (value: number) => number, from: number, to: number): number {
    let [low, high] = [from, to];
    for (let i = 0; i < 200; i++) {
      const middle = (low + high) / 2;
      if (difference(low) < 0 === difference(middle) < 0) low = middle;
      else high = middle;
    }
    return low;
  }
  const stream = (gpu: Gpu, of: Workload, name: 'compute' | 'smem' | 'l1') => {
    const [layer] = evaluateLayers(gpu, of, 'delta-2019') as Exclude<
      ReturnType<typeof evaluateLayers>,
      { infeasible: string }
    >;
    return layer!.cta[name];
  };
  const tied = (() => {
    const at = (smem: number) => roundGpu({ smem_gbps: smem, l1_gbps: 1e6, l2_gbps: 1e6, dram_gbps: 1e6 });
    const equal = whereEqual(
      (smem) => stream(at(smem), workload(3), 'compute') - stream(at(smem), workload(3), 'smem'),
      1,
      1e6,
    );
    return at(equal);
  })();

  it.each<[string, string, Gpu, Workload, ResourceId]>([
    ['as many warps as schedulers', 'delta', roundGpu({ macs_per_clk: 200, l2_ns: 2000 }), narrow, 'issue_per_clk'],
    ['compute as long as shared memory', 'delta-2019', tied, workload(3), 'smem_gbps'],
    ['the same, of the multipliers', 'delta-2019', tied, workload(3), 'macs_per_clk'],
    ['the same, of the clock', 'delta-2019', tied, workload(3), 'clock_ghz'],
  ])('are two, one a side: %s', (_what, model, gpu, of, id) => {
    const { down, up } = elasticitiesOf(workOn(gpu, of, model))[id];
    const f = minusLogAt(gpu, of, model, id);
    expect(Math.abs(down - oneSided(f, -1e-4))).toBeLessThan(1e-6);
    expect(Math.abs(up - oneSided(f, 1e-4))).toBeLessThan(1e-6);
    expect(down - up).toBeGreaterThan(1e-3);
  });

  it('are two where a turn waits as long for the FMA pipe as for issue', () => {
    // 3 schedulers, c = 96/lanes: of a warp's loop of 128x64x8, 512 FFMA and, with c > 1, 534 slots; equal at c = 534/512
    const slots = 512 + 8 + 32 + 12 + 3;
    const gpu = roundGpu({ issue_per_clk: 3, macs_per_clk: (96 * 512) / slots, l2_ns: 2000 });
    const { down, up } = elasticitiesOf(workOn(gpu, narrow, 'delta')).macs_per_clk;
    const f = minusLogAt(gpu, narrow, 'delta', 'macs_per_clk');
    expect(Math.abs(down - oneSided(f, -1e-4))).toBeLessThan(1e-6);
    expect(Math.abs(up - oneSided(f, 1e-4))).toBeLessThan(1e-6);
    expect(down - up).toBeGreaterThan(1e-3);
  });

  it('are infinite on the side on which the time jumps: dual issue ends at one clock an instruction', () => {
    // c = 32 schedulers/lanes = 1: fewer multipliers, or more schedulers, and loads are issued on their own
    const work = workOn(roundGpu(), workload(3), 'delta');
    const { macs_per_clk, macs_per_instr, issue_per_clk, clock_ghz } = elasticitiesOf(work);
    expect(macs_per_clk.down).toBe(Number.POSITIVE_INFINITY);
    expect(macs_per_instr.up).toBe(Number.NEGATIVE_INFINITY);
    expect(issue_per_clk.up).toBe(Number.NEGATIVE_INFINITY);
    for (const value of [macs_per_clk.up, macs_per_instr.down, issue_per_clk.down, clock_ghz.up])
      expect(Number.isFinite(value)).toBe(true);
  });

  it('know no smaller size than the least that runs', () => {
    const work = workOn(roundGpu({ register_kib: 40 }), workload(1), 'delta');
    expect(elasticitiesOf(work).register_kib.down).toBe(Number.POSITIVE_INFINITY);
    const bare = workOn(roundGpu({ l1_kib: 0 }), workload(1), 'delta');
    expect(elasticitiesOf(bare).l1_kib).toEqual({ down: 0, up: 0 });
    for (const id of CAPACITIES) expect(elasticitiesOf(bare)[id].up).not.toBeNaN();
  });
});

describe('the last stage alone', () => {
  it.each(MODEL_NAMES)('takes the seconds of the whole model, %s', (model) => {
    fc.assert(
      fc.property(anyDesign, anyWorkload, (gpu, workload) => {
        const { seconds } = workOn(gpu, workload, model);
        expect(Math.abs(seconds / secondsOf(gpu, workload, model) - 1)).toBeLessThan(1e-14);
      }),
      { numRuns: 40 },
    );
  });
});
