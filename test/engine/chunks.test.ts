import { describe, expect, it } from '@jest/globals';
import { chunkCount, chunkPointsOf, chunkRange, MAX_CHUNK_POINTS, wholeTurns } from '../../src/engine/chunks.js';
import { gridOf } from '../../src/space/study.js';
import { makeGrid } from '../../src/space/grid.js';
import { dimensionOf } from '../space/studies.js';
import { LARGE, SMALL, studyOf } from '../helpers/specs.js';

describe('the chunks of a grid', () => {
  it.each([
    [[2, 3, 4], 24, 24],
    [[2, 3, 4], 100, 96], // whole grids, if that many fit
    [[2, 3, 4], 23, 12], // one workload
    [[2, 3, 4], 11, 8], // two turns of the last digit
    [[2, 3, 4], 3, 3], // part of a turn
    [[1, 7], 1, 1],
  ])('of radices %j and at most %i points have %i', (radices, most, points) => {
    expect(wholeTurns(makeGrid(radices[0]!, radices.slice(1).map(dimensionOf)), most)).toBe(points);
  });

  it('cover every id once', () => {
    for (const [size, points] of [
      [100, 33],
      [99, 33],
      [1, 33],
    ] as const) {
      const ranges = Array.from({ length: chunkCount(size, points) }, (_, chunk) => chunkRange(chunk, size, points));
      expect(ranges.map(({ from }) => from)).toEqual([0, ...ranges.slice(0, -1).map(({ to }) => to)]);
      expect(ranges.at(-1)!.to).toBe(size);
    }
  });

  it('are bounded in points, and larger where the front alone is kept', () => {
    for (const spec of [SMALL, LARGE]) {
      const study = studyOf(spec);
      expect(chunkPointsOf(study)).toBeLessThanOrEqual(MAX_CHUNK_POINTS);
      expect(chunkPointsOf({ ...study, store: 'front' })).toBeGreaterThan(
        Math.min(gridOf(study).size, MAX_CHUNK_POINTS) - 1,
      );
    }
  });
});
