/** Slack, and what binds next, against the plain path at the factors they name. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadGpu } from '../../../src/space/files/gpu-file.js';
import { loadNetwork } from '../../../src/space/files/network-file.js';
import { largestOf } from '../../../src/model/bottleneck.js';
import { evaluateWorkload } from '../../../src/model/evaluate.js';
import { toGpu, withAxes, type Gpu } from '../../../src/model/gpu.js';
import type { Workload } from '../../../src/model/layer.js';
import { MODEL_NAMES } from '../../../src/model/model-names.js';
import { RATES, resourceOf, type CapacityId } from '../../../src/model/resources.js';
import { crossing } from '../../../src/model/response/crossing.js';
import { reasonsOf } from '../../../src/model/response/reasons.js';
import { anyBatch, anyGpu, anyLayer, roundGpu, squareLayer } from '../../fixtures/model.js';

const anyWorkload = fc
  .record({ layer: anyLayer, batch: anyBatch })
  .map(({ layer, batch }): Workload => ({ network: { name: 'random', layers: [layer] }, batch, pass: 'forward' }));
const anyDesign = anyGpu.map((spec) => toGpu({ ...spec, smem_kib: Math.max(10, spec.smem_kib) }));

function secondsOf(gpu: Gpu, workload: Workload, model: string): number {
  const result = evaluateWorkload(gpu, workload, model);
  return 'infeasible' in result ? Number.POSITIVE_INFINITY : result.seconds;
}

function reasonsFor(gpu: Gpu, workload: Workload, model: string) {
  const reasons = reasonsOf(gpu, workload, model);
  if ('infeasible' in reasons) throw new Error(reasons.infeasible);
  return reasons;
}

describe.each(MODEL_NAMES)('slack of %s (docs/model.md, 5.5)', (model) => {
  it('of a rate is where the time first grows by a hundredth', () => {
    fc.assert(
      fc.property(anyDesign, anyWorkload, (gpu, workload) => {
        const { slack } = reasonsFor(gpu, workload, model);
        const seconds = secondsOf(gpu, workload, model);
        for (const id of RATES) {
          const { si } = resourceOf(id)!;
          const growth = (factor: number) => secondsOf({ ...gpu, [si]: gpu[si] * factor }, workload, model) / seconds;
          const least = Math.max(slack[id], 1e-3);
          for (let i = 0; i <= 10; i++) expect(growth(least ** (i / 10))).toBeLessThan(1.01 + 1e-12);
          if (slack[id] > 0) expect(growth(slack[id] * (1 - 1e-10))).toBeGreaterThan(1.01 - 1e-12);
          else expect(growth(1e-9)).toBeLessThan(1.01);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of registers, shared memory and SMs is the least size before the first that is too slow', () => {
    const workload: Workload = { network: loadNetwork('alexnet'), batch: 16, pass: 'forward' };
    for (const changes of [{}, { dram_gbps: 60 }, { sm_count: 75, register_kib: 500 }]) {
      const gpu = withAxes(toGpu(loadGpu('titan-xp')), changes);
      const { slack } = reasonsFor(gpu, workload, model);
      const seconds = secondsOf(gpu, workload, model);
      /** The least size before the first, a step apart, that is too slow. */
      const walk = (id: CapacityId, step: number) => {
        const { si } = resourceOf(id)!;
        let size = gpu[si];
        while (size > step && secondsOf({ ...gpu, [si]: size - step }, workload, model) <= 1.01 * seconds) size -= step;
        return size / gpu[si];
      };
      expect(slack.sm_count).toBe(walk('sm_count', 1));
      expect(slack.register_kib).toBeCloseTo(walk('register_kib', 1024), 12);
      expect(slack.smem_kib).toBeCloseTo(walk('smem_kib', 1024), 12);
    }
  });

  it('of a cache is a whole number of sets, beyond which the time grows by more', () => {
    const workload: Workload = { network: loadNetwork('alexnet'), batch: 16, pass: 'forward' };
    const gpu = withAxes(toGpu(loadGpu('titan-xp')), { dram_gbps: 60, l2_gbps: 300 });
    const { slack } = reasonsFor(gpu, workload, model);
    const seconds = secondsOf(gpu, workload, model);
    const at = (bytes: number) => secondsOf({ ...gpu, l2Bytes: bytes }, workload, model) / seconds;
    if (model === 'delta-2019') expect(slack.l2_mib).toBe(0);
    else {
      const bytes = slack.l2_mib * gpu.l2Bytes;
      expect(bytes % 2048).toBe(0);
      expect(slack.l2_mib).toBeGreaterThan(0);
      expect(at(bytes)).toBeLessThanOrEqual(1.01);
      expect(at(bytes - 2048)).toBeGreaterThan(1.01);
    }
  });

  it('is from 0 to 1, 1 of what is not there, and 0 of what is not read', () => {
    const workload: Workload = { network: { name: 'one', layers: [squareLayer()] }, batch: 8, pass: 'forward' };
    const { slack } = reasonsFor(roundGpu({ l1_kib: 0, sm_count: 1 }), workload, model);
    for (const factor of Object.values(slack)) {
      expect(factor).toBeGreaterThanOrEqual(0);
      expect(factor).toBeLessThanOrEqual(1);
    }
    expect(slack.sm_count).toBe(1);
    expect(slack.l1_kib).toBe(model === 'delta' ? 1 : 0);
    if (model === 'delta-2019') expect(slack.issue_per_clk).toBe(0);
  });
});

describe('slack at a jump', () => {
  it('is all of it where the jump is right below, and ends at the jump where that is too much', () => {
    const layers = [squareLayer({ filter: 3, size: 32, pad: 1 })];
    const workload: Workload = { network: { name: 'one', layers }, batch: 8, pass: 'forward' };
    // Dual issue ends below 128 multipliers with 4 schedulers.
    expect(reasonsFor(roundGpu(), workload, 'delta').slack.macs_per_clk).toBe(1);
    expect(
      reasonsFor(roundGpu({ macs_per_clk: 131, dram_gbps: 1e6 }), workload, 'delta').slack.macs_per_clk,
    ).toBeCloseTo(128 / 131, 2);
  });

  it('is on the near side of the jump, whatever the rounding', () => {
    const layers = [squareLayer({ inChannels: 1, outChannels: 1, size: 3, pad: 2 })];
    const workload: Workload = { network: { name: 'one', layers }, batch: 11, pass: 'forward' };
    const gpu = roundGpu({ sm_count: 1, macs_per_clk: 304.978696660293 });
    expect(304.978696660293 * (128 / 304.978696660293)).toBeLessThan(128);
    const { macs_per_clk: factor } = reasonsFor(gpu, workload, 'delta').slack;
    const growth = secondsOf({ ...gpu, macsPerClk: gpu.macsPerClk * factor }, workload, 'delta');
    expect(growth / secondsOf(gpu, workload, 'delta')).toBeLessThanOrEqual(1.01);
  });
});

describe.each(MODEL_NAMES)('what binds next, %s (docs/model.md, 5.6)', (model) => {
  it('decides as much once the bottleneck is this many times as fast, and not before', () => {
    let rates = 0;
    fc.assert(
      fc.property(anyDesign, anyWorkload, (gpu, workload) => {
        const { next } = reasonsFor(gpu, workload, model);
        const before = evaluateWorkload(gpu, workload, model);
        if ('infeasible' in before) throw new Error(before.infeasible);
        if (next.next === undefined) return;
        expect(next.bound).toBe(largestOf(before.bound));
        expect(next.factor).toBeGreaterThanOrEqual(1);
        expect(next.next).not.toBe(next.bound);
        // Of bandwidths, whose stream is theirs alone, the plain path can tell.
        const id = ({ smem: 'smem_gbps', l1: 'l1_gbps', l2: 'l2_gbps', dram: 'dram_gbps' } as const)[
          next.bound as 'l1'
        ];
        if (!id) return;
        rates++;
        const { si } = resourceOf(id)!;
        const boundAt = (factor: number) => {
          const result = evaluateWorkload({ ...gpu, [si]: gpu[si] * factor }, workload, model);
          if ('infeasible' in result) throw new Error(result.infeasible);
          return result.bound;
        };
        const [under, over] = [boundAt(next.factor * (1 - 1e-9)), boundAt(next.factor * (1 + 1e-9))];
        if (next.factor > 1 + 1e-9)
          expect(largestOf({ ...under, [next.bound]: under[next.bound] * (1 + 1e-6) })).toBe(next.bound);
        expect(over[next.next]).toBeGreaterThanOrEqual(over[next.bound] * (1 - 1e-6));
      }),
      { numRuns: 60 },
    );
    expect(rates).toBeGreaterThan(5);
  });
});

describe('crossing', () => {
  it.each<[string, (x: number) => number, number, number, number]>([
    ['a line', (x) => x - 3, 1, 10, 3],
    ['a power', (x) => x ** 8 - 2, 1, 100, 2 ** (1 / 8)],
    ['a jump', (x) => (x < 5 ? -1 : 1), 1, 100, 5],
    ['flat at first', (x) => Math.max(0, x - 7) ** 3 - 1e-9, 1, 8, 7.001],
  ])('finds where %s rises above zero', (_what, f, from, to, root) => {
    const found = crossing(f, from, to);
    expect(found).toBeCloseTo(root, 11);
    expect(f(found)).toBeLessThanOrEqual(0);
  });
});
