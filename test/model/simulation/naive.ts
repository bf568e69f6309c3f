/** The simulation written out as its definition reads, element by element and sector by sector: slow, and the oracle of the fast one. */
import { forwardGemm, outHeight, outWidth } from '../../../src/model/layer.js';
import type { SimulationInput } from '../../../src/model/simulation/input.js';
import { randomFrom } from '../../../src/model/simulation/random.js';
import { sharesByAge } from '../../../src/model/simulation/schedule.js';
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

interface Entry {
  owner: number;
  line: number;
  sectors: Set<number>;
  dirty: Set<number>;
}

/** Sector by sector; each set a list of lines, the least recently used first. */
export class NaiveCache {
  writtenBack = 0;
  private readonly ways: number;
  private readonly sets: number;
  private readonly lists = new Map<number, Entry[]>();

  constructor(bytes: number, ways: number) {
    const lines = Math.floor(bytes / 128);
    this.ways = Math.min(ways, lines);
    this.sets = this.ways === 0 ? 1 : Math.max(1, Math.floor(lines / this.ways));
  }

  isHit(sector: number, owner = 0): boolean {
    const { sectors } = this.entry(sector, owner);
    const isHit = sectors.has(sector);
    sectors.add(sector);
    return isHit;
  }

  /** The sectors that are fetched: a missing one and, if it misses too, the other of its 64 bytes. */
  fetch(sector: number): number[] {
    const { sectors } = this.entry(sector, 0);
    if (sectors.has(sector)) return [];
    const pair = [sector, sector % 2 === 0 ? sector + 1 : sector - 1];
    const missing = pair.filter((each) => !sectors.has(each));
    missing.forEach((each) => sectors.add(each));
    return this.ways === 0 ? [sector] : missing;
  }

  write(sector: number): void {
    const { sectors, dirty } = this.entry(sector, 0);
    sectors.add(sector);
    dirty.add(sector);
    if (this.ways === 0) this.writtenBack++;
  }

  private entry(sector: number, owner: number): Entry {
    const line = Math.floor(sector / 4);
    const set = naiveSet(line, this.sets);
    const list = this.lists.get(set) ?? [];
    const found = list.find((entry) => entry.line === line && entry.owner === owner) ?? {
      ...{ owner, line, sectors: new Set<number>(), dirty: new Set<number>() },
    };
    const kept = [...list.filter((entry) => entry !== found), found];
    while (kept.length > this.ways)
      this.writtenBack += this.ways === 0 ? kept.splice(0).length * 0 : kept.shift()!.dirty.size;
    this.lists.set(set, kept);
    return found;
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

  const ofmapStart = filterStart + Math.ceil((N * K) / 1024) * 1024;

  return {
    rows: Math.ceil(M / tile.m),
    columns: Math.ceil(N / tile.n),
    loops: Math.ceil(K / tile.k),
    ifmapLoad: (row: number, kBlock: number) => {
      const warps = chunks(range(row * tile.m, Math.min((row + 1) * tile.m, M)), 32);
      return ksOf(kBlock).flatMap((k) => warps.map((ms) => sectorsOf(ms.map((m) => ifmapElement(m, k)))));
    },
    filterLoad: (column: number, kBlock: number) => {
      const filters = range(column * tile.n, Math.min((column + 1) * tile.n, N));
      const warps = chunks(filters, Math.max(1, Math.floor(32 / tile.k)));
      return warps.map((ns) => sectorsOf(ns.flatMap((n) => ksOf(kBlock).map((k): Element => filterStart + n * K + k))));
    },
    ofmapWrite: (row: number, column: number) =>
      range(column * tile.n, Math.min((column + 1) * tile.n, N)).flatMap((n) =>
        sectorsOf(
          range(row * tile.m, Math.min((row + 1) * tile.m, M)).map((m): Element => {
            const image = Math.floor(m / (ho * wo));
            return ofmapStart + (image * N + n) * ho * wo + (m % (ho * wo));
          }),
        ),
      ),
  };
}

export function naiveSimulate(input: SimulationInput, options: SimulationOptions = {}): Omit<Simulation, 'accesses'> {
  const { rows, columns, loops, ifmapLoad, filterLoad, ofmapWrite } = operandsOf(input);
  const { inStep = false, seed = 1 } = options;
  const l1s = range(0, input.smCount).map(() => new NaiveCache(input.l1Bytes, 4));
  const l2 = new NaiveCache(input.l2Bytes, 16);
  const zero = () => ({ ifmap: 0, filter: 0 });
  const result = { l1: zero(), l2: zero(), dram: zero(), demanded: zero(), writtenBytes: 0 };
  const bytes = 32 * input.layer.groups;

  /** Loads of warps: of each, the sectors of a line that are asked for at once are one request. */
  const read = (warps: number[][], sm: number, cta: number, operand: 'ifmap' | 'filter') => {
    const seen = new Set<number>();
    const isHit = (sector: number) =>
      input.l1Bytes === 0 ? seen.has(sector) || !seen.add(sector) : l1s[sm]!.isHit(sector, cta);
    for (const request of warps.flatMap(requestsOf)) {
      result.l1[operand] += bytes * request.length;
      const missing = request.filter((sector) => !isHit(sector));
      result.l2[operand] += bytes * missing.length;
      const fetched = new Set(missing.flatMap((sector) => l2.fetch(sector)));
      result.dram[operand] += bytes * fetched.size;
      result.demanded[operand] += bytes * missing.filter((sector) => fetched.has(sector)).length;
    }
  };

  // Each SM has its CTAs, oldest first; the event that comes first in all is next.
  const random = randomFrom(seed);
  const waiting = range(0, rows * columns);
  const take = () => ({ cta: waiting.shift()!, done: 0, place: 0, speed: 1 + 0.01 * (2 * random() - 1) });
  const sms = range(0, Math.min(input.smCount, waiting.length)).map((sm) => ({
    sm,
    time: 0,
    ctas: [] as ReturnType<typeof take>[],
  }));
  for (let slot = 0; slot < input.activeCtas; slot++)
    for (const sm of sms) if (waiting.length > 0) sm.ctas.push(take());
  const speedOf = (count: number, age: number) => sharesByAge(count, { share: inStep ? 1 : 2 / 3, most: 0.55 })[age]!;
  for (;;) {
    const events = sms.flatMap((sm) =>
      sm.ctas.map((cta, age) => ({
        ...{ sm, cta },
        time: sm.time + (cta.done + 1 - cta.place) / (speedOf(sm.ctas.length, age) * cta.speed),
      })),
    );
    if (events.length === 0) break;
    const { sm, cta, time } = events.reduce((first, event) => (event.time < first.time ? event : first));
    const step = time - sm.time;
    sm.ctas.forEach((each, age) => (each.place += step * (speedOf(sm.ctas.length, age) * each.speed)));
    sm.time = time;
    cta.place = cta.done + 1;
    const [row, column] = [cta.cta % rows, Math.floor(cta.cta / rows)];
    read(ifmapLoad(row, cta.done), sm.sm, cta.cta, 'ifmap');
    read(filterLoad(column, cta.done), sm.sm, cta.cta, 'filter');
    if (++cta.done < loops) continue;
    for (const sector of ofmapWrite(row, column)) l2.write(sector);
    sm.ctas = sm.ctas.filter((each) => each !== cta);
    if (waiting.length > 0) sm.ctas.push(take());
  }
  result.writtenBytes = bytes * l2.writtenBack;
  return result;
}

/** A warp's sectors as requests: those of one line that follow each other. */
function requestsOf(sectors: number[]): number[][] {
  const requests: number[][] = [];
  for (const sector of sectors) {
    const last = requests.at(-1);
    if (last && Math.floor(last.at(-1)! / 4) === Math.floor(sector / 4)) last.push(sector);
    else requests.push([sector]);
  }
  return requests;
}
