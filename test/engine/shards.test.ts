import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunkCount, chunkRange } from '../../src/engine/chunks.js';
import { shardChunks, showIndices } from '../../src/engine/shards.js';
import { estimateWork } from '../../src/engine/work.js';
import { compileConstraints } from '../../src/space/constraints.js';
import { digitsOf } from '../../src/space/grid.js';
import { gridOf, type Study, type SweepSpec } from '../../src/space/study.js';
import { OPTIONS, SMALL, studyOf, TINY, WIDE } from '../helpers/specs.js';

/** Nothing is kept of the first half of the grid, and all of the second. */
const LOPSIDED: SweepSpec = {
  ...TINY,
  axes: {
    sm_count: { scale: [1, 2, 3, 4] },
    l2_gbps: { range: { from: 1000, to: 8000, steps: 40 } },
    dram_gbps: { range: { from: 400, to: 3200, steps: 50 } },
  },
  constraints: ['sm_count > 2 * base.sm_count'],
};
const STUDIES = [WIDE, SMALL, OPTIONS, LOPSIDED, { ...WIDE, store: { points: 'front' as const } }].map(studyOf);

const shardsOf = (study: Study, count: number, chunkPoints: number) =>
  Array.from({ length: count }, (_, i) => shardChunks(study, { index: i + 1, count }, chunkPoints));

/** Points of a range that the constraints keep, one by one. */
function keptOf(study: Study, from: number, to: number): number {
  const grid = gridOf(study);
  const constraints = compileConstraints(study.constraints, grid, study.baseline);
  const digits: number[] = [];
  let kept = 0;
  for (let id = from; id < to; id++) {
    digitsOf(grid, id, digits);
    if (constraints.every(({ accepts }) => accepts(digits))) kept++;
  }
  return kept;
}

describe('the shards of a study', () => {
  const cases = fc.record({
    study: fc.constantFrom(...STUDIES),
    count: fc.integer({ min: 1, max: 12 }),
    chunkPoints: fc.integer({ min: 2, max: 400 }),
  });

  it('have every chunk once, in order, however many there are', () => {
    fc.assert(
      fc.property(cases, ({ study, count, chunkPoints }) => {
        const shards = shardsOf(study, count, chunkPoints);
        const bounds = [0, ...shards.map(({ to }) => to)];
        shards.forEach(({ from, to }, i) => {
          expect(from).toBe(bounds[i]);
          expect(to).toBeGreaterThanOrEqual(from);
        });
        expect(bounds.at(-1)).toBe(chunkCount(gridOf(study).size, chunkPoints));
      }),
      { numRuns: 30 },
    );
  });

  it('differ from the mean by the work of one chunk at most', () => {
    fc.assert(
      fc.property(cases, ({ study, count, chunkPoints }) => {
        const { size } = gridOf(study);
        const chunks = Array.from({ length: chunkCount(size, chunkPoints) }, (_, c) =>
          chunkRange(c, size, chunkPoints),
        );
        const work = estimateWork(study, chunks);
        const sum = (from: number, to: number) => work.slice(from, to).reduce((a, b) => a + b, 0);
        const mean = sum(0, work.length) / count;
        for (const { from, to } of shardsOf(study, count, chunkPoints))
          expect(Math.abs(sum(from, to) - mean)).toBeLessThanOrEqual(Math.max(...work) * (1 + 1e-9));
      }),
      { numRuns: 30 },
    );
  });

  it('are balanced by the points that constraints keep, not by the grid', () => {
    const study = studyOf(LOPSIDED);
    const chunkPoints = 100;
    const kept = shardsOf(study, 4, chunkPoints).map(({ from, to }) =>
      keptOf(study, from * chunkPoints, to * chunkPoints),
    );
    expect(kept.reduce((a, b) => a + b)).toBe(4000);
    for (const points of kept) expect(Math.abs(points - 1000)).toBeLessThanOrEqual(1.1 * chunkPoints);
  });

  it('follow from the study and their number alone: every machine cuts it so', () => {
    expect(shardsOf(studyOf(WIDE), 4, 23)).toEqual([
      { from: 0, to: 20 },
      { from: 20, to: 39 },
      { from: 39, to: 59 },
      { from: 59, to: 79 },
    ]);
  });

  it('of a grid of 10^12 points are cut in no time, and have as many points to a thousandth', () => {
    const axis = (from: number, to: number, steps: number) => ({ range: { from, to, steps } });
    const study = studyOf({
      ...TINY,
      axes: { l2_gbps: axis(1000, 8000, 100_000), dram_gbps: axis(400, 3200, 100_000), clock_ghz: axis(1, 2, 100) },
      store: { points: 'front' },
    });
    const chunks = chunkCount(gridOf(study).size, 1_000_000);
    const shards = shardsOf(study, 3, 1_000_000);
    for (const { from, to } of shards) expect((3 * (to - from)) / chunks).toBeCloseTo(1, 3);
  });
});

describe('indices of shards', () => {
  it.each([
    [[], ''],
    [[3], '3'],
    [[1, 2, 3], '1-3'],
    [[3, 7, 8, 9, 12, 13], '3,7-9,12-13'],
  ])('%j are %s to Slurm', (indices, text) => expect(showIndices(indices)).toBe(text));
});
