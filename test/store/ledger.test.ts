import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addNumber, isSound, lineOf, numbersOutside, type LedgerLine, type Stretches } from '../../src/store/ledger.js';

const LINE = lineOf({
  ...{ chunk: 2, from: 200, to: 250, points: 40, rejected: 10, rejectedBy: [10, 3] },
  ...{ batch: { rows: 0, columns: [] }, sha256: 'f00d' },
});

describe('a line of the ledger', () => {
  it('is sound as it was written, of its own grid alone', () => {
    expect(LINE).toMatchObject({ chunk: 2, first_id: 200, end_id: 250, rejected_by: '[10,3]', sha256: 'f00d' });
    expect(isSound(LINE, 250, 100)).toBe(true);
    expect(isSound(LINE, 251, 100)).toBe(false);
    expect(isSound(LINE, 250, 50)).toBe(false);
  });

  it.each<Partial<LedgerLine>>([
    { points: 41 },
    { rejected: 9 },
    { rejected_by: '[10,4]' },
    { sha256: 'f00e' },
    { sha256: null },
    { checksum: '0000000000000000' },
  ])('is not sound with %j', (change) => expect(isSound({ ...LINE, ...change }, 250, 100)).toBe(false));
});

describe('chunks that are missing', () => {
  function stretchesOf(numbers: number[]): Stretches {
    const stretches: Stretches = [];
    for (const n of numbers) addNumber(stretches, n);
    return stretches;
  }

  it('are those that are not done', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40)), fc.nat(20), fc.nat(45), (numbers, from, length) => {
        const to = from + length;
        const done = [...numbers].sort((a, b) => a - b).filter((n) => n >= from && n < to);
        const expected = Array.from({ length }, (_, i) => from + i).filter((n) => !done.includes(n));
        expect([...numbersOutside(stretchesOf(done), { from, to })]).toEqual(expected);
      }),
    );
  });

  it('need no memory where much is done', () => {
    expect(stretchesOf(Array.from({ length: 1000 }, (_, n) => n))).toEqual([{ from: 0, to: 1000 }]);
  });
});
