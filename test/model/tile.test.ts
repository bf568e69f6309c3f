import { describe, expect, it } from '@jest/globals';
import type { GpuSpec } from '../../src/model/gpu.js';
import { activeCtas, infeasibleReason, isTileName, makeTile, missingFor, parseTile } from '../../src/model/tile.js';
import { choosePaperTile, PAPER_TILES } from '../../src/model/tile-choice.js';
import { roundGpu } from '../fixtures/model.js';

const WIDE = makeTile(128, 128, 8);
const NARROW = makeTile(128, 32, 4);

describe('what a tile needs (docs/model.md, 2.1)', () => {
  it.each([
    // (128/64)(128/32) = 8 warps; 64 results a thread, 128 registers: 256 x 128 x 4 B; 2 (128 + 128) 8 x 4 B
    { tile: WIDE, warp: [64, 32], threads: 256, registers: 131_072, smem: 16_384 },
    // (128/64)(64/32) = 4 warps; 128 x 128 x 4 B; 2 (128 + 64) 4 x 4 B
    { tile: makeTile(128, 64, 4), warp: [64, 32], threads: 128, registers: 65_536, smem: 6144 },
    // (128/32)(32/32) = 4 warps of 32x32; 32 results a thread, 80 registers: 128 x 80 x 4 B; 2 (128 + 32) 4 x 4 B
    { tile: NARROW, warp: [32, 32], threads: 128, registers: 40_960, smem: 5120 },
    // (256/64)(128/32) = 16 warps; 512 x 128 x 4 B; 2 (256 + 128) 8 x 4 B
    { tile: makeTile(256, 128, 8), warp: [64, 32], threads: 512, registers: 262_144, smem: 24_576 },
    // wide enough for 64x32, but 96 rows are no multiple of 64: (96/32)(64/32) = 6 warps; 192 x 80 x 4 B
    { tile: makeTile(96, 64, 16), warp: [32, 32], threads: 192, registers: 61_440, smem: 20_480 },
  ])('is computed for $tile.name', ({ tile, warp, threads, registers, smem }) => {
    expect([tile.warpM, tile.warpN]).toEqual(warp);
    expect(tile.threads).toBe(threads);
    expect(tile.warps).toBe(threads / 32);
    expect(tile.registerBytes).toBe(registers);
    expect(tile.smemBytes).toBe(smem);
  });
});

describe('names of tiles', () => {
  it.each(['128x128x8', '256x128x8', '32x32x4', '512x64x64', '96x96x12'])('%s is a tile', (name) => {
    const [m, n, k] = name.split('x').map(Number);
    expect(parseTile(name)).toMatchObject({ name, m, n, k });
    expect(isTileName(name)).toBe(true);
  });

  it.each([
    ['128x128', 'two sizes'],
    ['128x100x8', 'N is no multiple of 32'],
    ['100x128x8', 'M is no multiple of 32'],
    ['128x128x6', 'K is no multiple of 4'],
    ['128x128x68', 'K beyond 64'],
    ['544x32x8', 'M beyond 512'],
    ['32x544x8', 'N beyond 512'],
    ['256x512x8', '(256/64)(512/32) = 64 warps, 2,048 threads'],
    ['0x128x8', 'zero'],
    ['128x128x08', 'a leading zero: not the canonical name'],
    [' 128x128x8', 'a space'],
    ['', 'nothing'],
  ])('%p is none: %s', (name) => {
    expect(parseTile(name)).toBeUndefined();
    expect(isTileName(name)).toBe(false);
  });

  it('leaves auto to the kernel library', () => {
    expect(isTileName('auto')).toBe(true);
    expect(parseTile('auto')).toBeUndefined();
  });
});

describe('occupancy (docs/model.md, 2.2)', () => {
  it.each<[string, number, Partial<GpuSpec>, string]>([
    ['registers', 2, {}, '256/128 KiB'],
    ['registers', 3, { register_kib: 511 }, '511/128 KiB = 3.99'],
    ['shared memory', 1, { smem_kib: 31 }, '31/16 KiB = 1.9'],
    ['threads', 3, { register_kib: 1024, max_threads: 1000 }, '1000/256 = 3.9'],
    ['CTA slots', 4, { register_kib: 1024, max_ctas: 4 }, '4, where 6 would fit by shared memory'],
    ['shared memory', 6, { register_kib: 1024 }, '96/16 KiB'],
    ['registers', 0, { register_kib: 127 }, '127/128 KiB'],
  ])('is limited by %s to %i 128x128x8 CTAs with %j: %s', (_limit, active, changes) => {
    expect(activeCtas(WIDE, roundGpu(changes))).toBe(active);
  });
});

describe('choice of tile (docs/model.md, 2.1)', () => {
  const choose = (n: number, changes: Partial<GpuSpec> = {}) =>
    choosePaperTile({ m: 1000, n, k: 64, groups: 1 }, roundGpu(changes));

  it.each([
    [1, '128x32x4'],
    [32, '128x32x4'],
    [33, '128x64x4'],
    [64, '128x64x4'],
    [65, '128x128x8'],
    [2048, '128x128x8'],
  ])('takes N = %i to %s', (n, name) => expect(choose(n).tile?.name).toBe(name));

  it.each<[number, Partial<GpuSpec>, string]>([
    [128, { register_kib: 127 }, '128x64x4'], // needs 64 KiB
    [128, { register_kib: 63 }, '128x32x4'], // needs 40 KiB
    [128, { max_threads: 255 }, '128x64x4'], // needs 128 threads
    [128, { smem_kib: 5.5 }, '128x32x4'], // 16, 6 and 5 KiB
    [64, { register_kib: 63 }, '128x32x4'],
  ])('gives way to a narrower tile for N = %i with %j', (n, changes, name) =>
    expect(choose(n, changes).tile?.name).toBe(name),
  );

  it.each<[Partial<GpuSpec>, string]>([
    [{ register_kib: 39 }, 'no CTA fits an SM: tile 128x32x4 needs 40 KiB of registers'],
    [{ smem_kib: 4 }, 'no CTA fits an SM: tile 128x32x4 needs 5 KiB of shared memory'],
    [{ max_threads: 96 }, 'no CTA fits an SM: tile 128x32x4 needs 128 threads'],
  ])('says why nothing fits with %j', (changes, reason) => {
    expect(choose(128, changes)).toEqual({ reason });
    expect(choose(16, changes)).toEqual({ reason });
  });

  it('takes an explicit tile whatever N is, and nothing in its place', () => {
    const gemm = { m: 1000, n: 16, k: 64, groups: 1 };
    expect(choosePaperTile(gemm, { ...roundGpu(), ctaTile: WIDE })).toEqual({ tile: WIDE });
    expect(choosePaperTile(gemm, { ...roundGpu({ register_kib: 127 }), ctaTile: WIDE })).toEqual({
      reason: 'no CTA fits an SM: tile 128x128x8 needs 128 KiB of registers',
    });
  });

  it('names a limit exactly where no CTA is active', () => {
    for (const { tile } of PAPER_TILES)
      for (const changes of [{}, { register_kib: 50 }, { smem_kib: 6 }, { max_threads: 128 }, { max_threads: 64 }]) {
        const gpu = roundGpu(changes);
        expect(missingFor(tile, gpu) === undefined).toBe(activeCtas(tile, gpu) >= 1);
      }
    expect(missingFor(WIDE, roundGpu({ smem_kib: 15 }))).toBe('shared memory');
    expect(infeasibleReason(NARROW, 'threads')).toContain('128 threads');
  });
});
