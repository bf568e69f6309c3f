/** L1s, L2 and DRAM as the CTAs read and write through them, and what each is asked for (docs/model.md, 9.3). */
import { FilterTiles, IfmapTiles, OfmapTiles, type Operands } from './addresses.js';
import { SectorCache, TileMemory } from './cache.js';
import type { SimulationInput } from './input.js';
import { lineOf, maskOf, SECTORS_OF_MASK, Touches } from './touches.js';

const L1_WAYS = 4;
const L2_WAYS = 16;

/** Sectors asked of each level for one operand. */
export class SectorCounts {
  l1 = 0;
  l2 = 0;
  /** Those that L2 fetched, and those of them that were asked for: nvprof counts these. */
  dram = 0;
  demanded = 0;
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
  private readonly ofmap: OfmapTiles;
  private readonly results: Touches;
  private readonly l1s: readonly SectorCache[];
  private readonly l2: SectorCache;
  /** Stands in for every L1 if there is none. */
  private readonly tileMemory: TileMemory | undefined;
  private readonly rows: number;

  constructor(input: SimulationInput, operands: Operands) {
    const { tile, smCount, l1Bytes, l2Bytes } = input;
    const [ifmapElements, filterElements] = [tile.m * tile.k, tile.n * tile.k];
    this.rows = Math.ceil(operands.m / tile.m);
    this.ifmap = new Operand(new IfmapTiles(operands, tile), ifmapElements);
    this.filter = new Operand(new FilterTiles(operands, tile), filterElements);
    this.ofmap = new OfmapTiles(operands, tile);
    this.results = new Touches(tile.m * tile.n);
    this.tileMemory = l1Bytes === 0 ? new TileMemory(Math.max(ifmapElements, filterElements)) : undefined;
    this.l1s = this.tileMemory ? [] : Array.from({ length: smCount }, () => new SectorCache(l1Bytes, L1_WAYS));
    this.l2 = new SectorCache(l2Bytes, L2_WAYS);
  }

  /** One k-block of one CTA: its IFmap tile, then its filter tile. */
  readBlock(row: number, column: number, kBlock: number, sm: number): void {
    this.ifmap.load(row, kBlock);
    this.filter.load(column, kBlock);
    const cta = column * this.rows + row;
    this.read(this.ifmap, sm, cta);
    this.read(this.filter, sm, cta);
  }

  /** A CTA's results: into L2, which reads nothing for them. */
  write(row: number, column: number): void {
    const { results, l2 } = this;
    this.ofmap.load(row, column, results);
    for (let i = 0; i < results.length; i++) l2.write(lineOf(results.packed[i]!), maskOf(results.packed[i]!));
  }

  /** A CTA finds in L1 only what it has asked for itself. */
  private read({ touches, counts }: Operand, sm: number, cta: number): void {
    const { packed, length } = touches;
    const { l2, tileMemory } = this;
    const l1 = this.l1s[sm];
    tileMemory?.startLoad();
    for (let i = 0; i < length; i++) {
      const touch = packed[i]!;
      const line = lineOf(touch);
      const mask = maskOf(touch);
      counts.l1 += SECTORS_OF_MASK[mask]!;
      const missed = tileMemory ? tileMemory.access(line, mask) : l1!.access(line, mask, cta);
      if (missed === 0) continue;
      counts.l2 += SECTORS_OF_MASK[missed]!;
      const fetched = l2.fetch(line, missed);
      counts.dram += SECTORS_OF_MASK[fetched]!;
      counts.demanded += SECTORS_OF_MASK[fetched & missed]!;
    }
  }

  get counts(): { ifmap: SectorCounts; filter: SectorCounts } {
    return { ifmap: this.ifmap.counts, filter: this.filter.counts };
  }

  /** Sectors of results that went to DRAM before the kernel ended. */
  get writtenBack(): number {
    return this.l2.writtenBack;
  }
}
