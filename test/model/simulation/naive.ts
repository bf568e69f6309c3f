/** The simulation written out as its definition reads, element by element and sector by sector: slow, and the oracle of the fast one. */
import { forwardGemm, outHeight, outWidth } from '../../../src/model/layer.js';
import type { SimulationInput } from '../../../src/model/simulation/input.js';
import { randomFrom } from '../../../src/model/simulation/random.js';
import type { Simulation, SimulationOptions } from '../../../src/model/simulation/simulate.js';

const U64 = (1n << 64n) - 1n;

export function naiveSet(line: number, sets: number): number {
  let x = BigInt(line) + 1n;
  x ^= x >> 17n;
  x = (x * 0x9e3779b97f4a7c15n) & U64;
  x ^= x >> 29n;
  x = (x * 0xbf58476d1ce4e5b9n) & U64;
  x ^= x >> 32n;
  return Number((x * BigInt(sets)) >> 64n);
}

/** Sector by sector; each set a list of lines, the least recently used first. */
export class NaiveCache {
  private readonly ways: number;
  private readonly sets: number;
  private readonly lists = new Map<number, { line: number; sectors: Set<number> }[]>();

  constructor(bytes: number, ways: number) {
    const lines = Math.floor(bytes / 128);
    this.ways = Math.min(ways, lines);
    this.sets = this.ways === 0 ? 1 : Math.max(1, Math.floor(lines / this.ways));
  }

  isHit(sector: number): boolean {
    const line = Math.floor(sector / 4);
    const set = naiveSet(line, this.sets);
    const list = this.lists.get(set) ?? [];
    const found = list.find((entry) => entry.line === line) ?? { line, sectors: new Set<number>() };
    const isHit = found.sectors.has(sector);
    found.sectors.add(sector);
    const others = list.filter((entry) => entry !== found);
    const kept = [...others, found];
    while (kept.length > this.ways) kept.shift();
    this.lists.set(set, kept);
    return isHit;
  }
}

type Element = number | undefined;

const range = (start: number, end: number) => Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);

const chunks = (list: number[], size: number) =>
  range(0, Math.ceil(list.length / size)).map((i) => list.slice(i * size, (i + 1) * size));

/** The distinct sectors of a warp's elements, in order of the lanes. */
const sectorsOf = (elements: Element[]) => [
  ...new Set(elements.filter((element) => element !== undefined).map((element) => Math.floor(element / 8))),
];

function operandsOf({ layer, batch, tile }: SimulationInput) {
  const { m: M, n: N, k: K } = forwardGemm(layer, batch);
  const [ho, wo] = [outHeight(layer), outWidth(layer)];
  const channels = layer.inChannels / layer.groups;
  const { inHeight, inWidth, filterHeight, filterWidth } = layer;
  const filterStart = Math.ceil((batch * channels * inHeight * inWidth * 4) / 4096) * 1024;

  const ifmapElement = (m: number, k: number): Element => {
    const b = Math.floor(m / (ho * wo));
    const c = Math.floor(k / (filterHeight * filterWidth));
    const r = Math.floor(k / filterWidth) % filterHeight;
    const h = (Math.floor(m / wo) % ho) * layer.strideHeight - layer.padHeight + r;
    const w = (m % wo) * layer.strideWidth - layer.padWidth + (k % filterWidth);
    if (h < 0 || h >= inHeight || w < 0 || w >= inWidth) return undefined;
    return ((b * channels + c) * inHeight + h) * inWidth + w;
  };
  const ksOf = (kBlock: number) => range(kBlock * tile.k, Math.min((kBlock + 1) * tile.k, K));

  return {
    rows: Math.ceil(M / tile.m),
    columns: Math.ceil(N / tile.n),
    loops: Math.ceil(K / tile.k),
    ifmapLoad: (row: number, kBlock: number) => {
      const warps = chunks(range(row * tile.m, Math.min((row + 1) * tile.m, M)), 32);
      return ksOf(kBlock).flatMap((k) => warps.flatMap((ms) => sectorsOf(ms.map((m) => ifmapElement(m, k)))));
    },
    filterLoad: (column: number, kBlock: number) => {
      const filters = range(column * tile.n, Math.min((column + 1) * tile.n, N));
      const warps = chunks(filters, Math.max(1, Math.floor(32 / tile.k)));
      return warps.flatMap((ns) =>
        sectorsOf(ns.flatMap((n) => ksOf(kBlock).map((k): Element => filterStart + n * K + k))),
      );
    },
  };
}

export function naiveSimulate(input: SimulationInput, options: SimulationOptions = {}): Omit<Simulation, 'accesses'> {
  const { rows, columns, loops, ifmapLoad, filterLoad } = operandsOf(input);
  const { order = 'column-major', stagger = 0, stalls = 0, seed = 1 } = options;
  const l1s = range(0, input.smCount).map(() => new NaiveCache(input.l1Bytes, 4));
  const l2 = new NaiveCache(input.l2Bytes, 16);
  const zero = () => ({ ifmap: 0, filter: 0 });
  const result = { l1: zero(), l2: zero(), dram: zero() };

  const read = (sectors: number[], sm: number, operand: 'ifmap' | 'filter') => {
    const seen = new Set<number>();
    for (const sector of sectors) {
      result.l1[operand] += 32 * input.layer.groups;
      if (input.l1Bytes === 0 ? seen.has(sector) : l1s[sm]!.isHit(sector)) continue;
      seen.add(sector);
      result.l2[operand] += 32 * input.layer.groups;
      if (!l2.isHit(sector)) result.dram[operand] += 32 * input.layer.groups;
    }
  };

  const random = randomFrom(seed);
  const waiting = range(0, rows * columns);
  const slots: { cta: number | undefined; sm: number; kBlock: number; delay: number }[] = waiting
    .splice(0, input.smCount * input.activeCtas)
    .map((cta, i) => ({
      cta,
      sm: i % input.smCount,
      kBlock: 0,
      delay: stagger > 0 ? Math.floor(random() * (stagger + 1)) : 0,
    }));
  while (slots.some(({ cta }) => cta !== undefined))
    for (const slot of slots) {
      if (slot.cta === undefined || (stalls > 0 && random() < stalls)) continue;
      if (slot.delay-- > 0) continue;
      const isColumnMajor = order === 'column-major';
      const row = isColumnMajor ? slot.cta % rows : Math.floor(slot.cta / columns);
      const column = isColumnMajor ? Math.floor(slot.cta / rows) : slot.cta % columns;
      read(ifmapLoad(row, slot.kBlock), slot.sm, 'ifmap');
      read(filterLoad(column, slot.kBlock), slot.sm, 'filter');
      if (++slot.kBlock < loops) continue;
      slot.cta = waiting.shift();
      slot.kBlock = 0;
    }
  return result;
}
