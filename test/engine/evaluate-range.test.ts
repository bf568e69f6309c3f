import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChunkEvaluator } from '../../src/engine/evaluate-chunk.js';
import { RangeEvaluator } from '../../src/engine/evaluate-range.js';
import { factsOf } from '../../src/engine/facts.js';
import { METRICS } from '../../src/model/metrics.js';
import type { AxisId } from '../../src/model/resources.js';
import { cellOf, columnsOf } from '../../src/space/columns.js';
import { PointEvaluator, pointValues } from '../../src/space/evaluate-point.js';
import { gridOf, type Study } from '../../src/space/study.js';
import { SMALL, SMALL_CONSTRAINTS, studyOf } from '../helpers/specs.js';

const study = studyOf(SMALL);
const { size } = gridOf(study);

/** Rows of a range, by column, derived columns included. */
function rowsBetween(of: Study, from: number, to: number) {
  const chunks = new ChunkEvaluator(of, factsOf(of));
  const batch = chunks.complete(chunks.evaluate(0, { from, to }).batch);
  const columns = columnsOf(of);
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(columns.map((column, c) => [column.name, cellOf(column, batch.columns[c]!, row)])),
  );
}

/** Equal cells; numbers up to the last bits, since derived columns are computed in another order. */
function expectEqualRows(row: Record<string, unknown>, expected: Record<string, unknown>): void {
  expect(Object.keys(row).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, cell] of Object.entries(row))
    if (typeof cell === 'number' && typeof expected[name] === 'number')
      expect(Math.abs(cell - expected[name])).toBeLessThanOrEqual(1e-12 * Math.abs(cell));
    else expect([name, cell]).toEqual([name, expected[name]]);
}

/** A row as the slow, obvious path gives it. */
function expectedRow(of: Study, points: PointEvaluator, id: number) {
  const { workload, axes } = pointValues(of, id);
  const { network, batch, pass } = of.workloads[workload]!;
  const result = points.evaluateId(id);
  const feasible = !('infeasible' in result);
  return {
    ...{ id, design: id % (gridOf(of).size / of.workloads.length), network: network.name, batch, pass },
    ...Object.fromEntries(axes),
    ...Object.fromEntries(METRICS.map((metric) => [metric.name, feasible ? metric.of(result) : null])),
    infeasible: feasible ? null : result.infeasible,
  };
}

/** The design of a point by name, in the units of files; what is not swept as the baseline has it. */
function designOf(of: Study, id: number) {
  return { ...of.baseline, ...Object.fromEntries(pointValues(of, id).axes) } as unknown as Record<string, number>;
}

describe('a range of the grid', () => {
  it('holds, of every point, what a direct evaluation gives', () => {
    const points = new PointEvaluator(study);
    for (const row of rowsBetween(study, 0, size)) expectEqualRows(row, expectedRow(study, points, Number(row['id'])));
  });

  it('keeps exactly the points that plain code keeps, and counts what each constraint rejects by itself', () => {
    const ids = Array.from({ length: size }, (_, id) => id);
    const designs = ids.map((id) => designOf(study, id));
    const { rejected, rejectedBy } = new RangeEvaluator(study).evaluate(0, size);
    const kept = ids.filter((id) => SMALL_CONSTRAINTS.every((holds) => holds(designs[id]!)));
    expect(rowsBetween(study, 0, size).map(({ id }) => id)).toEqual(kept);
    expect(rejected).toBe(size - kept.length);
    expect(rejectedBy).toEqual(SMALL_CONSTRAINTS.map((holds) => designs.filter((design) => !holds(design)).length));
    expect(rejectedBy.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(rejected); // some points break both
    expect(rejected).toBeGreaterThan(Math.max(...rejectedBy)); // and some only this or that
  });

  it('is the same wherever it is cut', () => {
    const all = rowsBetween(study, 0, size);
    const cut = fc.nat({ max: size });
    fc.assert(
      fc.property(cut, cut, (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const expected = all.filter(({ id }) => Number(id) >= from && Number(id) < to);
        expect(rowsBetween(study, from, to)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('equals direct evaluation for studies of any axes', () => {
    const factors = fc.array(fc.constantFrom(0.25, 0.5, 1, 1.5, 2, 3), { minLength: 1, maxLength: 3 });
    const scaled: AxisId[] = ['clock_ghz', 'macs_per_clk', 'register_kib', 'smem_kib', 'l1_gbps', 'l2_mib', 'dram_ns'];
    const axes = fc.dictionary(fc.constantFrom(...scaled), factors, { minKeys: 1, maxKeys: 4 });
    fc.assert(
      fc.property(axes, (values) => {
        const any = studyOf({
          name: 'any',
          baseline: 'p100',
          workloads: [{ network: 'alexnet', batch: 3 }],
          axes: Object.fromEntries(Object.entries(values).map(([id, scale]) => [id, { scale }])),
        });
        const points = new PointEvaluator(any);
        const rows = rowsBetween(any, 0, gridOf(any).size);
        expect(rows).toHaveLength(gridOf(any).size);
        for (const row of rows) expectEqualRows(row, expectedRow(any, points, Number(row['id'])));
      }),
      { numRuns: 25 },
    );
  });
});
