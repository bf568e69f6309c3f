import { describe, expect, test } from '@jest/globals';
import { randomConfigurations } from '../../../scripts/accuracy/random-configurations.js';
import { simulate } from '../../../src/model/simulation/simulate.js';
import { makeTile } from '../../../src/model/tile.js';
import { capacityTraffic } from '../../../src/model/traffic/capacity.js';
import { prepareTraffic, type PreparedTraffic } from '../../../src/model/traffic/prepare.js';
import { dramReadBytes, inStepBytes, l1Bytes, l2Bytes, type Traffic } from '../../../src/model/traffic/traffic.js';
import { KIB, MIB } from '../../../src/model/units.js';
import { FULL } from '../../helpers/full.js';
import { layerOf, prepared, seeded, type Sizes, type TileSizes } from './layers.js';

const CASES: readonly [
  sizes: Sizes,
  tile: TileSizes,
  design: readonly [smCount: number, activeCtas: number, l1Bytes: number, l2Bytes: number],
][] = [
  [
    [8, 128, 28, 28, 128, 3, 3, 1, 1, 1, 1],
    [128, 128, 8],
    [80, 2, 65536, 1048576],
  ],
  [
    [4, 64, 56, 56, 256, 1, 1, 0, 0, 1, 1],
    [128, 128, 8],
    [40, 2, 131072, 4194304],
  ],
  [
    [8, 3, 112, 112, 64, 7, 7, 3, 3, 2, 2],
    [128, 64, 4],
    [28, 4, 24576, 524288],
  ],
  [
    [16, 256, 28, 28, 512, 1, 1, 0, 0, 2, 2],
    [128, 128, 8],
    [30, 2, 24576, 524288],
  ],
  [
    [4, 3, 227, 227, 96, 11, 11, 0, 0, 4, 4],
    [128, 128, 8],
    [80, 2, 98304, 6291456],
  ],
  [
    [8, 512, 7, 7, 512, 3, 3, 1, 1, 1, 1],
    [128, 128, 8],
    [108, 2, 131072, 2097152],
  ],
  [
    [16, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1],
    [256, 128, 8],
    [16, 2, 49152, 262144],
  ],
  [
    [16, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1],
    [256, 128, 8],
    [16, 2, 49152, 16777216],
  ],
  [
    [8, 192, 28, 28, 32, 5, 5, 2, 2, 1, 1],
    [128, 32, 4],
    [20, 6, 16384, 1048576],
  ],
  [
    [32, 480, 14, 14, 192, 1, 1, 0, 0, 1, 1],
    [128, 64, 4],
    [108, 3, 8192, 4194304],
  ],
  [
    [8, 32, 56, 56, 200, 3, 3, 1, 1, 2, 2],
    [128, 128, 8],
    [13, 1, 262144, 786432],
  ],
  [
    [2, 1024, 14, 14, 1000, 1, 1, 0, 0, 1, 1],
    [256, 128, 8],
    [8, 1, 32768, 524288],
  ],
];

const errorOf = (value: number, truth: number): number => Math.abs(Math.log(value / truth));

const designOf = (design: (typeof CASES)[number][2]) => {
  const [smCount, activeCtas, l1, l2] = design;
  return { smCount, activeCtas, l1Bytes: l1, l2Bytes: l2 };
};

describe('traffic against the address-level simulation', () => {
  test.each(CASES.filter(([, , design]) => design[3] >= MIB))(
    'of %j in tiles of %j on SMs, active, L1, L2 %j: L1 0.5%%, L2 22%%, DRAM 25%%',
    (sizes, tile, design) => {
      const traffic = capacityTraffic(prepared(sizes, tile), designOf(design));
      const truth = simulate({ layer: layerOf(sizes), batch: sizes[0], tile: makeTile(...tile), ...designOf(design) });
      expect(errorOf(traffic.l1.filter, truth.l1.filter)).toBeLessThan(1e-9);
      expect(errorOf(l1Bytes(traffic), truth.l1.ifmap + truth.l1.filter)).toBeLessThan(0.005);
      expect(errorOf(l2Bytes(traffic), truth.l2.ifmap + truth.l2.filter)).toBeLessThan(0.22);
      expect(errorOf(dramReadBytes(traffic), truth.dram.ifmap + truth.dram.filter)).toBeLessThan(0.25);
    },
  );

  const count = FULL ? 300 : 40;
  test(`of ${count} random layers on random machines with L2 of 1 MiB and more: L2 1%, DRAM 4%`, () => {
    const errors = randomConfigurations(3 * count, 7)
      .filter(({ l2Bytes: bytes }) => bytes >= MIB)
      .slice(0, count)
      .map((configuration) => {
        const { layer, batch, tile, smCount, activeCtas, l2Bytes: bytes } = configuration;
        const machine = { ...configuration, l1Bytes: 0 }; // a CTA asks L2 once a k-block
        const traffic = capacityTraffic(prepareTraffic(layer, batch, tile), machine);
        const truth = simulate(machine);
        return {
          l2: errorOf(l2Bytes(traffic), truth.l2.ifmap + truth.l2.filter),
          dram: errorOf(dramReadBytes(traffic), truth.dram.ifmap + truth.dram.filter),
          // Few lines a CTA: a tiny layer's few lines are hot in L2 whatever passes through it.
          isRoomy: bytes >= 8 * KIB * smCount * activeCtas,
        };
      });
    const meanOf = (values: number[]) => Math.expm1(values.reduce((a, b) => a + b, 0) / values.length);
    expect(errors).toHaveLength(count);
    expect(meanOf(errors.map(({ l2 }) => l2))).toBeLessThan(0.01);
    expect(meanOf(errors.map(({ dram }) => dram))).toBeLessThan(0.04);
    const roomy = errors.filter(({ isRoomy }) => isRoomy).map(({ dram }) => dram);
    expect(meanOf(roomy)).toBeLessThan(0.025);
    expect(Math.exp(Math.max(...roomy))).toBeLessThan(1.5);
  });
});

/** Random layers, each with an SM count and an occupancy. */
function randomCases(count: number): { traffic: PreparedTraffic; smCount: number; activeCtas: number; name: string }[] {
  const random = seeded(2019);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  return Array.from({ length: count }, () => {
    const filter = pick([1, 1, 3, 3, 5, 7, 11]);
    const pad = pick([0, (filter - 1) / 2]);
    const stride = pick([1, 1, 2, 4]);
    const size = filter + Math.floor(random() * 60);
    const batch = pick([1, 4, 16]);
    const sizes: Sizes = [
      batch,
      pick([1, 3, 16, 64]),
      size,
      size + pick([0, 5]),
      pick([10, 64, 200]),
      filter,
      filter,
      pad,
      pad,
      stride,
      stride,
    ];
    const tile = pick([
      [128, 32, 4],
      [128, 64, 4],
      [128, 128, 8],
      [256, 128, 8],
    ] as const);
    return {
      traffic: prepared(sizes, tile),
      smCount: 8 + Math.floor(random() * 153),
      activeCtas: 1 + Math.floor(random() * 8),
      name: `${sizes.join(' ')} ${tile.join('x')}`,
    };
  });
}

const L1_SIZES = [8, 16, 24, 48, 96, 128, 256].map((size) => size * KIB);
const L2_SIZES = [0.25, 0.5, 1, 1.5, 3, 6, 16, 64].map((size) => size * MIB);

describe('properties on random layers and designs', () => {
  const cases = randomCases(60);

  test('more L1 or more L2 never means more DRAM traffic, nor more L1 more L2 traffic', () => {
    const violations: string[] = [];
    for (const { traffic, smCount, activeCtas, name } of cases) {
      const table = L1_SIZES.map((l1) =>
        L2_SIZES.map((l2) => capacityTraffic(traffic, { smCount, activeCtas, l1Bytes: l1, l2Bytes: l2 })),
      );
      const atMost = (i: number, j: number, bytes: (t: Traffic) => number, least: Traffic | undefined): void => {
        if (least && bytes(table[i]![j]!) > 1.01 * bytes(least)) violations.push(`${name}: L1 ${i}, L2 ${j}`);
      };
      for (let i = 0; i < L1_SIZES.length; i++)
        for (let j = 0; j < L2_SIZES.length; j++) {
          atMost(i, j, dramReadBytes, table[i - 1]?.[j]);
          atMost(i, j, dramReadBytes, table[i]![j - 1]);
          atMost(i, j, l2Bytes, table[i - 1]?.[j]);
        }
    }
    expect(violations).toEqual([]);
  });

  test('each operand: everything once <= DRAM <= L2 <= L1', () => {
    const violations: string[] = [];
    for (const { traffic, smCount, activeCtas, name } of cases)
      for (const l1 of L1_SIZES)
        for (const l2 of L2_SIZES) {
          const t = capacityTraffic(traffic, { smCount, activeCtas, l1Bytes: l1, l2Bytes: l2 });
          const { layer, footprint } = traffic;
          const once = { ifmap: 32 * footprint.sectors, filter: 4 * layer.n * layer.k };
          for (const operand of ['ifmap', 'filter'] as const) {
            const ascending = [once[operand], t.dram[operand], t.l2[operand], t.l1[operand]];
            if (ascending.some((bytes, i) => bytes * (1 - 1e-9) > (ascending[i + 1] ?? Infinity)))
              violations.push(`${name}: L1 ${l1}, L2 ${l2}: ${ascending.join(' ')}`);
          }
        }
    expect(violations).toEqual([]);
  });
});

describe('capacityTraffic', () => {
  const sizes: Sizes = [4, 32, 28, 28, 64, 3, 3, 1, 1, 1, 1];
  const design = { smCount: 20, activeCtas: 2, l1Bytes: 48 * KIB, l2Bytes: MIB };

  test('takes each group as a GEMM of its own: two groups are twice a layer of half the channels and filters', () => {
    const half: Sizes = [4, 16, 28, 28, 32, 3, 3, 1, 1, 1, 1];
    const grouped = capacityTraffic(prepareTraffic(layerOf(sizes, 2), 4, makeTile(128, 32, 4)), design);
    const single = capacityTraffic(prepared(half, [128, 32, 4]), design);
    expect(grouped.dram.ifmap).toBeCloseTo(2 * single.dram.ifmap, 6);
    expect(grouped.l2.filter).toBeCloseTo(2 * single.l2.filter, 6);
    expect(grouped.written).toBe(2 * single.written!);
  });

  test('writes what half of L2 does not hold: 4 M N groups bytes less that', () => {
    const written = 4 * 4 * 28 * 28 * 64;
    const ofmapWith = (bytes: number) => capacityTraffic(prepared(sizes, [128, 64, 4]), { ...design, l2Bytes: bytes });
    expect(ofmapWith(MIB / 4)).toMatchObject({ written, dram: { ofmap: written - MIB / 8 } });
    expect(ofmapWith(2 * written)).toMatchObject({ written, dram: { ofmap: 0 } });
  });

  test('reads all that L2 is asked for without an L2 to speak of, and each byte once with one that holds all', () => {
    for (const { traffic, smCount, activeCtas } of randomCases(60)) {
      const machine = { smCount, activeCtas, l1Bytes: 48 * KIB };
      const none = capacityTraffic(traffic, { ...machine, l2Bytes: 0 });
      expect(dramReadBytes(none) / l2Bytes(none)).toBeGreaterThan(0.95);
      const all = capacityTraffic(traffic, { ...machine, l2Bytes: 2 ** 40 });
      const { layer, footprint } = traffic;
      expect(dramReadBytes(all)).toBeCloseTo(32 * footprint.sectors + 4 * layer.n * layer.k, 3);
    }
  });

  test('is in step where an SM has one CTA at a time', () => {
    for (const { traffic, smCount } of randomCases(60)) {
      const one = capacityTraffic(traffic, { smCount, activeCtas: 1, l1Bytes: 48 * KIB, l2Bytes: MIB });
      expect(one.dram.ifmap + one.dram.filter + one.dram.ofmap).toBeCloseTo(inStepBytes(one), 3);
    }
  });
});
