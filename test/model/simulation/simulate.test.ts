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
  l2Bytes: fc.constantFrom(0, 128, 1000, 2048, 4096, 2 ** 18),
});

const options: fc.Arbitrary<SimulationOptions> = fc.record({ inStep: fc.boolean(), seed: fc.integer() });

const bytesOf = ({ accesses: _, ...bytes }: Simulation) => bytes;

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
      const { l1, l2, dram, demanded, accesses } = simulate(input, options);
      for (const operand of ['ifmap', 'filter'] as const) {
        expect(l2[operand]).toBeLessThanOrEqual(l1[operand]);
        expect(demanded[operand]).toBeLessThanOrEqual(l2[operand]);
        expect(dram[operand]).toBeLessThanOrEqual(2 * demanded[operand]);
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
  expect(simulate(BUSY, { seed: 7 })).toEqual(simulate(BUSY, { seed: 7 }));
});

test('CTAs in step, and other seeds, move hits, never requests', () => {
  const drifting = simulate(BUSY);
  for (const options of [{ inStep: true }, { seed: 2 }]) {
    const other = simulate(BUSY, options);
    expect(other.l1).toEqual(drifting.l1);
    expect([other.dram, other.writtenBytes]).not.toEqual([drifting.dram, drifting.writtenBytes]);
  }
});

test('once L2 holds everything, DRAM reads each pair of sectors once and writes nothing', () => {
  fc.assert(
    fc.property(inputs, options, (input, options) => {
      const all = [18, 20, 24].map((bits) => simulate({ ...input, l2Bytes: 2 ** bits }, options));
      for (const { dram, writtenBytes } of all) expect([dram, writtenBytes]).toEqual([all[2]!.dram, 0]);
      const once = simulate({ ...input, smCount: 1, activeCtas: 1, l1Bytes: 2 ** 24, l2Bytes: 2 ** 24 }, options).dram;
      expect(all[2]!.dram).toEqual(once);
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
  expect(calls.map(([done]) => done).slice(0, 2)).toEqual([3, 6]); // a call for as many blocks as SMs
});

test('what cannot be simulated is refused in one message', () => {
  const wrong = { ...BUSY, batch: 0, l2Bytes: -1 };
  expect(() => simulate(wrong, { seed: 0.5 })).toThrow(DeltaSweepError);
  expect(() => simulate(wrong, { seed: 0.5 })).toThrow(/^batch: .*got 0.*; l2Bytes: .*got -1.*; seed: .*got 0\.5/);
  expect(() => simulate(inputOf({ channels: 1, size: 2, filters: 1, filter: 3 }, '32x32x8'))).toThrow(/convolution/);
  expect(() => simulate(inputOf({ channels: 3, size: 2 ** 15, filters: 1 }, '32x32x8'))).toThrow(/too large/);
});
