import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LimitFilter, showLimit, type Limit } from '../../src/analysis/limits.js';

const AT_MOST: Limit = { metric: 'area_mm2', side: 'at most', value: 600 };
const AT_LEAST: Limit = { metric: 'speedup', side: 'at least', value: 2 };

const rowsOf = (...rows: [area: number, speedup: number][]) => ({
  ids: Float64Array.from(rows, (_, id) => id),
  values: [Float64Array.from(rows, ([area]) => area), Float64Array.from(rows, ([, speedup]) => speedup)],
});

const kept = (limits: Limit[], ...rows: [number, number][]) => {
  const filter = new LimitFilter(limits, ['area_mm2', 'speedup']);
  const { ids, values } = filter.keep(rowsOf(...rows));
  expect(values.map(({ length }) => length)).toEqual([ids.length, ids.length]);
  return { ids: [...ids], relaxed: filter.relaxed().map(showLimit) };
};

describe('limits', () => {
  it.each<[string, Limit[], [number, number][], number[], string[]]>([
    ['none let everything pass', [], [[1, 2]], [0], []],
    ['include their own value', [AT_MOST, AT_LEAST], [[600, 2]], [0], []],
    ['let nothing pass that is NaN', [AT_MOST], [[NaN, 2]], [], []],
    [
      'tell the nearest',
      [AT_MOST],
      [
        [700, 0],
        [650, 0],
        [900, 0],
      ],
      [],
      ['area_mm2 <= 650'],
    ],
    [
      'tell the nearest with the others kept',
      [AT_MOST, AT_LEAST],
      [
        [700, 2],
        [650, 1],
        [500, 1.5],
      ],
      [],
      ['area_mm2 <= 700', 'speedup >= 1.5'],
    ],
    ['tell nothing where every row is beyond two', [AT_MOST, AT_LEAST], [[700, 1]], [], []],
    ['tell numbers that let the nearest pass', [AT_MOST], [[612.34567, 1]], [], ['area_mm2 <= 612.4']],
    ['and round down what is a least', [AT_LEAST], [[1, 1.23456]], [], ['speedup >= 1.234']],
  ])('%s', (_, limits, rows, ids, relaxed) => {
    expect(kept(limits, ...rows)).toEqual({ ids, relaxed });
  });

  it('let the nearest row pass once they are what is told', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const rows = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(rows, value, value, (table, most, least) => {
        const limits: Limit[] = [
          { ...AT_MOST, value: most },
          { ...AT_LEAST, value: least },
        ];
        const filter = new LimitFilter(limits, ['area_mm2', 'speedup']);
        const { ids } = filter.keep(rowsOf(...table));
        expect([...ids]).toEqual(
          table.flatMap(([area, speedup], id) => (area <= most && speedup >= least ? [id] : [])),
        );
        for (const relaxed of filter.relaxed()) {
          const others = limits.filter(({ metric }) => metric !== relaxed.metric);
          const again = new LimitFilter([relaxed, ...others], ['area_mm2', 'speedup']);
          expect(again.keep(rowsOf(...table)).ids.length).toBeGreaterThan(ids.length);
        }
      }),
    );
  });
});
