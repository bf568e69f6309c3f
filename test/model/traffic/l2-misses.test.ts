import { describe, expect, test } from '@jest/globals';
import { cacheShape, L2_WAYS } from '../../../src/model/traffic/hit.js';
import type { WaveMisses } from '../../../src/model/traffic/l1-misses.js';
import type { L2Context } from '../../../src/model/traffic/l2-distances.js';
import {
  filterReloads,
  l2Misses,
  otherColumns,
  ownRetouches,
  rowReloads,
  tileHalo,
  waveHalo,
} from '../../../src/model/traffic/l2-misses.js';
import { l1Misses } from '../../../src/model/traffic/l1-misses.js';
import { launch } from '../../../src/model/traffic/launch.js';
import type { PreparedTraffic } from '../../../src/model/traffic/prepare.js';
import { poissonBelowByTerms, prepared } from './layers.js';

/** 3x3 on 16 images of 64x64: 512 rows, 4 columns of 32 filters, 32 channels: 288 weights, 72 k-blocks, 262,144 sectors. */
const TRAFFIC: PreparedTraffic = prepared([16, 32, 64, 64, 128, 3, 3, 1, 1, 1, 1], [128, 32, 4]);
const { layer, footprint, reuse } = TRAFFIC;

const context = (sms: number, active: number, l2Bytes: number): L2Context => ({
  prepared: TRAFFIC,
  launch: launch(layer, sms, active),
  l2: cacheShape(l2Bytes, L2_WAYS),
});
/** The first kind of wave, with re-touches that miss L1 at lag 1. */
const firstWave = (ctx: L2Context, missedAtLag1 = 0, rowHits = 0): WaveMisses => ({
  wave: ctx.launch.waves[0]!,
  byLag: Float64Array.of(0, missedAtLag1),
  later: missedAtLag1,
  missShare: 0,
  rowHits,
});
/** Chance to miss after so many lines in 256 KiB (128 sets of 16), or in another size. */
const missAfter = (lines: number, bytes = 256 * 1024): number =>
  1 - poissonBelowByTerms(16, lines / (bytes / 128 / 16));
const TINY = 16 * 128;
const ENDLESS = 1e12;

test('the layer of these tests', () => {
  expect(layer).toMatchObject({ rows: 512, columns: 4, loops: 72, k: 288 });
  expect(footprint).toEqual({ sectors: 262_144, lines: 65_536 });
});

describe('rule D1: a row that an earlier wave had is loaded again unless it survives the waves since', () => {
  test('no L2: each of the 4 columns loads the IFmap, the first of them compulsorily', () => {
    const ctx = context(64, 1, TINY);
    expect(rowReloads(ctx, firstWave(ctx))).toBeCloseTo(3 * 262_144, 0);
    expect(rowReloads(context(64, 1, ENDLESS), firstWave(ctx))).toBe(0);
  });

  test('512 rows, waves of 512: the IFmap and the column of filters, 65,536 + (1 + 511/512) 288 lines, in between', () => {
    const bytes = 10 * 1024 ** 2;
    const ctx = context(64, 8, bytes);
    const lines = 65_536 + (1 + 511 / 512) * 288;
    expect(rowReloads(ctx, firstWave(ctx)) / (3 * 262_144)).toBeCloseTo(missAfter(lines, bytes), 3);
  });

  test('waves of 1,024: the rows of the second half of a wave are left to D4', () => {
    const ctx = context(128, 8, TINY);
    expect(rowReloads(ctx, firstWave(ctx))).toBeCloseTo(262_144, 0);
  });

  test('rows that L1 still holds are not asked for', () => {
    const ctx = context(64, 1, TINY);
    expect(rowReloads(ctx, firstWave(ctx, 0, 512))).toBeCloseTo(2 * 262_144, 0);
  });
});

describe('rule D2: a wave loads again the rows that its first tiles share with the wave before', () => {
  test('no L2, waves of 64: 2 shared input rows of 8 sectors in 32 channels, but for one edge in 64, 31 times', () => {
    const ctx = context(64, 1, TINY);
    expect(waveHalo(ctx, ctx.launch.waves[0]!)).toBeCloseTo(31 * 2 * (63 / 64) * 8 * 32, 3);
  });

  test('nothing is shared if a wave has all rows, or an endless L2 keeps them', () => {
    const all = context(64, 8, TINY);
    expect(waveHalo(all, all.launch.waves[0]!)).toBe(0);
    const endless = context(64, 1, ENDLESS);
    expect(waveHalo(endless, endless.launch.waves[0]!)).toBe(0);
  });
});

describe('rule D3: a re-touch that missed L1 misses L2 unless it survives its lag of the whole wave', () => {
  test('100 re-touches of lag 1 in each of 2,048 CTAs, 64 CTAs in a wave', () => {
    const ctx = context(64, 1, 256 * 1024);
    // L1 holds the lines, so L2 sees the first touches only: the CTA's lines over 72 k-blocks; and one line a filter.
    const lines = (64 * reuse.lines) / 72 + 32 * ctx.launch.waves[0]!.columns;
    expect(ownRetouches(ctx, firstWave(ctx, 100)) / (2048 * 100)).toBeCloseTo(missAfter(lines), 3);
  });

  test('waves of one and a half columns: half the rows come back half a k-block of the rows sooner', () => {
    const bytes = 512 * 1024;
    const ctx = context(128, 6, bytes);
    const { columns } = ctx.launch.waves[0]!;
    expect(ctx.launch.waves[0]).toMatchObject({ ctas: 768, rows: 512 });
    const missOf = (blocks: number): number =>
      missAfter((512 * blocks * reuse.lines) / 72 + 32 * columns * (1 + (4 * blocks - 4) / 32), bytes);
    const misses = firstWave(ctx, 100);
    const mean = (missOf(1) + missOf(1 / 2)) / 2;
    expect(ownRetouches(ctx, misses) / (misses.wave.count * 512 * 100)).toBeCloseTo(mean, 2);
  });

  test('nothing missed L1, nothing can miss L2', () => {
    const ctx = context(64, 1, TINY);
    expect(ownRetouches(ctx, firstWave(ctx))).toBe(0);
  });
});

describe('rule D4: the other columns of a row in a wave load it again unless a k-block of the wave leaves it', () => {
  test('no L2, waves of two columns: half the CTAs, each its first touches but the 1/8 of the halo of the same k-block', () => {
    const ctx = context(128, 8, TINY);
    const shared = reuse.firstTouches - 262_144 / 512;
    expect(otherColumns(ctx, firstWave(ctx)) / (1024 * (reuse.firstTouches - shared / 8))).toBeCloseTo(1, 3);
    expect(otherColumns(context(128, 8, ENDLESS), firstWave(ctx))).toBe(0);
  });

  test('waves of one column have no other', () => {
    const ctx = context(64, 1, TINY);
    expect(otherColumns(ctx, firstWave(ctx))).toBe(0);
  });
});

describe('rule D5: what tiles share at their edges is loaded again if the wave has washed it out', () => {
  test('no L2: all that tiles touch beyond their share of the IFmap, but for the 1/8 of the same k-block', () => {
    const ctx = context(64, 1, TINY);
    expect(tileHalo(ctx, firstWave(ctx)) / (2048 * reuse.firstTouches - 4 * 262_144)).toBeCloseTo(7 / 8, 3);
    expect(tileHalo(context(64, 1, ENDLESS), firstWave(ctx))).toBe(0);
  });

  test('by lag: 1/8 in the same k-block, 5/8 one and 1/4 two k-blocks of the wave later', () => {
    const ctx = context(64, 1, 16 * 1024);
    const misses = firstWave(ctx);
    const missOf = (blocks: number): number => {
      const filterLines = 32 * misses.wave.columns * (1 + (4 * blocks - 4) / 32);
      return missAfter((64 * blocks * reuse.lines) / 72 + filterLines, 16 * 1024);
    };
    const shared = 2048 * reuse.firstTouches - 4 * 262_144;
    expect(tileHalo(ctx, misses) / shared).toBeCloseTo((5 / 8) * missOf(1) + (1 / 4) * missOf(2), 2);
  });
});

describe('rule D6: filters are loaded by the first wave of a column, and by later ones that find them gone', () => {
  test('no L2, waves of 64: each of 32 waves loads 32 filters of 36 sectors', () => {
    const ctx = context(64, 1, TINY);
    expect(filterReloads(ctx, ctx.launch.waves[0]!)).toBeCloseTo(32 * 32 * 36, 3);
  });

  test('endless L2: each filter once', () => {
    const ctx = context(64, 1, ENDLESS);
    expect(filterReloads(ctx, ctx.launch.waves[0]!)).toBeCloseTo(128 * 36, 6);
  });

  test('between two waves of 64 CTAs lie 64 rows of 128 lines and 1 + 63/512 columns of 288', () => {
    const bytes = 1024 * 1024;
    const ctx = context(64, 1, bytes);
    const between = 64 * 128 + (1 + 63 / 512) * 288;
    expect(filterReloads(ctx, ctx.launch.waves[0]!)).toBeCloseTo(32 * 36 * (4 + 28 * missAfter(between, bytes)), 0);
  });
});

test('misses of L2 lie between everything once and the misses of L1', () => {
  const l1 = l1Misses(TRAFFIC, 40, 3, 32 * 1024);
  const tiny = l2Misses(TRAFFIC, l1, TINY);
  const endless = l2Misses(TRAFFIC, l1, ENDLESS);
  expect(endless).toEqual({ ifmap: footprint.sectors, filter: 128 * 36 });
  expect(tiny.ifmap).toBeLessThanOrEqual(l1.ifmap);
  expect(tiny.filter).toBeLessThanOrEqual(l1.filter);
  expect(tiny.ifmap).toBeGreaterThan(3.9 * footprint.sectors);
});
