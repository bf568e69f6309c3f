import { describe, expect, test } from '@jest/globals';
import { cacheShape, L1_WAYS } from '../../../src/model/traffic/hit.js';
import {
  columnCopy,
  firstOfColumn,
  l1Misses,
  ownRetouches,
  rowCopy,
  rowHits,
  type L1Context,
} from '../../../src/model/traffic/l1-misses.js';
import { launch } from '../../../src/model/traffic/launch.js';
import type { PreparedTraffic } from '../../../src/model/traffic/prepare.js';
import { poissonBelowByTerms, prepared } from './layers.js';

/**
 * 8 rows, 4 columns of 32 filters, 10 k-blocks of 4; one CTA has 100 requests: 40 first touches, 50 re-touches of the k-block
 * before at distance 10, 10 of the same k-block at distance 2. Windows of 1, 2, 10 k-blocks have 5, 8 and 20 lines.
 */
const TRAFFIC: PreparedTraffic = {
  ...prepared([1, 40, 32, 32, 128, 1, 1, 0, 0, 1, 1], [128, 32, 4]),
  ifmapRequests: 8 * 100,
  footprint: { sectors: 320, lines: 80 },
  filter: { requests: 10, sectors: 5 },
  reuse: {
    requests: 100,
    firstTouches: 40,
    lines: 20,
    newLinesBurst: 2,
    cellLag: Int32Array.of(0, 1),
    cellDistance: Float64Array.of(2, 10),
    cellSectors: Float64Array.of(10, 50),
    sameBlock: 10,
    windowLines: Float64Array.of(0, 5, 8),
  },
};

const context = (sms: number, active: number, l1Bytes: number): L1Context => ({
  prepared: TRAFFIC,
  launch: launch(TRAFFIC.layer, sms, active),
  l1: cacheShape(l1Bytes, L1_WAYS),
});
/** Chance to miss after so many lines in 16 KiB: 32 sets of 4. */
const missAfter = (lines: number): number => 1 - poissonBelowByTerms(4, lines / 32);

test('the layer of these tests: 8 rows, 4 columns, 10 k-blocks, a filter line for 8 of them', () => {
  expect(TRAFFIC.layer).toMatchObject({ rows: 8, columns: 4, loops: 10, k: 40, columnFilters: 32 });
});

describe('rule R1: own re-touches miss by the lines of their own, of other rows and of the filters in between', () => {
  test('one CTA on the SM: distance 10, and 32 filters in one line each', () => {
    const ctx = context(8, 1, 16_384);
    const { byLag, later, missShare } = ownRetouches(ctx, ctx.launch.waves[0]!);
    expect(byLag[0]).toBeCloseTo(10 * missAfter(2), 3);
    expect(byLag[1]).toBeCloseTo(50 * missAfter(10 + 32), 2);
    expect(later).toBe(byLag[1]);
    expect(missShare).toBeCloseTo(later / 50, 9);
  });

  test('two rows and two columns on the SM: 5 lines of the other row and 64 filters more', () => {
    const ctx = context(7, 2, 16_384);
    const wave = { ...ctx.launch.waves[0]!, smRows: 2, smFilters: 64 };
    expect(ownRetouches(ctx, wave).later).toBeCloseTo(50 * missAfter(10 + 5 + 64), 2);
  });
});

describe('rule R2: first touches hit if the SM has run the row a period ago', () => {
  test('8 rows on 8 SMs: all waves but the first find their rows after 20 IFmap and 41 filter lines', () => {
    const ctx = context(8, 1, 16_384);
    expect(ctx.launch.fullWaves).toBe(4);
    expect(rowHits(ctx, ctx.launch.waves[0]!)).toBeCloseTo(3 * 8 * poissonBelowByTerms(4, (20 + 41) / 32), 2);
  });

  test('8 rows on 4 SMs: the row ran two waves ago, so 20 IFmap lines more, from the third of 8 waves on', () => {
    const ctx = context(4, 1, 16_384);
    expect(ctx.launch.fullWaves).toBe(8);
    expect(rowHits(ctx, ctx.launch.waves[0]!)).toBeCloseTo(6 * 4 * poissonBelowByTerms(4, (40 + 41) / 32), 2);
  });

  test('8 rows on 5 SMs: no row comes again before 8 CTAs of an SM, and none has that many', () => {
    const ctx = context(5, 1, 1e6);
    expect(ctx.launch.period).toBe(8);
    for (const wave of ctx.launch.waves) expect(rowHits(ctx, wave)).toBe(0);
  });
});

describe('rule R3: a CTA whose row an earlier one of the SM has finds the lines that survive a period', () => {
  test('8 rows on 8 SMs, 2 CTAs each: one k-block of one CTA, 5 IFmap and 32 filter lines', () => {
    expect(rowCopy(context(8, 2, 16_384))).toBeCloseTo(90 * missAfter(5 + 32), 2);
  });

  test('8 rows on 4 SMs: a period of two CTAs, 10 IFmap lines and 1.5 columns', () => {
    expect(rowCopy(context(4, 4, 16_384))).toBeCloseTo(90 * missAfter(10 + 48), 2);
  });
});

describe('rule R4: a CTA whose column the one before it has finds the filters that survive its k-block', () => {
  test('5 IFmap and 32 filter lines', () => {
    const ctx = context(2, 2, 16_384);
    const [width] = ctx.launch.waves[0]!.widths;
    expect(columnCopy(ctx, width!)).toBeCloseTo(10 * missAfter(5 + 32), 3);
  });
});

describe('rule R5: the first CTA of a column misses what the SM has not touched before, or has lost', () => {
  test('fresh columns load 5 sectors and lose half the requests after one k-block', () => {
    const ctx = context(8, 1, 16_384);
    const wave = ctx.launch.waves[0]!;
    const [width] = wave.widths;
    expect(width).toMatchObject({ fresh: 32, again: 0, copies: 0 });
    expect(firstOfColumn(ctx, wave, width!)).toBeCloseTo(32 * (5 + 5 * missAfter(5 + 32)), 1);
  });

  test('columns that the SM had in the wave before hit if a lap of 3 k-blocks and all filters leave them', () => {
    const ctx = context(4, 1, 16_384);
    const wave = ctx.launch.waves[0]!;
    const [width] = wave.widths;
    expect(width).toMatchObject({ fresh: 16, again: 16, copies: 0 });
    const lap = 8 + (3 - 2) * 2 + 41;
    const first = 16 * 5 + 16 * 5 * missAfter(lap);
    expect(firstOfColumn(ctx, wave, width!)).toBeCloseTo(first + 32 * 5 * missAfter(5 + 32), 1);
  });
});

describe('misses of L1', () => {
  test('with an endless L1 and as many SMs as CTAs every CTA loads its sectors once', () => {
    const misses = l1Misses(TRAFFIC, 32, 1, 1e12);
    expect(misses.ifmap).toBeCloseTo(32 * 40, 6);
    expect(misses.filter).toBeCloseTo(32 * 32 * 5, 6);
  });

  test('with no L1 to speak of everything misses', () => {
    const misses = l1Misses(TRAFFIC, 32, 1, 128);
    expect(misses.ifmap).toBeCloseTo(32 * 100, -2);
    expect(misses.filter).toBeCloseTo(32 * 32 * 10, 0);
  });
});
