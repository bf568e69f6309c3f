/** Which tile the kernel library takes (docs/model.md, 11.1). */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GpuSpec } from '../../src/model/gpu.js';
import type { LayerPass } from '../../src/model/layer.js';
import { activeCtas, makeTile } from '../../src/model/tile.js';
import { chooseKernelTile, KERNEL_TILES } from '../../src/model/tile-choice.js';
import { tileGemm } from '../../src/model/tiling.js';
import { roundGpu } from '../fixtures/model.js';

/** A GPU of 20 SMs: 0.9 CTAs an SM are 18, and 0.45 are 9. */
const twenty = (generation: number, changes: Partial<GpuSpec> = {}) =>
  roundGpu({ sm_count: 20, kernel_generation: generation, ...changes });

/** The tile of a GEMM whose rows fill `rows` tiles. */
function choose(generation: number, rows: number, n: number, more: { groups?: number; pass?: LayerPass } = {}) {
  const gemm = { m: 128 * rows, n, k: 64, groups: more.groups ?? 1 };
  return chooseKernelTile(gemm, twenty(generation), more.pass ?? 'forward').tile?.name;
}

describe('the tiles of cuDNN 6 and 7', () => {
  it.each([
    // 8 warps of 64x32, 64 results and 128 registers a thread: 256 x 128 x 4 B; 2 (128 + 128) 8 x 4 B
    ['128x128x8', { threads: 256, threadM: 8, threadN: 8, registerBytes: 131_072, smemBytes: 16_384 }],
    // 4 warps of 64x32: 128 x 128 x 4 B; 2 (128 + 64) 8 x 4 B
    ['128x64x8', { threads: 128, threadM: 8, threadN: 8, registerBytes: 65_536, smemBytes: 12_288 }],
    // 4 warps of 32x32, 32 results and 80 registers a thread: 128 x 80 x 4 B; 2 (128 + 32) 8 x 4 B
    ['128x32x8', { threads: 128, threadM: 8, threadN: 4, registerBytes: 40_960, smemBytes: 10_240 }],
  ])('have what %s needs', (name, needs) => {
    expect(KERNEL_TILES.map(({ tile }) => tile).find((tile) => tile.name === name)).toMatchObject(needs);
  });

  it('come widest first', () =>
    expect(KERNEL_TILES.map(({ tile, above }) => [tile.n, above])).toEqual([
      [128, 64],
      [64, 32],
      [32, 0],
    ]));
});

describe('generation 7', () => {
  // CTAs of 128x64x8 are rows x ceil(N/64); 18 of them are 0.9 an SM
  it.each([
    [18, 32, '128x32x8', 'N is not above 32'],
    [1000, 1, '128x32x8', 'N is not above 32, however many CTAs'],
    [18, 33, '128x64x8', '18 CTAs'],
    [17, 33, '128x32x8', '17 CTAs: 0.85 an SM'],
    [17, 64, '128x32x8', '17 CTAs'],
    [9, 65, '128x64x8', '9 x 2 CTAs'],
    [8, 128, '128x32x8', '8 x 2 CTAs'],
    [1, 1152, '128x64x8', '1 x 18 CTAs'],
    [1, 1088, '128x32x8', '1 x 17 CTAs'],
    [1000, 2048, '128x64x8', 'never the widest'],
  ])('takes %i rows of tiles with N = %i to %s: %s', (rows, n, name) => expect(choose(7, rows, n)).toBe(name));

  it('counts the CTAs of all groups', () => {
    expect(choose(7, 6, 64, { groups: 2 })).toBe('128x32x8'); // 12 CTAs
    expect(choose(7, 6, 64, { groups: 3 })).toBe('128x64x8'); // 18
  });
});

describe('generation 6', () => {
  // 9 CTAs are 0.45 an SM
  it.each([
    [9, 65, '128x128x8', '9 CTAs'],
    [8, 65, '128x64x8', '8 CTAs of 128x128x8, then 8 x 2'],
    [8, 128, '128x64x8', 'likewise'],
    [5, 128, '128x64x8', '5, then 5 x 2'],
    [4, 128, '128x32x8', '4, then 4 x 2 = 8, then 4 x 4'],
    [1, 128, '128x32x8', '1, 2 and 4: none fills, so the narrowest'],
    [5, 256, '128x128x8', '5 x 2 CTAs'],
    [1, 1152, '128x128x8', '1 x 9 CTAs'],
    [9, 64, '128x64x8', '9 CTAs'],
    [8, 64, '128x32x8', '8, then 8 x 2'],
    [9, 33, '128x64x8', 'just above 32'],
    [1000, 32, '128x32x8', 'N is not above 32'],
    [1, 1, '128x32x8', 'nothing is narrower'],
  ])('takes %i rows of tiles with N = %i to %s: %s', (rows, n, name) => expect(choose(6, rows, n)).toBe(name));

  it('counts the CTAs of all groups', () => {
    expect(choose(6, 4, 128, { groups: 2 })).toBe('128x64x8'); // 8 CTAs of 128x128x8, then 16
    expect(choose(6, 3, 128, { groups: 3 })).toBe('128x128x8'); // 9
  });
});

describe('the least fill', () => {
  // on 1000 SMs
  it.each([
    [7, 900, 64, '128x64x8'],
    [7, 899, 64, '128x32x8'],
    [6, 450, 64, '128x64x8'],
    [6, 449, 64, '128x32x8'],
    [6, 450, 128, '128x128x8'],
    [6, 449, 128, '128x64x8'],
    [6, 224, 128, '128x32x8'], // 224, then 448
  ])('of generation %i takes %i CTAs in a column of N = %i to %s', (generation, rows, n, name) => {
    const gpu = twenty(generation, { sm_count: 1000 });
    expect(chooseKernelTile({ m: 128 * rows, n, k: 64, groups: 1 }, gpu, 'forward').tile?.name).toBe(name);
  });
});

describe('backward-filter', () => {
  it.each([
    [6, 1, 65, '128x128x8'],
    [6, 1, 64, '128x64x8'],
    [6, 1, 32, '128x32x8'],
    [7, 1, 2048, '128x64x8'],
    [7, 1, 33, '128x64x8'],
    [7, 1000, 32, '128x32x8'],
  ])('of generation %i goes by N alone: %i rows of tiles, N = %i, %s', (generation, rows, n, name) =>
    expect(choose(generation, rows, n, { pass: 'backward-filter' })).toBe(name),
  );

  it('is the only pass that does: backward-data goes by CTAs too', () => {
    expect(choose(7, 1, 64, { pass: 'backward-data' })).toBe('128x32x8');
    expect(choose(6, 1, 128, { pass: 'backward-data' })).toBe('128x32x8');
  });
});

describe('a tile that does not fit an SM', () => {
  const large = { m: 128_000, n: 512, k: 64, groups: 1 };

  it.each<[number, Partial<GpuSpec>, string]>([
    [6, { register_kib: 128 }, '128x128x8'],
    [6, { register_kib: 127 }, '128x64x8'], // needs 64 KiB
    [6, { register_kib: 63 }, '128x32x8'], // needs 40 KiB
    [6, { smem_kib: 15 }, '128x64x8'], // 16 KiB and 12
    [6, { smem_kib: 11 }, '128x32x8'], // 10
    [6, { max_threads: 255 }, '128x64x8'], // 256 and 128
    [7, { register_kib: 63 }, '128x32x8'],
    [7, { register_kib: 64 }, '128x64x8'],
  ])('gives way to a narrower one: generation %i with %j takes %s', (generation, changes, name) => {
    for (const pass of ['forward', 'backward-data', 'backward-filter'] as const)
      expect(chooseKernelTile(large, twenty(generation, changes), pass).tile?.name).toBe(name);
  });

  it.each<[number, Partial<GpuSpec>, string]>([
    [6, { register_kib: 39 }, 'no CTA fits an SM: tile 128x32x8 needs 40 KiB of registers'],
    [7, { smem_kib: 9 }, 'no CTA fits an SM: tile 128x32x8 needs 10 KiB of shared memory'],
    [7, { max_threads: 127 }, 'no CTA fits an SM: tile 128x32x8 needs 128 threads'],
  ])('leaves a reason where nothing fits: generation %i with %j', (generation, changes, reason) => {
    for (const pass of ['forward', 'backward-data', 'backward-filter'] as const)
      expect(chooseKernelTile(large, twenty(generation, changes), pass)).toEqual({ reason });
  });
});

describe('an explicit tile', () => {
  const ctaTile = makeTile(256, 64, 16);

  it.each([6, 7])('is used as it is in generation %i, whatever the GEMM and the pass', (generation) => {
    for (const pass of ['forward', 'backward-data', 'backward-filter'] as const)
      for (const n of [1, 64, 512])
        expect(chooseKernelTile({ m: 10, n, k: 8, groups: 1 }, { ...twenty(generation), ctaTile }, pass)).toEqual({
          tile: ctaTile,
        });
  });

  it('has nothing to give way to', () =>
    expect(
      chooseKernelTile({ m: 10, n: 8, k: 8, groups: 1 }, { ...twenty(7, { smem_kib: 39 }), ctaTile }, 'forward'),
    ).toEqual({ reason: 'no CTA fits an SM: tile 256x64x16 needs 40 KiB of shared memory' })); // 2 (256 + 64) 16 x 4 B
});

describe('any choice', () => {
  it('fits its SM, and fills the GPU as its generation asks unless it is the narrowest', () => {
    fc.assert(
      fc.property(
        fc.record({
          m: fc.integer({ min: 1, max: 100_000 }),
          n: fc.integer({ min: 1, max: 600 }),
          k: fc.constant(64),
          groups: fc.integer({ min: 1, max: 8 }),
        }),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom(6, 7),
        (gemm, sms, generation) => {
          const gpu = twenty(generation, { sm_count: sms });
          const tile = chooseKernelTile(gemm, gpu, 'forward').tile!;
          expect(activeCtas(tile, gpu)).toBeGreaterThanOrEqual(1);
          if (tile.n === 32) return;
          expect(tileGemm(gemm, tile).ctas / sms).toBeGreaterThanOrEqual(generation === 7 ? 0.9 : 0.45);
          expect(gemm.n).toBeGreaterThan(tile.n / 2);
        },
      ),
    );
  });
});
