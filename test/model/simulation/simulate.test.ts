import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DeltaSweepError } from '../../../src/errors.js';
import { outHeight, outWidth, type Layer } from '../../../src/model/layer.js';
import type { SimulationInput } from '../../../src/model/simulation/input.js';
import { simulate, type Simulation, type SimulationOptions } from '../../../src/model/simulation/simulate.js';
import { inputOf } from './layers.js';
import { naiveSimulate } from './naive.js';

const upTo = (max: number, min = 1) => fc.integer({ min, max });

const layers: fc.Arbitrary<Layer> = fc
  .record({
    groups: fc.constantFrom(1, 1, 2, 3),
    channels: upTo(5),
    filters: upTo(12),
    inHeight: upTo(10),
    inWidth: upTo(20),
    filterHeight: upTo(3),
    filterWidth: upTo(4),
    strideHeight: upTo(3),
    strideWidth: fc.constantFrom(1, 1, 2, 3, 8, 9),
    padHeight: upTo(2, 0),
    padWidth: upTo(3, 0),
  })
  .map(({ channels, filters, ...rest }) => ({
    name: 'random',
    count: 1,
    inChannels: channels * rest.groups,
    outChannels: filters * rest.groups,
    ...rest,
  }))
  .filter((layer) => outHeight(layer) >= 1 && outWidth(layer) >= 1);

const inputs: fc.Arbitrary<SimulationInput> = fc.record({
  layer: layers,
  batch: upTo(3),
  tile: fc.record({
    m: fc.constantFrom(5, 32, 40, 64, 128),
    n: fc.constantFrom(3, 8, 32),
    k: fc.constantFrom(1, 3, 4, 8, 20, 40),
  }),
  smCount: upTo(4),
  activeCtas: upTo(3),
  l1Bytes: fc.constantFrom(0, 0, 100, 128, 384, 640, 2048, 8192),
  l2Bytes: fc.constantFrom(0, 128, 1000, 2048, 4096, 2 ** 17),
});

const options: fc.Arbitrary<SimulationOptions> = fc.record({
  order: fc.constantFrom('column-major', 'row-major'),
  stagger: fc.constantFrom(0, 0, 1, 7),
  stalls: fc.constantFrom(0, 0, 0.3),
  seed: fc.integer(),
});

const bytesOf = ({ l1, l2, dram }: Simulation) => ({ l1, l2, dram });

test('random small layers move the same bytes as in the simulation written out naively', () => {
  fc.assert(
    fc.property(inputs, options, (input, options) => {
      expect(bytesOf(simulate(input, options))).toEqual(naiveSimulate(input, options));
    }),
    { numRuns: 400 },
  );
});

test('no level is asked for more than the level above it', () => {
  fc.assert(
    fc.property(inputs, options, (input, options) => {
      const { l1, l2, dram, accesses } = simulate(input, options);
      for (const operand of ['ifmap', 'filter'] as const) {
        expect(l2[operand]).toBeLessThanOrEqual(l1[operand]);
        expect(dram[operand]).toBeLessThanOrEqual(l2[operand]);
      }
      expect(32 * accesses * input.layer.groups).toBe(l1.ifmap + l1.filter);
    }),
  );
});

const BUSY = inputOf({ channels: 8, size: 14, filters: 96, filter: 3, pad: 1 }, '128x32x8', {
  batch: 4,
  smCount: 3,
  activeCtas: 2,
  l1Bytes: 4096,
  l2Bytes: 16384,
});

test('the same simulation twice gives the same bytes', () => {
  const options = { stagger: 5, stalls: 0.2, seed: 7 };
  expect(simulate(BUSY, options)).toEqual(simulate(BUSY, options));
});

test('stagger, stalls and order move hits, never requests', () => {
  const lockstep = simulate(BUSY);
  for (const options of [{ stagger: 9 }, { stalls: 0.4 }, { order: 'row-major' as const }]) {
    const other = simulate(BUSY, options);
    expect(other.l1).toEqual(lockstep.l1);
    expect(other.l2).not.toEqual(lockstep.l2);
  }
});

test('another seed staggers otherwise, and lockstep knows no seed', () => {
  expect(simulate(BUSY, { stagger: 9, seed: 1 })).not.toEqual(simulate(BUSY, { stagger: 9, seed: 2 }));
  expect(simulate(BUSY, { seed: 1 })).toEqual(simulate(BUSY, { seed: 2 }));
});

test('once L2 holds everything, DRAM reads each sector once, however large L2 grows', () => {
  fc.assert(
    fc.property(inputs, options, (input, options) => {
      const reads = [17, 20, 24].map((bits) => simulate({ ...input, l2Bytes: 2 ** bits }, options).dram);
      const once = simulate({ ...input, smCount: 1, activeCtas: 1, l1Bytes: 2 ** 24 }).l2;
      for (const dram of reads) expect(dram).toEqual(once);
    }),
  );
});

test('an L2 too small for the layer reads more than one that holds it', () => {
  const total = (l2Bytes: number) => {
    const { dram } = simulate({ ...BUSY, l2Bytes });
    return dram.ifmap + dram.filter;
  };
  const [none, small, large] = [0, 2 ** 13, 2 ** 20].map(total);
  expect(small!).toBeLessThan(none!);
  expect(large!).toBeLessThan(small!);
});

test('progress rises to the number of k-blocks', () => {
  const calls: [number, number][] = [];
  simulate(BUSY, { onProgress: (done, total) => calls.push([done, total]) });
  // M = 784 makes 7 rows, N = 96 makes 3 columns, K = 72 makes 9 blocks.
  expect(calls.at(-1)).toEqual([7 * 3 * 9, 7 * 3 * 9]);
  // 6 slots run 21 CTAs in 4 waves of 9 rounds, one call each.
  expect(calls.map(([done]) => done).slice(0, 2)).toEqual([6, 12]);
  expect(calls.length).toBe(4 * 9);
});

test('what cannot be simulated is refused in one message', () => {
  const wrong = { ...BUSY, batch: 0, l2Bytes: -1 };
  expect(() => simulate(wrong, { stalls: 1 })).toThrow(DeltaSweepError);
  expect(() => simulate(wrong, { stalls: 1 })).toThrow(/^batch: .*got 0.*; l2Bytes: .*got -1.*; stalls: .*got 1/);
  expect(() => simulate(inputOf({ channels: 1, size: 2, filters: 1, filter: 3 }, '32x32x8'))).toThrow(/convolution/);
  expect(() => simulate(inputOf({ channels: 3, size: 2 ** 15, filters: 1 }, '32x32x8'))).toThrow(/too large/);
  expect(() => simulate(BUSY, { order: 'diagonal' as 'row-major' })).toThrow(/order: .*column-major or row-major/);
});
