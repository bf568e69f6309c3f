import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AxisId } from '../../src/model/resources.js';
import { resolveAxis, type AxisSpec } from '../../src/space/axis.js';
import { inputErrorOf, messageOf, studyOf, TITAN_XP } from './studies.js';

const resolve = (id: AxisId, spec: AxisSpec) => resolveAxis(id, spec, TITAN_XP, ['axes', id]).values;

describe('resolveAxis', () => {
  it.each<[AxisId, AxisSpec, (number | string)[]]>([
    ['sm_count', { scale: [1, 2, 4] }, [30, 60, 120]],
    ['sm_count', { scale: [1.1] }, [33]],
    ['sm_count', { scale: [0.7, 1 / 3] }, [21, 10]],
    ['dram_gbps', { scale: [1, 0.5] }, [449.114, 224.557]],
    ['l2_mib', { values: [3, 6, 12.5] }, [3, 6, 12.5]],
    ['l1_kib', { values: [0, 48] }, [0, 48]],
    ['dram_gbps', { range: { from: 400, to: 3200, steps: 3 } }, [400, 1800, 3200]],
    ['dram_gbps', { range: { from: 400, to: 3200, steps: 4, spacing: 'log' } }, [400, 800, 1600, 3200]],
    ['dram_gbps', { range: { from: 3200, to: 400, steps: 2 } }, [3200, 400]],
    ['sm_count', { range: { from: 10, to: 20, steps: 4 } }, [10, 13, 17, 20]],
    ['cta_tile', { values: ['auto', '128x128x8', '512x64x16'] }, ['auto', '128x128x8', '512x64x16']],
  ])('works %s out of %j', (id, spec, values) => {
    const got = resolve(id, spec);
    expect(got).toHaveLength(values.length);
    got.forEach((value, i) => {
      const expected = values[i]!;
      if (typeof expected === 'number') expect(value).toBeCloseTo(expected, 9);
      else expect(value).toBe(expected);
    });
  });

  it('gives whole multiples of SMs as whole numbers, to the last bit', () => {
    expect(110 * 1.1).not.toBe(121);
    const { values } = resolveAxis('sm_count', { scale: [1.1] }, { ...TITAN_XP, sm_count: 110 }, []);
    expect(values).toEqual([121]);
  });

  it('begins and ends a range exactly, and rises all the way', () => {
    const ends = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        ends,
        ends,
        fc.integer({ min: 2, max: 200 }),
        fc.constantFrom('linear' as const, 'log' as const),
        (a, b, steps, spacing) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b) * 2];
          const values = resolve('dram_gbps', { range: { from, to, steps, spacing } }) as number[];
          expect(values).toHaveLength(steps);
          expect(values[0]).toBe(from);
          expect(values.at(-1)).toBe(to);
          expect(values.every((value, i) => i === 0 || value > values[i - 1]!)).toBe(true);
        },
      ),
    );
  });

  it('spaces linear ranges by equal differences and log ranges by equal ratios', () => {
    const linear = resolve('clock_ghz', { range: { from: 1, to: 3, steps: 5 } });
    expect(linear).toEqual([1, 1.5, 2, 2.5, 3]);
    const log = resolve('clock_ghz', { range: { from: 1, to: 16, steps: 5, spacing: 'log' } }) as number[];
    log.slice(1).forEach((value, i) => expect(value / log[i]!).toBeCloseTo(2, 12));
  });

  it.each<[string, AxisId, AxisSpec, string]>([
    [
      'SMs that are not whole',
      'sm_count',
      { scale: [1, 1.05] },
      'axes.sm_count.scale[1]: 1.05 x 30 is 31.5, got 1.05, expected a whole sm_count',
    ],
    [
      'a multiple that is too large',
      'dram_gbps',
      { scale: [1e8] },
      'axes.dram_gbps.scale[0]: 100000000 x 449.114 is too large, got 100000000, expected at most 1000000000',
    ],
    [
      'a multiple that is too small',
      'dram_gbps',
      { scale: [1, 1e-320] },
      'axes.dram_gbps.scale[1]: 1e-320 x 449.114 is too small, got 1e-320, expected at least 1e-9',
    ],
    [
      'a log range from zero',
      'l1_kib',
      { range: { from: 0, to: 48, steps: 3, spacing: 'log' } },
      'axes.l1_kib.range.from: an end of log spacing, got 0, expected more than 0',
    ],
    [
      'what is no tile',
      'cta_tile',
      { values: ['auto', '128x128'] },
      'axes.cta_tile.values[1]: not a CTA tile, got "128x128", expected auto or MxNxK with M and N multiples of 32 up to ' +
        '512, K a multiple of 4 up to 64, at most 1024 threads',
    ],
  ])('refuses %s', (_, id, spec, message) => {
    expect(messageOf(() => resolve(id, spec))).toBe(message);
  });

  it.each(['AUTO', '100x128x8', '128x128x6', '512x512x8', '128x128x8 ', '0128x128x8', '-128x128x8'])(
    'takes %j for no tile',
    (tile) => {
      expect(() => resolve('cta_tile', { values: [tile] })).toThrow('not a CTA tile');
    },
  );

  it('names every bad value at once', () => {
    const { problems } = inputErrorOf(() => resolve('sm_count', { scale: [1.01, 1, 1.02, 1e9] }));
    expect(problems.map(({ path }) => path?.at(-1))).toEqual([0, 2, 3]);
  });

  it('names a hundred thousand bad values in a line that can be read', () => {
    const error = inputErrorOf(() => resolve('sm_count', { scale: new Array<number>(100_000).fill(1.05) }));
    expect(error.problems).toHaveLength(100_000);
    expect(error.message.length).toBeLessThan(3000);
    expect(error.message).toMatch(/; and 99976 more$/);
  });
});

describe('linked axes', () => {
  it('move together: one digit of the grid', () => {
    const study = studyOf({ linked: [{ l1_kib: { scale: [1, 2, 3] }, l1_gbps: { values: [100, 200, 300] } }] });
    expect(study.dimensions.map((d) => d.map(({ id, values }) => [id, values]))).toEqual([
      [['sm_count', [30, 60]]],
      [
        ['l1_kib', [48, 96, 144]],
        ['l1_gbps', [100, 200, 300]],
      ],
    ]);
  });

  it.each([
    [
      'of unequal length',
      [{ l1_kib: { scale: [1, 2] }, l1_gbps: { scale: [1, 2, 3] } }],
      'linked[0].l1_gbps: axes that move together need as many values each, got 3, expected 2 as l1_kib has',
    ],
    [
      'that are crossed already',
      [{ l1_kib: { scale: [1] } }, { sm_count: { scale: [1] } }],
      "linked[1].sm_count: axis 'sm_count' is there twice",
    ],
    [
      'in two groups',
      [{ l1_kib: { scale: [1] } }, { l1_kib: { scale: [1] } }],
      "linked[1].l1_kib: axis 'l1_kib' is there twice",
    ],
    [
      'with bad values',
      [{ macs_per_clk: { scale: [1] }, sm_count: { scale: [1.05] } }],
      'linked[0].sm_count.scale[0]: 1.05 x 30 is 31.5, got 1.05, expected a whole sm_count',
    ],
  ])('%s are refused', (_, linked, message) => {
    const axes = message.includes('1.05') ? {} : { sm_count: { scale: [1, 2] } };
    expect(messageOf(() => studyOf({ axes, linked }))).toBe(message);
  });

  it('and crossed ones are checked at once', () => {
    const { problems } = inputErrorOf(() =>
      studyOf({
        axes: { sm_count: { scale: [1.05] }, cta_tile: { values: ['x'] } },
        linked: [{ l1_kib: { scale: [1, 2] }, l1_gbps: { scale: [1] } }],
        objectives: {},
      }),
    );
    expect(problems).toHaveLength(4);
  });
});
