import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Range } from '../../src/engine/chunks.js';
import {
  addNumber,
  isLineSound,
  lineOf,
  numbersOutside,
  type ChunkLine,
} from '../../src/storage/database/chunk-table.js';

const LINE = lineOf({
  ...{ chunk: 2, from: 200, to: 250, points: 40, rejected: 10, rejectedBy: [10, 3] },
  ...{ batch: { rows: 0, columns: [] }, sha256: 'f00d' },
});

const BOUNDS = { gridSize: 250, chunkPoints: 100, chunks: { from: 0, to: 3 } };

describe('a line of the table chunks', () => {
  it('is sound where it is about a chunk of its study', () => {
    expect(LINE).toMatchObject({ chunk: 2, first_id: 200, end_id: 250, rejected_by: '[10,3]', sha256: 'f00d' });
    expect(isLineSound(LINE, BOUNDS)).toBe(true);
    expect(isLineSound(LINE, { ...BOUNDS, gridSize: 251 })).toBe(false);
    expect(isLineSound(LINE, { ...BOUNDS, chunkPoints: 50 })).toBe(false);
    expect(isLineSound(LINE, { ...BOUNDS, chunks: { from: 0, to: 2 } })).toBe(false);
  });

  it.each<Partial<ChunkLine>>([{ points: 41 }, { rejected: 9 }, { first_id: 199 }, { end_id: 251 }, { chunk: 1 }])(
    'is not sound with %j',
    (change) => expect(isLineSound({ ...LINE, ...change }, BOUNDS)).toBe(false),
  );
});

describe('chunks that are missing', () => {
  function rangesOf(numbers: number[]): Range[] {
    const ranges: Range[] = [];
    for (const n of numbers) addNumber(ranges, n);
    return ranges;
  }

  it('are those that are not done', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40)), fc.nat(20), fc.nat(45), (numbers, from, length) => {
        const to = from + length;
        const done = [...numbers].sort((a, b) => a - b).filter((n) => n >= from && n < to);
        const expected = Array.from({ length }, (_, i) => from + i).filter((n) => !done.includes(n));
        expect([...numbersOutside(rangesOf(done), { from, to })]).toEqual(expected);
      }),
    );
  });

  it('need no memory where much is done', () => {
    expect(rangesOf(Array.from({ length: 1000 }, (_, n) => n))).toEqual([{ from: 0, to: 1000 }]);
  });
});
