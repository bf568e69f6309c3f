import { describe, expect, it } from '@jest/globals';
import { BOTTLENECKS } from '../../src/model/bottleneck.js';
import { METRICS, NUMERIC_METRICS } from '../../src/model/metrics.js';
import { MADE_UP_POINT } from '../fixtures/model.js';

const metric = (name: string) => METRICS.find((candidate) => candidate.name === name)!;

describe('metrics (docs/model.md, 5)', () => {
  it.each<[string, number | string]>([
    ['time_ms', 500],
    ['images_per_s', 128], // 64/0.5
    ['speedup', 4], // 2/0.5
    ['tflops', 4], // 2e12/0.5
    ['bottleneck', 'l2'], // 0.3 of 0.5 s
    ['compute_share', 0.36], // 0.18/0.5
    ['l2_share', 0.6], // 0.3/0.5
    ['dram_share', 0.04], // 0.02/0.5
    ['issue_share', 0],
    ['smem_share', 0],
    ['l1_share', 0],
    ['latency_share', 0],
    ['launch_share', 0],
    // utilisations 0.8, 0.2 and 0.4, 0.5, 0.1: (10 x 0.8 + 4 x 0.4 + 4 x 0.5 + 2 x 0.1)/20
    ['balance', 0.59],
    ['l1_gb', 3],
    ['l2_gb', 2],
    ['dram_gb', 1],
    ['area_mm2', 25],
    ['energy_j', 60],
    ['power_w', 120], // 60/0.5
  ])('%s of a made-up point is %p', (name, value) => {
    const figure = metric(name).of(MADE_UP_POINT);
    if (typeof value === 'number') expect(figure).toBeCloseTo(value, 12);
    else expect(figure).toBe(value);
  });

  it('are all covered above, each declared once', () => {
    const names = METRICS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(20);
  });

  it('share the whole time out among the bottlenecks', () => {
    const shares = BOTTLENECKS.map((name) => Number(metric(`${name}_share`).of(MADE_UP_POINT)));
    expect(Math.abs(shares.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
  });

  it('say which way is better, but for the one that is text', () => {
    const high = NUMERIC_METRICS.filter(({ better }) => better === 'high').map(({ name }) => name);
    expect(high).toEqual(['images_per_s', 'speedup', 'tflops', 'balance']);
    expect(METRICS.filter(({ type }) => type === 'text').map(({ name }) => name)).toEqual(['bottleneck']);
  });

  it('have no speed-up where the baseline cannot run', () => {
    expect(metric('speedup').of({ ...MADE_UP_POINT, baselineSeconds: Number.NaN })).toBeNaN();
  });
});
