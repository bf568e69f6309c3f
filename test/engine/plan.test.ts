import { describe, expect, it } from '@jest/globals';
import { planStudy } from '../../src/engine/plan.js';
import { RangeEvaluator } from '../../src/engine/evaluate-range.js';
import { gridOf } from '../../src/space/study.js';
import { SMALL, studyOf, TINY } from '../helpers/specs.js';

describe('a plan', () => {
  it('counts the points that a run will store, and what each constraint rejects', () => {
    const study = studyOf(SMALL);
    const walked = new RangeEvaluator(study).evaluate(0, gridOf(study).size);
    const plan = planStudy(study, 2, 100);
    expect(plan).toMatchObject({ points: walked.batch.rows, grid: 1200, rejected: walked.rejected, chunks: 12 });
    expect(plan.constraints).toEqual(
      study.constraints.map((expression, i) => ({ expression, rejected: walked.rejectedBy[i] })),
    );
  });

  it.each([
    { chunkPoints: 1, chunks: 40 },
    { chunkPoints: 39, chunks: 2 },
    { chunkPoints: 40, chunks: 1 },
    { chunkPoints: 1000, chunks: 1 },
  ])('cuts 40 points into $chunks chunks of $chunkPoints', ({ chunkPoints, chunks }) => {
    expect(planStudy(studyOf(TINY), 1, chunkPoints)).toMatchObject({ chunks, chunk_points: chunkPoints, points: 40 });
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
