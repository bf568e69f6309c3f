import { describe, expect, it } from '@jest/globals';
import { progressOf } from '../../src/engine/progress.js';

describe('progressOf', () => {
  it.each([
    { name: 'at the start', args: [0, 0, 100, 0, 1000], rate: 0, secondsLeft: Infinity },
    { name: 'half way after two seconds', args: [0, 50, 100, 1000, 3000], rate: 25, secondsLeft: 2 },
    { name: 'resumed, counting its own points alone', args: [40, 50, 100, 0, 1000], rate: 10, secondsLeft: 5 },
    { name: 'at the end', args: [0, 100, 100, 0, 4000], rate: 25, secondsLeft: 0 },
    { name: 'before the clock has moved', args: [0, 10, 100, 5, 5], rate: 10_000, secondsLeft: 0.009 },
  ])('tells rate and time left $name', ({ args, rate, secondsLeft }) => {
    const [resumedAt, done, total, startMs, nowMs] = args as [number, number, number, number, number];
    const progress = progressOf(resumedAt, done, total, startMs, nowMs);
    expect(progress.rate).toBeCloseTo(rate, 9);
    expect(progress).toMatchObject({ done, total });
    if (Number.isFinite(secondsLeft)) expect(progress.secondsLeft).toBeCloseTo(secondsLeft, 9);
    else expect(progress.secondsLeft).toBe(secondsLeft);
  });
});
