/** The caches of the simulation (docs/model.md, 9.3): what each does with a touch, a line and a mask of its sectors. */
import { setIndex } from './mix64.js';
import { ALL_SECTORS, LINE_SECTORS } from './touches.js';

const LINE_BYTES = 128;

/** A cache level as the simulation sees it. */
export interface Cache {
  /** Asks for the sectors of `mask`; returns the mask of those that miss, which it then holds. */
  access(line: number, mask: number): number;
}

/** The cache of that many bytes: one of none if not a line fits. */
export function makeCache(bytes: number, ways: number): Cache {
  return bytes < LINE_BYTES ? NO_CACHE : new SectorCache(bytes, ways);
}

const NO_CACHE: Cache = { access: (_line, mask) => mask };

/**
 * Set-associative, 128-byte lines with a valid bit for each of four sectors, true LRU. The entries of a set stand from
 * the most to the least recently used, each `line << 4 | valid sectors`. An entry of zero is empty: it reads as line 0
 * with no sector, which misses just as an absent line would, and it always stands behind the entries in use.
 */
export class SectorCache implements Cache {
  readonly sets: number;
  readonly ways: number;
  private readonly entries: Int32Array;

  constructor(bytes: number, ways: number) {
    const lines = Math.floor(bytes / LINE_BYTES);
    this.ways = Math.min(ways, lines);
    this.sets = Math.floor(lines / this.ways);
    this.entries = new Int32Array(this.sets * this.ways);
  }

  access(line: number, mask: number): number {
    const { entries } = this;
    const first = setIndex(line, this.sets) * this.ways;
    const last = first + this.ways - 1;
    let at = first;
    while (at < last && entries[at]! >>> LINE_SECTORS !== line) at++;
    const entry = entries[at]!;
    const valid = entry >>> LINE_SECTORS === line ? entry & ALL_SECTORS : 0;
    for (; at > first; at--) entries[at] = entries[at - 1]!;
    entries[first] = (line << LINE_SECTORS) | valid | mask;
    return mask & ~valid;
  }
}

/**
 * The memory of a single tile load, without limit: what the paper's definition of L2 traffic supposes in place of L1.
 * A hash table with linear probing; a slot counts only if its stamp is that of the present load.
 */
export class TileMemory implements Cache {
  private readonly slots: number;
  private readonly entries: Int32Array;
  private readonly stamps: Int32Array;
  private load = 1;

  /** @param capacity the most lines that one load touches */
  constructor(capacity: number) {
    this.slots = 2 ** Math.ceil(Math.log2(2 * capacity));
    this.entries = new Int32Array(this.slots);
    this.stamps = new Int32Array(this.slots);
  }

  /** Forgets everything. */
  startLoad(): void {
    this.load = (this.load + 1) | 0;
    if (this.load === 0) {
      this.stamps.fill(0);
      this.load = 1;
    }
  }

  access(line: number, mask: number): number {
    const { entries, stamps, load } = this;
    let at = setIndex(line, this.slots);
    while (stamps[at] === load && entries[at]! >>> LINE_SECTORS !== line) at = (at + 1) & (this.slots - 1);
    const valid = stamps[at] === load ? entries[at]! & ALL_SECTORS : 0;
    stamps[at] = load;
    entries[at] = (line << LINE_SECTORS) | valid | mask;
    return mask & ~valid;
  }
}
