/** When the CTAs of an SM run: by hand, and what holds for all. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SmSchedule } from '../../../src/model/traffic/schedule.js';

describe('the schedule of an SM', () => {
  it('has two CTAs at equal speed end together, and the next two after them', () => {
    const schedule = new SmSchedule(4, 2, 1, false);
    // Two at half speed each take 2 units of time.
    expect(schedule.apart(1, 1).map(({ time }) => time)).toEqual([0, 0, 0, 0]);
    expect(schedule.apart(2, 2).map(({ time }) => time)).toEqual([2, 2, 2, 2]);
  });

  it('gives the older of two CTAs 3/5 of the speed where the younger gets 2/3 of its share', () => {
    const schedule = new SmSchedule(2, 2, 2 / 3, false);
    // The older ends after 5/3, when the younger has done 2/3; that ends after 1/3 more, alone. At 1/8 of the loop: 1/8 x (5/2 - 5/3).
    expect(schedule.apart(1, 1)[0]!.time).toBeCloseTo((5 / 2 - 5 / 3) / 8, 12);
    // At 7/8, the older needed 7/8 x 5/3; the younger 5/3, and then 7/8 - 2/3 alone.
    expect(schedule.apart(1, 1)[3]!.time).toBeCloseTo(5 / 3 + 7 / 8 - 2 / 3 - (7 / 8) * (5 / 3), 12);
    expect(schedule.apart(1, 1).map(({ ended }) => ended)).toEqual([0, 0, 0, 1]);
  });

  it('takes as many units of time as CTAs, and lets no younger CTA pass an older one', () => {
    const cases = fc.record({
      count: fc.integer({ min: 1, max: 30 }),
      active: fc.integer({ min: 1, max: 8 }),
      share: fc.constantFrom(0.5, 2 / 3, 0.9, 1),
      isEndless: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ count, active, share, isEndless }) => {
        const schedule = new SmSchedule(count, active, share, isEndless);
        for (let generation = 1; generation < count; generation++)
          for (const { time, ended } of schedule.apart(generation, 1)) {
            expect(time).toBeGreaterThanOrEqual(-1e-9);
            expect(ended).toBeLessThanOrEqual(active);
          }
        if (!isEndless) expect(schedule.end).toBeCloseTo(count, 9);
      }),
    );
  });
});
