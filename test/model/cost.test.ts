import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadCosts } from '../../src/space/files/costs-file.js';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { zeroPerStream } from '../../src/model/bottleneck.js';
import {
  AREA_TERMS,
  areaAmounts,
  areaFactors,
  areasOf,
  balanceOf,
  perBlock,
  totalArea,
  type Areas,
} from '../../src/model/cost.js';
import { toGpu, type Gpu, type GpuSpec } from '../../src/model/gpu.js';
import { BOUNDS, type Bound } from '../../src/model/cost-model.js';
import { anyGpu, ROUND_COSTS, ROUND_GPU, roundGpu } from '../fixtures/model.js';

const areas = (gpu: Gpu, bound: Bound = 'value'): Areas => areasOf(gpu, areaFactors(gpu, ROUND_COSTS, bound));

/** A die with everything that costs area. */
const FULL: Partial<GpuSpec> = { fp64_per_clk: 32, tensor_per_clk: 512, rt_cores: 1, nvlinks: 6 };

describe('areas (docs/model.md, 6.2)', () => {
  it('are right by hand', () => {
    const mm2 = areas(roundGpu(FULL));
    expect(mm2.compute).toBeCloseTo(4 * (256 * 0.01 + 4 * 0.5 + 128 * 0.01), 12); // 23.36
    expect(mm2.sram).toBeCloseTo(4 * ((96 + 32) * 0.01 + (128 + 64) * 0.001), 12); // 5.888
    expect(mm2.l2).toBeCloseTo(2 * 3 + 256 * 0.01, 12); // 8.56
    expect(mm2.dram).toBeCloseTo(2 * (1.28 + 0.64), 12); // 3.84
    expect(mm2.rest).toBeCloseTo(4 * (32 * 0.02 + 512 * 0.001 + 0.25) + 6 * 1.5 + 5, 12); // 19.608
    expect(totalArea(mm2)).toBeCloseTo(23.36 + 5.888 + 8.56 + 3.84 + 19.608, 12);
  });

  it('are larger on an older process, but for PHYs', () => {
    const [old, reference] = [areas(roundGpu({ ...FULL, process_nm: 14 })), areas(roundGpu(FULL))];
    for (const block of ['compute', 'sram', 'l2'] as const) expect(old[block]).toBeCloseTo(2 * reference[block], 12); // 60/30 MTr/mm2
    expect(old.dram).toBeCloseTo(2 * (1.28 + 2 * 0.64), 12);
    expect(old.rest - 6 * 1.5).toBeCloseTo(2 * (reference.rest - 6 * 1.5), 12);
  });

  // two times a resource adds what it takes up once
  it.each([
    ['register_kib', 'compute', 4 * 256 * 0.01],
    ['issue_per_clk', 'compute', 4 * 4 * 0.5],
    ['macs_per_clk', 'compute', 4 * 128 * 0.01],
    ['smem_kib', 'sram', 4 * 96 * 0.01],
    ['l1_kib', 'sram', 4 * 32 * 0.01],
    ['smem_gbps', 'sram', 4 * 128 * 0.001],
    ['l1_gbps', 'sram', 4 * 64 * 0.001],
    ['l2_mib', 'l2', 2 * 3],
    ['l2_gbps', 'l2', 256 * 0.01],
    ['fp64_per_clk', 'rest', 4 * 32 * 0.02],
    ['tensor_per_clk', 'rest', 4 * 512 * 0.001],
    ['rt_cores', 'rest', 4 * 0.25],
    ['nvlinks', 'rest', 6 * 1.5],
    ['clock_ghz', 'compute', 0],
    ['macs_per_instr', 'compute', 0],
  ] as const)('grow with %s in %s alone, by %d mm2 when it doubles', (field, block, mm2) => {
    const spec = { ...ROUND_GPU, ...FULL };
    const [before, after] = [areas(toGpu(spec)), areas(toGpu({ ...spec, [field]: 2 * spec[field]! }))];
    for (const name of ['compute', 'sram', 'l2', 'dram', 'rest'] as const)
      expect(after[name] - before[name]).toBeCloseTo(name === block ? mm2 : 0, 12);
  });

  it.each([
    ['hbm', 2 * 1.92],
    ['gddr', 2 * 0.3],
  ] as const)('have as many stacks or channels as the GPU has, and more with the bandwidth: %s', (memory, mm2) => {
    const gpu = roundGpu({ memory, memory_channels: 2 });
    expect(areas(gpu).dram).toBeCloseTo(mm2, 12);
    expect(areas({ ...gpu, dramBytesPerS: 1.5 * gpu.dramBytesPerS }).dram).toBeCloseTo(1.5 * mm2, 12);
  });

  it('take a GPU that names no memory to have HBM2e, 362 GB/s a stack', () => {
    const { memory: _memory, memory_channels: _channels, ...spec } = { ...ROUND_GPU, dram_gbps: 724 };
    expect(areas(toGpu(spec)).dram).toBeCloseTo(2 * 1.92, 12);
  });

  it('are the sum of amounts times factors, at every bound, and low and high are around the value', () => {
    fc.assert(
      fc.property(anyGpu, fc.constantFrom(7, 14), (spec, process_nm) => {
        const gpu = toGpu({ ...spec, ...FULL, process_nm });
        const amounts = areaAmounts(gpu);
        const [value, low, high] = BOUNDS.map((bound) => {
          const factors = areaFactors(gpu, ROUND_COSTS, bound);
          const sum = AREA_TERMS.reduce((mm2, { id }) => mm2 + factors[id] * amounts[id], 0);
          const total = totalArea(areas(gpu, bound));
          expect(Math.abs(sum - total)).toBeLessThan(1e-12 * total);
          return total;
        });
        expect(low!).toBeLessThan(value!);
        expect(high!).toBeGreaterThan(value!);
      }),
    );
  });

  it('move to another node as far as the densities of both allow', () => {
    const factors = (bound: Bound) => areaFactors({ processNm: 14 }, ROUND_COSTS, bound).l2_mm2_per_mib;
    expect(factors('value')).toBeCloseTo(3 * (60 / 30), 12);
    expect(factors('low')).toBeCloseTo(0.8 * 3 * ((0.8 * 60) / (1.25 * 30)), 12);
    expect(factors('high')).toBeCloseTo(1.25 * 3 * ((1.25 * 60) / (0.8 * 30)), 12);
  });
});

describe('the built-in constants (docs/model.md, 6.1)', () => {
  const costs = loadCosts();

  it.each([
    ['l2_mm2_per_mib', 2.49],
    ['crossbar_mm2_per_gbps', (0.6 * 108) / 5400],
    ['hbm_phy_mm2_per_stack', 9.67],
    ['hbm_controller_mm2_per_stack', 5.3],
    ['nvlink_phy_mm2_per_link', 1.75],
    ['rt_mm2_per_core', 0.7 / 2],
  ] as const)('%s is what was measured', (name, value) => expect(costs[name].value).toBeCloseTo(value, 10));

  it.each([
    ['register_mm2_per_kib', 2.49 / 1024], // as L2, measured
    ['l1_smem_mm2_per_kib', 0.51 / 192], // the model of LLMCompass
    ['tensor_mm2_per_mac_per_clk', 1.25 / 1024 / (65.6 / 25.3)], // Qesa (TechPowerUp, 2019): TU106 against TU116, at 12 nm
  ] as const)('%s has what others found within its bounds, to two digits', (name, value) => {
    expect(value).toBeGreaterThan(0.99 * costs[name].low);
    expect(value).toBeLessThan(1.01 * costs[name].high);
  });

  // LLMCompass, Zhang et al., ISCA 2024: how its model splits an SM of GA100, 4.11 mm2, of which 3.75 were measured
  it.each([
    ['registers', ['register_mm2_per_kib'], 1.57],
    ['control', ['control_mm2_per_issue_slot'], 1.32],
    ['FP32 and FP64', ['mac_mm2_per_mac_per_clk', 'fp64_mm2_per_mac_per_clk'], 0.44],
    ['L1 and shared memory', ['l1_smem_mm2_per_kib', 'l1_smem_mm2_per_gbps'], 0.51],
    ['tensor units', ['tensor_mm2_per_mac_per_clk'], 0.27],
  ] as const)(
    'have the published split of an SM within their bounds, and scaled to what was measured: %s',
    (_, ids, mm2) => {
      const gpu = toGpu(loadGpu('a100'));
      const amounts = areaAmounts(gpu);
      const perSm = (bound: Bound) => {
        const factors = areaFactors(gpu, costs, bound);
        return ids.reduce((sum, id) => sum + (factors[id] * amounts[id]) / gpu.smCount, 0);
      };
      for (const published of [mm2, (mm2 * 3.75) / 4.11]) {
        expect(published).toBeGreaterThan(perSm('low'));
        expect(published).toBeLessThan(perSm('high'));
      }
    },
  );

  it.each([
    ['16', (15_300 / 610 + 12_000 / 471) / 2],
    ['12', (21_100 / 815 + 13_600 / 545) / 2],
    ['7', 54_200 / 826],
    ['4', 80_000 / 814],
  ])('%s nm holds as many transistors as its dies do, within 1%%', (node, density) =>
    expect(Math.abs(costs.density[node]!.value / density - 1)).toBeLessThan(0.01),
  );
});

describe('the balance (docs/model.md, 5.3)', () => {
  const mm2 = { compute: 10, sram: 4, l2: 4, dram: 2 };

  it.each([
    // (10 x 0.8 + 4 x max(0.2, 0.4) + 4 x 0.5 + 2 x 0.1)/20
    [{ compute: 0.8, smem: 0.2, l1: 0.4, l2: 0.5, dram: 0.1 }, 0.59],
    [{ compute: 0.8, smem: 0.4, l1: 0.2, l2: 0.5, dram: 0.1 }, 0.59],
    [{ issue: 1 }, 0.5], // 10/20: the issue slots are part of the compute block
    [{ compute: 1, smem: 1, l2: 1, dram: 1 }, 1],
    [{}, 0],
  ])('of utilisations %j is %d', (utilization, balance) =>
    expect(balanceOf(mm2, { ...zeroPerStream(), ...utilization })).toBeCloseTo(balance, 12),
  );

  it('does not weigh the rest of the die', () =>
    expect(balanceOf({ ...mm2, rest: 100 } as Areas, { ...zeroPerStream(), issue: 1 })).toBeCloseTo(0.5, 12));

  it('is within 0 and 1 for any design and any utilisation', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const anyUse = fc.record({ compute: share, issue: share, smem: share, l1: share, l2: share, dram: share });
    fc.assert(
      fc.property(anyGpu, anyUse, (spec, utilization) => {
        const balance = balanceOf(areas(toGpu(spec)), utilization);
        expect(balance).toBeGreaterThanOrEqual(0);
        expect(balance).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('joins the two streams of a block as asked', () => {
    const figures = { compute: 1, issue: 2, smem: 3, l1: 4, l2: 5, dram: 6 };
    expect(perBlock(figures, Math.max)).toEqual({ compute: 2, sram: 4, l2: 5, dram: 6 });
    expect(perBlock(figures, (a, b) => a + b)).toEqual({ compute: 3, sram: 7, l2: 5, dram: 6 });
  });
});
