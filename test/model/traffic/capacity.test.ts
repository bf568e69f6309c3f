import { describe, expect, test } from '@jest/globals';
import { makeTile } from '../../../src/model/tile.js';
import { capacityTraffic, dramTraffic, l2Traffic } from '../../../src/model/traffic/capacity.js';
import { prepareTraffic, type PreparedTraffic } from '../../../src/model/traffic/prepare.js';
import { dramReadBytes, l1Bytes, l2Bytes, type Traffic } from '../../../src/model/traffic/traffic.js';
import { KIB, MIB } from '../../../src/model/units.js';
import { layerOf, prepared, seeded, type Sizes, type TileSizes } from './layers.js';

interface Golden {
  sizes: Sizes;
  tile: TileSizes;
  design: readonly [smCount: number, activeCtas: number, l1Bytes: number, l2Bytes: number];
  /** Bytes of an address-level simulation of the loads, caches of docs/model.md, 10.1: IFmap and filter at L1, L2, DRAM. */
  bytes: readonly [number, number, number, number, number, number];
}

const GOLDEN: readonly Golden[] = [
  {
    sizes: [8, 128, 28, 28, 128, 3, 3, 1, 1, 1, 1],
    tile: [128, 128, 8],
    design: [80, 2, 65536, 1048576],
    bytes: [34308096, 28901376, 4837984, 28901376, 3211264, 589824],
  },
  {
    sizes: [4, 64, 56, 56, 256, 1, 1, 0, 0, 1, 1],
    tile: [128, 128, 8],
    design: [40, 2, 131072, 4194304],
    bytes: [6422528, 6422528, 6422528, 3014144, 3468032, 65536],
  },
  {
    sizes: [8, 3, 112, 112, 64, 7, 7, 3, 3, 2, 2],
    tile: [128, 64, 4],
    design: [28, 4, 24576, 524288],
    bytes: [31282944, 20371456, 4701984, 3711104, 1209792, 70144],
  },
  {
    sizes: [16, 256, 28, 28, 512, 1, 1, 0, 0, 2, 2],
    tile: [128, 128, 8],
    design: [30, 2, 24576, 524288],
    bytes: [30736384, 13107200, 29720576, 13107200, 18427488, 655360],
  },
  {
    sizes: [4, 3, 227, 227, 96, 11, 11, 0, 0, 4, 4],
    tile: [128, 128, 8],
    design: [80, 2, 98304, 6291456],
    bytes: [73715168, 24988800, 4581664, 11471264, 2473408, 139392],
  },
  {
    sizes: [8, 512, 7, 7, 512, 3, 3, 1, 1, 1, 1],
    tile: [128, 128, 8],
    design: [108, 2, 131072, 2097152],
    bytes: [35373056, 37748736, 3865632, 37748736, 802816, 9437184],
  },
  {
    sizes: [16, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1],
    tile: [256, 128, 8],
    design: [16, 2, 49152, 262144],
    bytes: [130613248, 28901376, 19342400, 14979200, 13041664, 1032064],
  },
  {
    sizes: [16, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1],
    tile: [256, 128, 8],
    design: [16, 2, 49152, 16777216],
    bytes: [130613248, 28901376, 19342400, 14979200, 12845056, 147456],
  },
  {
    sizes: [8, 192, 28, 28, 32, 5, 5, 2, 2, 1, 1],
    tile: [128, 32, 4],
    design: [20, 6, 16384, 1048576],
    bytes: [138854400, 60211200, 11070560, 13371168, 4816896, 614400],
  },
  {
    sizes: [32, 480, 14, 14, 192, 1, 1, 0, 0, 1, 1],
    tile: [128, 64, 4],
    design: [108, 3, 8192, 4194304],
    bytes: [41287680, 36126720, 37969920, 34233600, 12042240, 368640],
  },
  {
    sizes: [8, 32, 56, 56, 200, 3, 3, 1, 1, 2, 2],
    tile: [128, 128, 8],
    design: [13, 1, 262144, 786432],
    bytes: [29581312, 11289600, 7271456, 5943040, 6469568, 725120],
  },
  {
    sizes: [2, 1024, 14, 14, 1000, 1, 1, 0, 0, 1, 1],
    tile: [256, 128, 8],
    design: [8, 1, 32768, 524288],
    bytes: [14680064, 8192000, 13107200, 8192000, 3211264, 4096000],
  },
];

describe('traffic against the address-level simulation', () => {
  test.each(GOLDEN)('$sizes, tile $tile, SMs, active, L1, L2 $design: L1 0.5%, L2 2%, DRAM 2%', (golden) => {
    const [smCount, activeCtas, l1, l2] = golden.design;
    const traffic = capacityTraffic(prepared(golden.sizes, golden.tile), {
      smCount,
      activeCtas,
      l1Bytes: l1,
      l2Bytes: l2,
    });
    const [l1Ifmap, l1Filter, l2Ifmap, l2Filter, dramIfmap, dramFilter] = golden.bytes;
    const error = (value: number, truth: number): number => Math.abs(value / truth - 1);
    expect(error(traffic.l1.filter, l1Filter)).toBeLessThan(1e-9);
    expect(error(l1Bytes(traffic), l1Ifmap + l1Filter)).toBeLessThan(0.005);
    expect(error(l2Bytes(traffic), l2Ifmap + l2Filter)).toBeLessThan(0.02);
    expect(error(dramReadBytes(traffic), dramIfmap + dramFilter)).toBeLessThan(0.02);
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

  test('is the L2 traffic, then the DRAM traffic of it', () => {
    const traffic = prepared(sizes, [128, 64, 4]);
    expect(dramTraffic(traffic, l2Traffic(traffic, design), design.l2Bytes)).toEqual(capacityTraffic(traffic, design));
  });

  test('takes each group as a GEMM of its own: two groups are twice a layer of half the channels and filters', () => {
    const half: Sizes = [4, 16, 28, 28, 32, 3, 3, 1, 1, 1, 1];
    const grouped = capacityTraffic(prepareTraffic(layerOf(sizes, 2), 4, makeTile(128, 32, 4)), design);
    const single = capacityTraffic(prepared(half, [128, 32, 4]), design);
    expect(grouped.dram.ifmap).toBeCloseTo(2 * single.dram.ifmap, 6);
    expect(grouped.l2.filter).toBeCloseTo(2 * single.l2.filter, 6);
    expect(grouped.dram.ofmap).toBe(2 * single.dram.ofmap);
  });

  test('writes the OFmap once: 4 M N groups bytes', () => {
    expect(capacityTraffic(prepared(sizes, [128, 64, 4]), design).dram.ofmap).toBe(4 * 4 * 28 * 28 * 64);
  });
});
