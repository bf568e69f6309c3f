import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { zeroPerBottleneck } from '../../src/model/bottleneck.js';
import { showShares } from '../../src/report/explain.js';
import { sampleFront } from '../../src/study/report-data/sample-front.js';
import type { FrontRow } from '../../src/analysis/front-marks.js';

const designs = (n: number, balanced = -1, knee = -1): FrontRow[] =>
  Array.from({ length: n }, (_, id) => ({
    id,
    balanced: id === balanced,
    knee: id === knee,
    imbalance: 0,
    robust: null,
  }));
const idsOf = (front: readonly FrontRow[]) => front.map(({ id }) => id);

describe('sampleFront', () => {
  it('keeps a short front whole', () => {
    expect(sampleFront(designs(5), 5)).toEqual(designs(5));
    expect(sampleFront([], 5)).toEqual([]);
  });

  it('spreads what it keeps evenly, the ends among it', () => {
    expect(idsOf(sampleFront(designs(101), 5))).toEqual([0, 25, 50, 75, 100]);
  });

  it('keeps marked designs wherever they are', () => {
    expect(idsOf(sampleFront(designs(101, 3, 99), 5))).toEqual([0, 3, 50, 99, 100]);
  });

  it('keeps designs that have a name', () => {
    expect(idsOf(sampleFront(designs(101), 5, new Set([7, -1])))).toEqual([0, 7, 33, 67, 100]);
  });

  it('keeps ends and marks, in order, and never more than it may', () => {
    const counts = fc.record({ n: fc.integer({ min: 1, max: 300 }), most: fc.integer({ min: 4, max: 60 }) });
    fc.assert(
      fc.property(counts, fc.nat(), fc.nat(), ({ n, most }, a, b) => {
        const [balanced, knee] = [a % n, b % n];
        const ids = idsOf(sampleFront(designs(n, balanced, knee), most));
        expect(ids).toEqual([...new Set(ids)].sort((x, y) => x - y));
        for (const kept of [0, n - 1, balanced, knee]) expect(ids).toContain(kept);
        expect(ids.length).toBeLessThanOrEqual(Math.min(n, most));
      }),
    );
  });
});

describe('showShares', () => {
  it.each([
    [{ compute: 1 }, undefined, 'compute 100%'],
    [{ compute: 0.25, dram: 0.75 }, undefined, 'dram 75%, compute 25%'],
    [{ compute: 0.6, dram: 0.3, l2: 0.08, smem: 0.02 }, undefined, 'compute 60%, dram 30%, l2 8%'],
    [{ compute: 0.6, dram: 0.3, l2: 0.08, smem: 0.02 }, 1, 'compute 60%'],
    [{ compute: 0.996, launch: 0.004 }, undefined, 'compute 100%'],
    [{ l1: 0.5, latency: 0.5 }, undefined, 'l1 50%, latency 50%'],
    [{}, undefined, ''],
  ])('shows %j, at most %s of them, as "%s"', (shares, most, text) => {
    expect(showShares({ ...zeroPerBottleneck(), ...shares }, most)).toBe(text);
  });
});
