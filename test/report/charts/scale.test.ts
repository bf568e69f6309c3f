import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scaleOf } from '../../../src/report/charts/scale.js';

describe('a scale', () => {
  it.each([
    { values: [80, 572], most: 9, type: 'log', ticks: [80, 100, 150, 200, 300, 400, 500, 600] },
    { values: [1, 1000], most: 5, type: 'log', ticks: [1, 10, 100, 1000] },
    { values: [10, 20], most: 6, type: 'linear', ticks: [10, 12, 14, 16, 18, 20] },
    { values: [-5, 0, 5], most: 5, type: 'linear', ticks: [-5, 0, 5] },
    { values: [7], most: 5, type: 'linear', ticks: [6.8, 7, 7.2] },
    { values: [0], most: 5, type: 'linear', ticks: [-0.04, -0.02, 0, 0.02, 0.04] },
  ])('of $values is $type with round ticks', ({ values, most, type, ticks }) => {
    const scale = scaleOf(values, most);
    expect(scale.type).toBe(type);
    expect(scale.ticks).toEqual(ticks);
  });

  it('contains all its numbers and ticks, which are in order and not too many', () => {
    const figures = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(figures, fc.integer({ min: 4, max: 10 }), (values, most) => {
        const { at, ticks } = scaleOf(values, most);
        for (const value of [...values, ...ticks]) expect(Math.abs(at(value) - 0.5)).toBeLessThanOrEqual(0.5 + 1e-9);
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
      }),
    );
  });
});
