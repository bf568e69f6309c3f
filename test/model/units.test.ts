import { describe, expect, it } from '@jest/globals';
import {
  GIGA,
  KIB,
  MIB,
  MICRO,
  MILLI,
  NANO,
  showBytes,
  showDuration,
  showNumber,
  showPercent,
  TERA,
} from '../../src/model/units.js';

describe('units', () => {
  it('has KiB and MiB in powers of two, everything else in powers of ten', () => {
    expect([KIB, MIB]).toEqual([2 ** 10, 2 ** 20]);
    expect([NANO, MICRO, MILLI, GIGA, TERA]).toEqual([1e-9, 1e-6, 1e-3, 1e9, 1e12]);
  });

  it.each([
    [0, '0'],
    [0.000123456, '0.0001235'],
    [1.5, '1.5'],
    [123.456, '123.5'],
    [999, '999'],
    [1000, '1,000'],
    [12345678, '12,345,678'],
    [-2500, '-2,500'],
  ])('shows the number %p as %p', (value, shown) => expect(showNumber(value)).toBe(shown));

  it.each([
    [0, '0%'],
    [0.004, '0%'],
    [0.005, '1%'],
    [0.666, '67%'],
    [1, '100%'],
  ])('shows the fraction %p as %p', (value, shown) => expect(showPercent(value)).toBe(shown));

  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [123_456, '123.5 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1 MB'], // 999.95 kB rounds to 1000 kB, which is a figure of the next unit
    [1e6, '1 MB'],
    [1.5e9, '1.5 GB'],
    [1e12, '1 TB'],
    [1e15, '1 PB'],
    [2e18, '2 EB'],
    [5e21, '5,000 EB'], // there is no larger unit
  ])('shows %p bytes as %p', (bytes, shown) => expect(showBytes(bytes)).toBe(shown));

  it.each([
    [0, '1 ms'],
    [0.0123, '12 ms'],
    [0.9994, '999 ms'],
    [0.9996, '1.0 s'],
    [1, '1.0 s'],
    [9.44, '9.4 s'],
    [10, '10 s'],
    [59.6, '1 min'],
    [60, '1 min'],
    [90, '1 min 30 s'],
    [3600, '1 h'],
    [3661, '1 h 1 min'], // 61 s over the hour: whole minutes only
    [86_400, '1 d'],
    [100_000, '1 d 3 h'], // 13,600 s over the day, 3.8 h
    [86_400 * 999, '999 d'],
    [86_400 * 1234 + 3600, '1,234 d'],
  ])('shows %p seconds as %p', (seconds, shown) => expect(showDuration(seconds)).toBe(shown));
});
