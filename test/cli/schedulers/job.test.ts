import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseMemory, parseTimeLimit } from '../../../src/cli/schedulers/job.js';

describe('a time limit', () => {
  // The forms that `man sbatch` lists under --time.
  it.each([
    ['90', 5400],
    ['90:30', 5430],
    ['8:00:00', 28_800],
    ['2-12', 216_000],
    ['2-12:30', 217_800],
    ['2-12:30:15', 217_815],
    ['0-0:1', 60],
  ])('%s is %d seconds', (text, seconds) => expect(parseTimeLimit(text)).toBe(seconds));

  it.each(['', '0', '0:00', '-5', '1:2:3:4', '2-', '2-1:2:3:4', '1h', ' 5', '5 ', '5\n', '1.5', '1:222', 'UNLIMITED'])(
    '%j is none',
    (text) => expect(parseTimeLimit(text)).toBeUndefined(),
  );
});

describe('an amount of memory', () => {
  it.each([
    ['4G', { amount: 4, unit: 'G' }],
    ['500m', { amount: 500, unit: 'M' }],
    ['4096', { amount: 4096, unit: 'M' }],
    ['1T', { amount: 1, unit: 'T' }],
  ])('%s is %j', (text, memory) => expect(parseMemory(text)).toEqual(memory));

  it.each(['', '0', '4GB', '-1G', '1.5G', 'G', '4 G', '4G\n'])('%j is none', (text) =>
    expect(parseMemory(text)).toBeUndefined(),
  );

  it('is never read from a text that is not a number and a unit', () => {
    const strange = fc.string({ unit: 'binary' }).filter((text) => !/^\d+[KMGT]?$/i.test(text));
    fc.assert(
      fc.property(strange, (text) => parseMemory(text) === undefined && parseTimeLimit(`x${text}`) === undefined),
    );
  });
});
