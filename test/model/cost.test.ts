import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadCosts } from '../../src/files/costs-file.js';
import { zeroPerStream } from '../../src/model/bottleneck.js';
import { areasOf, balanceOf, perBlock, processScale, totalArea } from '../../src/model/cost.js';
import { toGpu } from '../../src/model/gpu.js';
import { anyGpu, ROUND_COSTS, ROUND_GPU, roundGpu } from '../fixtures/model.js';

describe('areas (docs/model.md, 6.1)', () => {
  it('are right by hand', () => {
    const areas = areasOf(roundGpu(), ROUND_COSTS);
    expect(areas.compute).toBeCloseTo(4 * (256 * 0.01 + 4 * 0.5 + 128 * 0.01), 12); // 23.36
    expect(areas.sram).toBeCloseTo(4 * ((96 + 32) * 0.01 + (128 + 64) * 0.001), 12); // 5.888
    expect(areas.l2).toBeCloseTo(2 * 3 + 256 * 0.01, 12); // 8.56
    expect(areas.dram).toBeCloseTo(128 * (0.02 + 0.01), 12); // 3.84
    expect(totalArea(areas)).toBeCloseTo(23.36 + 5.888 + 8.56 + 3.84, 12);
  });

  it('are larger on an older process, but for the DRAM PHY', () => {
    const gpu = roundGpu({ process_nm: 14 });
    expect(processScale(gpu, ROUND_COSTS)).toBe(2); // 60/30
    const [old, reference] = [areasOf(gpu, ROUND_COSTS), areasOf(roundGpu(), ROUND_COSTS)];
    expect(old.compute).toBeCloseTo(2 * reference.compute, 12);
    expect(old.sram).toBeCloseTo(2 * reference.sram, 12);
    expect(old.l2).toBeCloseTo(2 * reference.l2, 12);
    expect(old.dram).toBeCloseTo(128 * (0.02 + 2 * 0.01), 12);
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
    ['dram_gbps', 'dram', 128 * 0.03],
    ['clock_ghz', 'compute', 0],
    ['macs_per_instr', 'compute', 0],
  ] as const)('grow with %s in %s alone, by %d mm2 when it doubles', (resource, block, mm2) => {
    const before = areasOf(roundGpu(), ROUND_COSTS);
    const after = areasOf(roundGpu({ [resource]: 2 * ROUND_GPU[resource] }), ROUND_COSTS);
    for (const name of ['compute', 'sram', 'l2', 'dram'] as const)
      expect(after[name] - before[name]).toBeCloseTo(name === block ? mm2 : 0, 12);
  });
});

describe('the built-in constants (docs/model.md, 6.1)', () => {
  const costs = loadCosts();
  const inSm = 3.75 / 4.11; // measured over modelled area of an SM

  it.each([
    ['register_mm2_per_kib', (1.57 / 256) * inSm],
    ['control_mm2_per_issue_slot', (1.32 / 4) * inSm],
    ['mac_mm2_per_mac_per_clk', (0.44 / 64) * inSm],
    ['l1_smem_mm2_per_kib', ((0.6 * 0.51) / 192) * inSm],
    ['l1_smem_mm2_per_gbps', ((0.4 * 0.51) / (256 * 1.41)) * inSm],
    ['l2_mm2_per_mib', 2.49],
    ['crossbar_mm2_per_gbps', (0.6 * 108) / 5400],
    ['dram_phy_mm2_per_gbps', (5 * 9.67) / 1810],
    ['dram_controller_mm2_per_gbps', (5 * 5.3) / 1810],
  ] as const)('%s follows from its source to four digits', (name, value) => {
    expect(costs[name] / value).toBeGreaterThan(0.9995);
    expect(costs[name] / value).toBeLessThan(1.0005);
  });

  it.each([
    ['16', (15_300 / 610 + 12_000 / 471) / 2],
    ['12', (21_100 / 815 + 13_600 / 545) / 2],
    ['7', 54_200 / 826],
    ['4', 80_000 / 814],
  ])('%s nm holds as many transistors as its dies do, within 1%%', (node, density) =>
    expect(Math.abs(costs.density[node]! / density - 1)).toBeLessThan(0.01),
  );
});

describe('the balance (docs/model.md, 5.3)', () => {
  const areas = { compute: 10, sram: 4, l2: 4, dram: 2 };

  it.each([
    // (10 x 0.8 + 4 x max(0.2, 0.4) + 4 x 0.5 + 2 x 0.1)/20
    [{ compute: 0.8, smem: 0.2, l1: 0.4, l2: 0.5, dram: 0.1 }, 0.59],
    [{ compute: 0.8, smem: 0.4, l1: 0.2, l2: 0.5, dram: 0.1 }, 0.59],
    [{ issue: 1 }, 0.5], // 10/20: the issue slots are part of the compute block
    [{ compute: 1, smem: 1, l2: 1, dram: 1 }, 1],
    [{}, 0],
  ])('of utilisations %j is %d', (utilization, balance) =>
    expect(balanceOf(areas, { ...zeroPerStream(), ...utilization })).toBeCloseTo(balance, 12),
  );

  it('is within 0 and 1 for any design and any utilisation', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const anyUse = fc.record({ compute: share, issue: share, smem: share, l1: share, l2: share, dram: share });
    fc.assert(
      fc.property(anyGpu, anyUse, (spec, utilization) => {
        const balance = balanceOf(areasOf(toGpu(spec), ROUND_COSTS), utilization);
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
