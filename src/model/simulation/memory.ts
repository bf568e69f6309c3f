/** L1s, L2 and DRAM as the k-blocks read through them, and what each is asked for (docs/model.md, 9.3). */
import { FilterTiles, IfmapTiles, type Operands } from './addresses.js';
import { makeCache, TileMemory, type Cache } from './cache.js';
import type { SimulationInput } from './input.js';
import { lineOf, maskOf, SECTORS_OF_MASK, Touches } from './touches.js';

const L1_WAYS = 4;
const L2_WAYS = 16;

/** Sectors asked of each level for one operand. */
export class SectorCounts {
  l1 = 0;
  l2 = 0;
  dram = 0;
}

/** One operand's tiles and the touches of the tile that was loaded last: CTAs that follow one another often share it. */
class Operand {
  readonly counts = new SectorCounts();
  readonly touches: Touches;
  private tile = -1;
  private kBlock = -1;

  constructor(
    private readonly tiles: IfmapTiles | FilterTiles,
    capacity: number,
  ) {
    this.touches = new Touches(capacity);
  }

  load(tile: number, kBlock: number): void {
    if (this.tile === tile && this.kBlock === kBlock) return;
    this.tiles.load(tile, kBlock, this.touches);
    this.tile = tile;
    this.kBlock = kBlock;
  }
}

export class Memory {
  private readonly ifmap: Operand;
  private readonly filter: Operand;
  private readonly l1s: readonly Cache[];
  private readonly l2: Cache;
  /** Stands in for every L1 if there is none. */
  private readonly tileMemory: TileMemory | undefined;

  constructor(input: SimulationInput, operands: Operands) {
    const { tile, smCount, l1Bytes, l2Bytes } = input;
    const [ifmapElements, filterElements] = [tile.m * tile.k, tile.n * tile.k];
    this.ifmap = new Operand(new IfmapTiles(operands, tile), ifmapElements);
    this.filter = new Operand(new FilterTiles(operands, tile), filterElements);
    this.tileMemory = l1Bytes === 0 ? new TileMemory(Math.max(ifmapElements, filterElements)) : undefined;
    this.l1s = Array.from({ length: smCount }, () => this.tileMemory ?? makeCache(l1Bytes, L1_WAYS));
    this.l2 = makeCache(l2Bytes, L2_WAYS);
  }

  /** One k-block of one CTA: its IFmap tile, then its filter tile. */
  readBlock(row: number, column: number, kBlock: number, sm: number): void {
    this.ifmap.load(row, kBlock);
    this.filter.load(column, kBlock);
    this.read(this.ifmap, this.l1s[sm]!);
    this.read(this.filter, this.l1s[sm]!);
  }

  private read({ touches, counts }: Operand, l1: Cache): void {
    const { packed, length } = touches;
    const { l2 } = this;
    this.tileMemory?.startLoad();
    let requests = 0;
    let l1Misses = 0;
    let l2Misses = 0;
    for (let i = 0; i < length; i++) {
      const touch = packed[i]!;
      const line = lineOf(touch);
      requests += SECTORS_OF_MASK[maskOf(touch)]!;
      const missed = l1.access(line, maskOf(touch));
      if (missed === 0) continue;
      l1Misses += SECTORS_OF_MASK[missed]!;
      l2Misses += SECTORS_OF_MASK[l2.access(line, missed)]!;
    }
    counts.l1 += requests;
    counts.l2 += l1Misses;
    counts.dram += l2Misses;
  }

  get counts(): { ifmap: SectorCounts; filter: SectorCounts } {
    return { ifmap: this.ifmap.counts, filter: this.filter.counts };
  }
}
