import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { paretoFront, type Goal } from '../../src/analysis/pareto.js';
import { randomFrom } from '../../src/model/simulation/random.js';
import { archiveRows, bruteForceRows } from '../helpers/fronts.js';

const front = (columns: number[][], goals: Goal[]) =>
  paretoFront(
    columns.map((column) => Float64Array.from(column)),
    goals,
  );

/** Small whole numbers, so that ties and duplicates abound. */
const anyTable = (objectives: number) => {
  const rows = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: objectives, maxLength: objectives }), {
    maxLength: 60,
  });
  const goals = fc.array(fc.constantFrom<Goal>('minimize', 'maximize'), {
    minLength: objectives,
    maxLength: objectives,
  });
  return fc.tuple(rows, goals);
};

describe('the Pareto front', () => {
  it.each<[string, number[][], Goal[], number[]]>([
    ['of nothing', [[], []], ['minimize', 'minimize'], []],
    ['of one row', [[3], [4]], ['minimize', 'maximize'], [0]],
    ['of one objective: all of the least', [[2, 1, 3, 1]], ['minimize'], [1, 3]],
    ['of one objective to be large', [[2, 1, 3, 3]], ['maximize'], [2, 3]],
    // (4,1) (1,4) (2,2) (3,3) is behind (2,2); sorted by the first
    [
      'sorted by the first objective',
      [
        [4, 1, 2, 3],
        [1, 4, 2, 3],
      ],
      ['minimize', 'minimize'],
      [1, 2, 0],
    ],
    [
      'with all equal rows',
      [
        [1, 1, 2],
        [1, 1, 0],
      ],
      ['minimize', 'minimize'],
      [0, 1, 2],
    ],
    // as fast but larger, and as small but slower: both are dominated
    [
      'without ties in one objective',
      [
        [1, 1, 2],
        [5, 6, 5],
      ],
      ['minimize', 'minimize'],
      [0],
    ],
    [
      'with infinities',
      [
        [Infinity, 1],
        [0, Infinity],
      ],
      ['minimize', 'minimize'],
      [1, 0],
    ],
    [
      'with zeros of both signs as equals',
      [
        [0, -0, 0],
        [-0, 0, 1],
      ],
      ['minimize', 'maximize'],
      [2],
    ],
    [
      'without rows that have NaN',
      [
        [1, 2, NaN, 3],
        [NaN, 2, 0, 1],
      ],
      ['minimize', 'minimize'],
      [1, 3],
    ],
  ])('%s', (_what, columns, goals, rows) => expect(front(columns, goals)).toEqual(rows));

  it.each([1, 2, 3, 4, 5])('of %i objectives is that of comparing every pair', (objectives) => {
    fc.assert(
      fc.property(anyTable(objectives), ([rows, goals]) => {
        const columns = goals.map((_, i) => rows.map((row) => row[i]!));
        expect(front(columns, goals)).toEqual(bruteForceRows(columns, goals));
      }),
      { numRuns: 300 },
    );
  });

  it.each([2, 3, 4])('of 200 000 points and %i objectives is that of a sort and a plain archive', (objectives) => {
    const random = randomFrom(objectives);
    const columns = Array.from({ length: objectives }, () => new Float64Array(200_000).map(random));
    const goals = columns.map((_, k): Goal => (k === 1 ? 'maximize' : 'minimize'));
    expect(paretoFront(columns, goals)).toEqual(archiveRows(columns, goals));
  });

  it('refuses columns that do not fit the goals, and none at all', () => {
    expect(() => paretoFront([Float64Array.of(1)], ['minimize', 'minimize'])).toThrow(RangeError);
    expect(() => paretoFront([], [])).toThrow(RangeError);
  });

  it('leaves its columns as they were', () => {
    const columns = [Float64Array.of(2, 1), Float64Array.of(1, 2)];
    paretoFront(columns, ['maximize', 'minimize']);
    expect(columns).toEqual([Float64Array.of(2, 1), Float64Array.of(1, 2)]);
  });
});
