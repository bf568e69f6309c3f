/** Error statistics, equation (89) of docs/model.md, by hand. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorStatistics, spearman } from '../../src/analysis/validation.js';

/** Predictions that are these multiples of what was measured: 1, 2, 3, ... */
const ratios = (...values: number[]) => values.map((ratio, i) => ({ predicted: ratio * (i + 1), measured: i + 1 }));

describe('error statistics', () => {
  it.each([
    // r = ln 2, -ln 2, 0, 2 ln 2: mean |r| = ln 2, mean r = (ln 2)/2; |r| in order 0, ln 2, ln 2, 2 ln 2
    [[2, 0.5, 1, 4], { gmae: 1, bias: Math.SQRT2, median_abs_error: 1, p90_abs_error: 3, max_abs_error: 3 }],
    // as far off above as below
    [[3, 1 / 3], { gmae: 2, bias: 1, median_abs_error: 2, p90_abs_error: 2, max_abs_error: 2 }],
    // |r| = ln 1.1, ln 1.2, ln 1.5: the second; the third (0.9 x 3 = 2.7)
    [
      [1 / 1.1, 1 / 1.5, 1 / 1.2],
      {
        gmae: (1.1 * 1.2 * 1.5) ** (1 / 3) - 1,
        bias: 1 / (1.1 * 1.2 * 1.5) ** (1 / 3),
        median_abs_error: 0.2,
        p90_abs_error: 0.5,
        max_abs_error: 0.5,
      },
    ],
    [[1, 1, 1], { gmae: 0, bias: 1, median_abs_error: 0, p90_abs_error: 0, max_abs_error: 0 }],
    [[0.25], { gmae: 3, bias: 0.25, median_abs_error: 3, p90_abs_error: 3, max_abs_error: 3 }],
  ])('of the ratios %j are %j', (values, expected) => {
    const { n, spearman: _rank, ...figures } = errorStatistics(ratios(...values));
    expect(n).toBe(values.length);
    expect(Object.keys(figures).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected))
      expect(figures[name as keyof typeof figures]).toBeCloseTo(value, 12);
  });

  it('have the quantile that this many rows lie below', () => {
    // errors of 1%, 2%, ... 20%: 10 rows lie below the 11th, 18 below the 19th
    const errors = Array.from({ length: 20 }, (_, i) => 1 + (i + 1) / 100);
    const figures = errorStatistics(ratios(...errors.reverse()));
    expect(figures.median_abs_error).toBeCloseTo(0.11, 12);
    expect(figures.p90_abs_error).toBeCloseTo(0.19, 12);
    expect(figures.max_abs_error).toBeCloseTo(0.2, 12);
  });

  it('rank predictions against measurements', () => {
    const rows = [
      { predicted: 10, measured: 1 },
      { predicted: 30, measured: 2 },
      { predicted: 20, measured: 3 },
    ];
    // ranks 0, 2, 1 against 0, 1, 2: deviations (-1, 1, 0) and (-1, 0, 1): 1/2
    expect(errorStatistics(rows).spearman).toBeCloseTo(0.5, 12);
  });

  it('do not know units, and mirror where predictions and measurements change places', () => {
    const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const rows = fc.array(fc.record({ predicted: positive, measured: positive }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, positive, (comparisons, unit) => {
        const plain = errorStatistics(comparisons);
        const scaled = errorStatistics(
          comparisons.map(({ predicted, measured }) => ({ predicted: unit * predicted, measured: unit * measured })),
        );
        const mirrored = errorStatistics(
          comparisons.map(({ predicted, measured }) => ({ predicted: measured, measured: predicted })),
        );
        for (const other of [scaled, mirrored])
          for (const name of ['gmae', 'median_abs_error', 'p90_abs_error', 'max_abs_error'] as const)
            expect((1 + other[name]) / (1 + plain[name])).toBeCloseTo(1, 9);
        expect(scaled.bias / plain.bias).toBeCloseTo(1, 9);
        expect(mirrored.bias * plain.bias).toBeCloseTo(1, 9);
        expect(plain.gmae).toBeLessThanOrEqual(plain.max_abs_error * (1 + 1e-9) + 1e-12);
        expect(plain.median_abs_error).toBeLessThanOrEqual(plain.p90_abs_error);
      }),
    );
  });
});

describe('rank correlation', () => {
  it.each([
    [[1, 2, 3, 4], [10, 20, 21, 400], 1],
    [[1, 2, 3, 4], [4, 3, 2, 1], -1],
    // ranks 0, 1, 2, 3 and 1, 0, 3, 2: sum of squared differences 4; 1 - 6 x 4/(4 x 15)
    [[1, 2, 3, 4], [2, 1, 4, 3], 0.6],
    // ties share their mean rank: 0, 1.5, 1.5, 3 against 0, 2, 1, 3: covariance 4.5, variances 4.5 and 5
    [[1, 2, 2, 3], [1, 3, 2, 4], 4.5 / Math.sqrt(22.5)],
    // three alike: ranks 1, 1, 1, 3 against 0, 1, 2, 3: deviations -.5, -.5, -.5, 1.5 and -1.5, -.5, .5, 1.5
    [[5, 5, 5, 9], [1, 2, 3, 4], 3 / Math.sqrt(3 * 5)],
    // ties on both sides, alike
    [[7, 1, 7, 1], [20, 10, 20, 10], 1],
  ])('of %j and %j is %d', (a, b, correlation) => {
    expect(spearman(a, b)).toBeCloseTo(correlation, 12);
    expect(spearman(b, a)).toBeCloseTo(correlation, 12);
    expect(spearman(a.map(Math.exp), b)).toBeCloseTo(correlation, 12);
  });

  it.each([
    [
      [1, 1, 1],
      [1, 2, 3],
    ],
    [[1], [2]],
  ])('is not defined where a side does not vary: %j, %j', (a, b) => expect(spearman(a, b)).toBeNaN());
});
