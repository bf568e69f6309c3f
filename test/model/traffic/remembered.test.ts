/** Remembered traffic is the traffic. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeTile } from '../../../src/model/tile.js';
import { capacityTraffic, type CacheDesign } from '../../../src/model/traffic/capacity.js';
import { prepareTraffic } from '../../../src/model/traffic/prepare.js';
import { rememberedTraffic } from '../../../src/model/traffic/remembered.js';
import { squareLayer } from '../../fixtures/model.js';

const KIB = 1024;
const TILES = [makeTile(128, 64, 8), makeTile(128, 32, 8)];
const shape = () => squareLayer({ size: 7, filter: 3, pad: 1, inChannels: 8 });

const designOf = (smCount: number, activeCtas: number, l1Kib: number, l2Kib: number): CacheDesign => ({
  ...{ smCount, activeCtas },
  ...{ l1Bytes: l1Kib * KIB, l2Bytes: l2Kib * KIB },
});

const anyDesign = fc
  .tuple(
    fc.constantFrom(1, 2, 5, 30),
    fc.constantFrom(1, 2, 4),
    fc.constantFrom(0, 8, 24, 64),
    fc.constantFrom(64, 256, 3000),
  )
  .map((values) => designOf(...values));

describe('remembered traffic', () => {
  it('is that of the model, in whatever order designs, tiles and batches are asked for', () => {
    const layer = shape();
    const asked = fc.tuple(anyDesign, fc.constantFrom(...TILES), fc.constantFrom(1, 4));
    fc.assert(
      fc.property(fc.array(asked, { minLength: 2, maxLength: 12 }), (questions) => {
        for (const [design, tile, batch] of [...questions, ...questions.reverse()])
          expect(rememberedTraffic(layer, batch, tile, design)).toEqual(
            capacityTraffic(prepareTraffic(shape(), batch, tile), design),
          );
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, (i: number) => CacheDesign]>([
    ['L2 size', (i) => designOf(4, 2, 16, 64 + i)],
    ['L1 size', (i) => designOf(4, 2, 8 + i / 16, 256)],
    ['number of SMs', (i) => designOf(1 + i, 1, 16, 256)],
  ])('is still right after more designs of another %s than are remembered', (_axis, design) => {
    const layer = shape();
    const prepared = prepareTraffic(shape(), 2, TILES[0]!);
    const ask = (i: number) => rememberedTraffic(layer, 2, TILES[0]!, design(i));
    const known = (i: number) => capacityTraffic(prepared, design(i));
    for (let i = 0; i < 600; i++) expect(ask(i)).toEqual(known(i));
    for (const i of [0, 1, 87, 88, 89, 511, 512, 513, 599, 0]) expect(ask(i)).toEqual(known(i));
  });

  it('is computed once: the same question gives the same object, until 512 others came in between', () => {
    const layer = shape();
    const ask = (l2Kib: number) => rememberedTraffic(layer, 2, TILES[0]!, designOf(4, 2, 16, l2Kib));
    const first = ask(64);
    for (let i = 1; i < 512; i++) ask(64 + i);
    expect(ask(64)).toBe(first);
    ask(64 + 512);
    expect(ask(64)).not.toBe(first);
    expect(ask(64)).toEqual(first);
  });

  it('is still right, and a bounded number, after more designs than any study has', () => {
    const layer = shape();
    const prepared = prepareTraffic(shape(), 2, TILES[0]!);
    const designs = Array.from({ length: 12_000 }, (_, i) => designOf(1 + (i % 30), 1 + (i % 2), 8 + (i % 77), 64 + i));
    const first = designs.map((design) => rememberedTraffic(layer, 2, TILES[0]!, design));
    const again = designs.map((design) => rememberedTraffic(layer, 2, TILES[0]!, design));
    designs.forEach((design, i) => {
      if (i % 50 === 0) expect(again[i]).toEqual(capacityTraffic(prepared, design));
    });
    expect(again.filter((traffic, i) => traffic === first[i]).length).toBeLessThan(6000);
  });

  it('belongs to a layer, not to its name', () => {
    const [one, other] = [shape(), { ...shape(), outChannels: 64 }];
    const [a, b] = [one, other].map((layer) => rememberedTraffic(layer, 2, TILES[0]!, designOf(4, 2, 16, 64)));
    expect(b!.written).toBe(a!.written! / 2);
  });
});
