import { describe, expect, it } from '@jest/globals';
import { checkRoom } from '../../src/study/room.js';
import { gridOf } from '../../src/space/study.js';
import type { SweepSpec } from '../../src/space/study.js';
import { studyOf, TINY } from '../helpers/specs.js';

const steps = (from: number, to: number, steps: number) => ({ range: { from, to, steps } });
/** 10^12 points: hundreds of terabytes; the front alone is a matter of weeks, on a slow machine that does other work too. */
const WIDE_AXES = {
  l2_gbps: steps(1000, 8000, 100_000),
  dram_gbps: steps(400, 3200, 100_000),
  l1_gbps: steps(20, 220, 100),
};
/** 8 x 10^15 points: centuries on the fastest. */
const WIDER_AXES = {
  ...WIDE_AXES,
  l1_gbps: steps(20, 220, 1000),
  sm_count: { values: Array.from({ length: 800 }, (_, i) => i + 1) },
};

const refusalOf = (spec: Partial<SweepSpec>) => () => {
  const study = studyOf({ ...TINY, ...spec });
  checkRoom(study, 'out', gridOf(study).size, 1);
};

describe('a study that the disk cannot hold', () => {
  it('is refused with a way out: to keep the front alone', () => {
    expect(refusalOf({ axes: WIDE_AXES })).toThrow(
      /^out: 1,000,000,000,000 points would take about .* TB of disk, of which .* are free, expected fewer values or axes, constraints, 'store: { points: front }', which keeps the front alone, or delta-sweep frontier, which finds the front without evaluating all points \(delta/,
    );
  });

  it('is reported where even the front would take longer than a year', () => {
    expect(refusalOf({ axes: WIDER_AXES })).toThrow(
      /constraints, 'store: { points: front }', which keeps the front alone but would take longer than a year too, or delta-sweep frontier/,
    );
    expect(refusalOf({ axes: WIDER_AXES, store: { points: 'front' } })).toThrow(
      /^out: 8,000,000,000,000,000 points would take about [\d,]+ d, expected fewer values or axes, constraints, or delta-sweep frontier/,
    );
  });

  it('is none where there is room', () => {
    expect(refusalOf({})).not.toThrow();
    expect(refusalOf({ axes: WIDE_AXES, store: { points: 'front' } })).not.toThrow();
  });
});
