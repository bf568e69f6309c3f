/** Chunks of studies that keep the front alone: against all points, taken together by plain code. */
import { describe, expect, it } from '@jest/globals';
import { ChunkEvaluator } from '../../src/engine/evaluate-chunk.js';
import { factsOf } from '../../src/engine/facts.js';
import { LOG_UNIT } from '../../src/engine/marginals.js';
import type { Marginal } from '../../src/engine/sink.js';
import { cellOf, columnsOf } from '../../src/space/columns.js';
import { digitsOf } from '../../src/space/grid.js';
import { gridOf, type Study } from '../../src/space/study.js';
import { bruteForceFront } from '../helpers/fronts.js';
import { SMALL, studyOf } from '../helpers/specs.js';
import type { Row } from '../helpers/stored.js';

const all = studyOf(SMALL);
const front = studyOf({
  ...SMALL,
  store: { points: 'front' },
  objectives: { minimize: ['area_mm2'], maximize: ['speedup'] },
});
const { size } = gridOf(all);

/** Rows of a chunk, all columns. */
function rowsOf(study: Study, from: number, to: number): Row[] {
  const chunks = new ChunkEvaluator(study, factsOf(study));
  const batch = chunks.complete(chunks.evaluate(0, { from, to }).batch);
  const columns = columnsOf(study);
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(columns.map((column, c) => [column.name, cellOf(column, batch.columns[c]!, row)])),
  );
}

/** Summaries by plain code. */
function marginalsOf(rows: readonly Row[]): Marginal[] {
  const sums = new Map<string, Marginal>();
  for (const row of rows) {
    const digits: number[] = [];
    digitsOf(gridOf(all), Number(row['id']), digits);
    for (let digit = 1; digit < digits.length; digit++) {
      const key = [digits[0], digit, digits[digit]].join();
      const none = { points: 0, infeasible: 0, logTimeSum: 0, leastTimeMs: Infinity, leastTimeId: -1 };
      const sum = sums.get(key) ?? { workload: digits[0]!, digit, position: digits[digit]!, ...none };
      sums.set(key, sum);
      sum.points++;
      const time = row['time_ms'];
      if (typeof time !== 'number') sum.infeasible++;
      else {
        sum.logTimeSum += Math.round(Math.log(time) / LOG_UNIT);
        if (time < sum.leastTimeMs) [sum.leastTimeMs, sum.leastTimeId] = [time, Number(row['id'])];
      }
    }
  }
  return [...sums.values()];
}

const sorted = (marginals: readonly Marginal<number | bigint>[]) =>
  [...marginals].sort((a, b) => a.workload - b.workload || a.digit - b.digit || a.position - b.position);

describe('a chunk of a study that keeps the front', () => {
  it.each([
    [0, size],
    [0, 600],
    [130, 1111],
    [7, 8],
  ])('from %i to %i has the front of each workload, ids ascending, and summaries of all points', (from, to) => {
    const chunk = new ChunkEvaluator(front, factsOf(front)).evaluate(3, { from, to });
    const rows = rowsOf(all, from, to);
    const feasible = rows.filter((row) => row['time_ms'] !== null);
    const expected = ['alexnet', 'vgg16'].flatMap((network) =>
      bruteForceFront(
        feasible.filter((row) => row['network'] === network),
        (row) => [Number(row['area_mm2']), -Number(row['speedup'])],
      ),
    );
    expect([...chunk.batch.columns[0]!]).toEqual(expected);
    expect(chunk).toMatchObject({ chunk: 3, from, to, points: rows.length, rejected: to - from - rows.length });
    expect(sorted(chunk.marginals!)).toEqual(sorted(marginalsOf(rows)));
  });

  it('has the whole rows of its front', () => {
    const whole = new Map(rowsOf(all, 0, size).map((row) => [row['id'], row]));
    for (const row of rowsOf(front, 0, size)) expect(row).toEqual(whole.get(row['id']));
  });

  it('may be empty', () => {
    const infeasible = studyOf({
      ...SMALL,
      axes: { register_kib: { values: [16] } },
      linked: [],
      constraints: [],
      store: { points: 'front' },
    });
    const { batch, points, marginals } = new ChunkEvaluator(infeasible, factsOf(infeasible)).evaluate(0, {
      from: 0,
      to: 2,
    });
    expect([batch.rows, points]).toEqual([0, 2]);
    expect(marginals!.map((marginal) => marginal.infeasible)).toEqual([1, 1]);
  });
});
