/** Bounds of cells against the plain path of the model. */
import { describe, expect, it } from '@jest/globals';
import { RATES } from '../../../src/model/resources.js';
import type { Ranges } from '../../../src/model/time-bounds.js';
import type { SearchedCell } from '../../../src/engine/frontier/cells.js';
import { Cells } from '../../../src/engine/frontier/cells.js';
import { totalArea } from '../../../src/model/cost.js';
import { PointEvaluator } from '../../../src/space/evaluate-point.js';
import type { Study } from '../../../src/space/study.js';
import { randomOf, type Random } from '../../helpers/random.js';
import { randomQuestion } from '../../helpers/random-questions.js';

/** Values of some designs of the cell at hand, drawn from a box of it, and the ranges of the box. */
function drawBox(random: Random, cells: Cells, cell: SearchedCell) {
  const lists = cells.rateDigits.map(({ size }) => {
    const first = random.below(size);
    return Array.from({ length: 1 + random.below(size - first) }, (_, i) => first + i);
  });
  const ranges: Ranges = { least: cell.fixed.slice(), most: cell.fixed.slice() };
  cells.rateDigits.forEach(({ fields, values }, d) =>
    fields.forEach((field, i) => {
      const inBox = lists[d]!.map((value) => values[i]![value]!);
      ranges.least[field] = Math.min(...inBox);
      ranges.most[field] = Math.max(...inBox);
    }),
  );
  const design = () => lists.map((list) => list[random.below(list.length)]!);
  return { ranges, designs: Array.from({ length: 6 }, design) };
}

/** Rates and latencies of a design. */
function pointOf(cells: Cells, cell: SearchedCell, design: readonly number[]): Float64Array {
  const point = cell.fixed.slice();
  cells.rateDigits.forEach(({ fields, values }, d) =>
    fields.forEach((field, i) => (point[field] = values[i]![design[d]!]!)),
  );
  return point;
}

/** Calls back for boxes of some cells of a study, with designs of each. */
function visitBoxes(
  study: Study,
  random: Random,
  visit: (cells: Cells, cell: SearchedCell, box: ReturnType<typeof drawBox>) => void,
): void {
  const cells = new Cells(study, true);
  for (let n = 0; n < 3; n++)
    for (const cell of cells.of(random.below(study.workloads.length), random.below(cells.pieces)))
      visit(cells, cell, drawBox(random, cells, cell));
}

const studies = Array.from({ length: 12 }, (_, i) => randomQuestion(randomOf(100 + i), 3000).study);

describe('a cell', () => {
  it.each(studies.map((study, i) => [i, study] as const))('of study %i bounds its designs', (i, study) => {
    const points = new PointEvaluator(study);
    let boxes = 0;
    visitBoxes(study, randomOf(i), (cells, { bounds, areas, digits, ...rest }, box) => {
      const searched = { bounds, areas, digits, ...rest };
      const least = bounds.leastSeconds(box.ranges);
      const slopes = new Float64Array(RATES.length);
      const point = pointOf(cells, searched, box.designs[0]!);
      const seconds = bounds.tangentAt(point, box.ranges, slopes);
      boxes++;
      for (const design of box.designs) {
        cells.rateDigits.forEach(({ digit }, d) => (digits[digit] = design[d]!));
        const result = points.evaluate(digits);
        if ('infeasible' in result) throw new Error(result.infeasible);
        const { seconds: time } = result.workload;
        const own = pointOf(cells, searched, design);
        expect(bounds.leastSeconds({ least: own, most: own }) / time).toBeCloseTo(1, 11);
        expect(least).toBeLessThanOrEqual(time * (1 + 1e-12));
        let tangent = Math.log(seconds);
        RATES.forEach((_, r) => (tangent -= slopes[r]! * Math.log(own[r]! / point[r]!)));
        expect(tangent).toBeLessThanOrEqual(Math.log(time) + 1e-12);
        const area = design.reduce((sum, value, d) => sum + areas.added[d]![value]!, areas.base);
        expect(area / totalArea(result.areas)).toBeCloseTo(1, 12);
      }
    });
    expect(boxes).toBeGreaterThan(0);
  });

  it('has the slopes of its own time', () => {
    for (const [i, study] of studies.entries())
      visitBoxes(study, randomOf(i), (cells, searched, box) => {
        const point = pointOf(cells, searched, box.designs[0]!);
        const slopes = new Float64Array(RATES.length);
        const at = { least: point, most: point };
        searched.bounds.tangentAt(point, at, slopes);
        for (const r of RATES.keys()) {
          const step = 1e-5;
          const moved = (factor: number) => {
            const other = point.slice();
            other[r]! *= factor;
            return Math.log(searched.bounds.tangentAt(other, at, new Float64Array(RATES.length)));
          };
          const [below, here, above] = [moved(1 / (1 + step)), moved(1), moved(1 + step)];
          // at a kink the slope is between those on both sides
          const [a, b] = [(below - here) / Math.log1p(step), (here - above) / Math.log1p(step)];
          expect(slopes[r]!).toBeGreaterThan(Math.min(a, b) - 1e-4);
          expect(slopes[r]!).toBeLessThan(Math.max(a, b) + 1e-4);
        }
      });
  });
});
