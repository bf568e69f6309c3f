import { describe, expect, it } from '@jest/globals';
import { planStudy } from '../../src/engine/plan.js';
import { RangeEvaluator } from '../../src/engine/evaluate-range.js';
import { gridOf } from '../../src/space/study.js';
import { SMALL, studyOf, TINY } from '../helpers/specs.js';

describe('a plan', () => {
  it('counts the points that a run will store, and what each constraint rejects', () => {
    const study = studyOf(SMALL);
    const walked = new RangeEvaluator(study).evaluate(0, gridOf(study).size);
    const plan = planStudy(study, 2);
    expect(plan).toMatchObject({ points: walked.batch.rows, grid: 1200, rejected: walked.rejected, chunks: 1 });
    expect(plan.constraints).toEqual(
      study.constraints.map((expression, i) => ({ expression, rejected: walked.rejectedBy[i] })),
    );
  });

  it('has chunks that are whole turns of the fastest digits', () => {
    const axes = {
      l2_gbps: { range: { from: 1000, to: 8000, steps: 300 } },
      dram_gbps: { range: { from: 400, to: 3200, steps: 99 } },
    };
    // 165 turns of 99 are 16,335 of at most 16,384 points
    expect(planStudy(studyOf({ ...TINY, axes }), 1)).toMatchObject({ chunks: 2, chunk_points: 16_335, points: 29_700 });
    expect(planStudy(studyOf({ ...TINY, axes, store: { points: 'front' } }), 1)).toMatchObject({ chunks: 1 });
  });

  it('estimates next to no disk where the front alone is kept', () => {
    expect(planStudy(studyOf({ ...TINY, store: { points: 'front' } }), 1).estimated_bytes).toBe(0);
  });

  it('estimates less time for more workers, and some disk', () => {
    const study = studyOf({ ...SMALL, workloads: [{ network: 'resnet152', batch: 256 }] });
    const [one, eight] = [planStudy(study, 1), planStudy(study, 8)];
    expect(eight.estimated_seconds).toBeLessThan(one.estimated_seconds);
    expect(one.estimated_bytes).toBeGreaterThan(100 * one.points!);
    expect(one.estimated_bytes).toBeLessThan(1000 * one.points!);
  });

  it('says which axes the model reads nothing from', () => {
    expect(planStudy(studyOf(SMALL), 1).unread_axes).toEqual(['l2_mib']);
    expect(planStudy(studyOf(TINY), 1).unread_axes).toEqual([]);
  });
});
