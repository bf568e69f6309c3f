import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blockElasticities, imbalanceOf, kneeOf } from '../../src/analysis/balance.js';
import type { Goal } from '../../src/analysis/pareto.js';
import { zeroPerBottleneck, type PerBottleneck } from '../../src/model/bottleneck.js';
import type { PerBlock } from '../../src/model/cost.js';
import type { PointResult } from '../../src/model/metrics.js';
import { MADE_UP_POINT } from '../fixtures/model.js';

function pointWith(bound: Partial<PerBottleneck>, areas: PerBlock = MADE_UP_POINT.areas): PointResult {
  const all = { ...zeroPerBottleneck(), ...bound };
  const seconds = Object.values(all).reduce((a, b) => a + b);
  return {
    ...MADE_UP_POINT,
    areas: { ...areas, rest: 9 },
    workload: { ...MADE_UP_POINT.workload, seconds, elastic: all },
  };
}

describe('imbalance (docs/model.md, 5.4)', () => {
  it('starts from the part of the time that each block binds', () => {
    // of 0.5 s: compute 0.2, shared memory and L1 0.05 each, L2 0.1, latency the rest
    const { compute, sram, l2, dram } = blockElasticities(MADE_UP_POINT);
    expect(compute).toBeCloseTo(0.4, 12);
    expect(sram).toBeCloseTo(0.2, 12);
    expect(l2).toBeCloseTo(0.2, 12);
    expect(dram).toBe(0);
  });

  it.each<[string, PointResult, number]>([
    // shares of elasticity 0.5, 0.25, 0.25, 0; of area 0.5, 0.2, 0.2, 0.1: (0 + 0.05 + 0.05 + 0.1)/2
    ['a made-up point', MADE_UP_POINT, 0.1],
    ['elasticities in proportion to areas', pointWith({ compute: 5, smem: 1, l1: 1, l2: 2, dram: 1 }), 0],
    [
      'the same with latency on top: it belongs to no block',
      pointWith({ compute: 5, l1: 2, l2: 2, dram: 1, latency: 9 }),
      0,
    ],
    // (0.9 + 0.2 + 0.2 + 0.5)/2
    ['only the smallest block binding', pointWith({ dram: 1 }), 0.9],
    // all the area where nothing binds: (1 + 1)/2
    ['area in one block, time in another', pointWith({ l2: 1 }, { compute: 1, sram: 0, l2: 0, dram: 0 }), 1],
    ['no block binding at all', pointWith({ latency: 1 }), 0.5],
  ])('of %s', (_what, point, imbalance) => expect(imbalanceOf(point)).toBeCloseTo(imbalance, 12));

  it('is within 0 and 1 and knows no units', () => {
    const seconds = fc.double({ min: 0.001, max: 10, noNaN: true });
    const anyBound = fc.record({ compute: seconds, smem: seconds, l1: seconds, l2: seconds, dram: seconds });
    const anyAreas = fc.record({ compute: seconds, sram: seconds, l2: seconds, dram: seconds });
    fc.assert(
      fc.property(anyBound, anyAreas, (bound, areas) => {
        const imbalance = imbalanceOf(pointWith(bound, areas));
        expect(imbalance).toBeGreaterThanOrEqual(0);
        expect(imbalance).toBeLessThanOrEqual(1);
        const inOtherUnits = {
          compute: 7 * areas.compute,
          sram: 7 * areas.sram,
          l2: 7 * areas.l2,
          dram: 7 * areas.dram,
        };
        expect(imbalanceOf(pointWith(bound, inOtherUnits))).toBeCloseTo(imbalance, 12);
      }),
    );
  });
});

describe('the knee (docs/model.md, 5.4)', () => {
  const BOTH_SMALL = ['minimize', 'minimize'] as const;

  it.each<[string, number[], number[], number | undefined]>([
    // in logarithms of 10 (0,2) (1,0.3) (2,0): the chord is y = 2 - x, the middle lies 0.7/sqrt 2 below it
    ['the one inside', [1, 10, 100], [100, 2, 1], 1],
    // of 2: (0,4) (1,2) (2,1.58) (4,0): below y = 4 - x by 1, 0.42
    ['the farther of two', [1, 2, 4, 16], [16, 4, 3, 1], 1],
    // (0,4) (1,2.58) (2,1) (4,0): by 0.42, 1
    ['the farther of two, the other way', [1, 2, 4, 16], [16, 6, 2, 1], 2],
    // of 10 (0,2) (0.3,1.3) (0.9,0.9) (2,0): below y = 2 - x by 0.4, 0.2; by values, (8,8) lies farther below x + y = 101
    ['the farthest in log-log, not by values', [1, 2, 8, 100], [100, 20, 8, 1], 1],
    // (0,2) (1,1.7) (2,0): above y = 2 - x
    ['none on the worse side of the chord', [1, 10, 100], [100, 50, 1], undefined],
    // (0,4) (1,3.32) (2,1.58) (4,0): above y = 4 - x by 0.32, below it by 0.42; by more on the worse side with 3.58
    ['on the better side alone', [1, 2, 4, 16], [16, 10, 3, 1], 2],
    ['on the better side, though another lies farther on the worse', [1, 2, 4, 16], [16, 12, 3.5, 1], 2],
    ['none on a straight line', [1, 2, 4], [4, 2, 1], undefined],
    ['none between two', [1, 2], [2, 1], undefined],
    ['none of one', [1], [1], undefined],
    ['none where a value is zero', [0, 1, 2], [4, 2, 1], undefined],
    ['none where a value is negative', [1, 2, 3], [4, 2, -1], undefined],
  ])('is %s', (_what, xs, ys, knee) => expect(kneeOf(xs, ys, BOTH_SMALL)).toBe(knee));

  it.each<[string, readonly [Goal, Goal], number[], number[], number | undefined]>([
    // what is to be large is better above the chord: (0,0) (1,1.7) (2,2)
    ['a hump of what is to be large', ['minimize', 'maximize'], [1, 10, 100], [1, 50, 100], 1],
    ['no dent of it', ['minimize', 'maximize'], [1, 10, 100], [1, 2, 100], undefined],
    ['the same with the largest first', ['maximize', 'minimize'], [100, 50, 1], [100, 10, 1], 1],
    ['a hump where both are to be large', ['maximize', 'maximize'], [100, 50, 1], [1, 10, 100], 1],
  ])('is %s', (_what, goals, xs, ys, knee) => expect(kneeOf(xs, ys, goals)).toBe(knee));

  it('stays when the units change', () => {
    const value = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 3, maxLength: 20 }), (points) => {
        const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
        const distance = (i: number | undefined) => {
          if (i === undefined) return 0;
          const [dx, dy] = [Math.log(xs.at(-1)! / xs[0]!), Math.log(ys.at(-1)! / ys[0]!)];
          return -Math.log(xs[i]! / xs[0]!) * Math.abs(dy) - Math.log(ys[i]! / ys[0]!) * Math.abs(dx);
        };
        // the same knee, or one as far from the chord
        const scaled = kneeOf(
          xs.map((x) => 1000 * x),
          ys.map((y) => y / 64),
          BOTH_SMALL,
        );
        expect(distance(scaled)).toBeCloseTo(distance(kneeOf(xs, ys, BOTH_SMALL)), 9);
      }),
    );
  });
});
