import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { showDecimal } from '../../src/model/decimal.js';

const significant = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** The number both ways, and as Intl has it. */
function expectAsIntl(value: number): void {
  expect(showDecimal(value, () => 4)).toBe(significant.format(value));
  expect(showDecimal(value, (wholeDigits) => wholeDigits)).toBe(grouped.format(value));
}

/** Numbers of few decimals, many of which are half way between two of fewer. */
const short = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: -12, max: 25 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));

describe('a number as people read it', () => {
  it.each([
    [0.00012345, '0.0001235'],
    [1.0005, '1.001'], // as a double it is below: its shortest decimal is what counts
    [999.95, '1,000'],
    [-2.5, '-2.5'],
    [1e21, '1,000,000,000,000,000,000,000'],
  ])('rounds %d to four digits: %s', (value, text) => {
    expect(showDecimal(value, () => 4)).toBe(text);
  });

  it.each([0, -0, 0.5, -0.5, 0.05, 9.5, 99999.5, 2 ** 53 + 2, 5e-324, 1.7e308, NaN, Infinity, -Infinity])(
    'is what Intl writes: %d',
    expectAsIntl,
  );

  it('is what Intl writes, for any number', () => {
    fc.assert(fc.property(fc.oneof(fc.double(), short), expectAsIntl), { numRuns: 2000 });
  });
});
