/** The caches of the simulation (docs/model.md, 9.3): each answers a touch, a line and a mask of its sectors. */
import { setIndex } from './mix64.js';
import { ALL_SECTORS, LINE_SECTORS, SECTORS_OF_MASK } from './touches.js';

const LINE_BYTES = 128;

/** Sectors that a miss fetches: pairs, 64 bytes. */
const FETCHED_WITH = [0, 3, 3, 3, 12, 15, 15, 15, 12, 15, 15, 15, 12, 15, 15, 15] as const;

/** Set-associative, 128-byte lines with a valid and a dirty bit for each of four sectors, true LRU; entries of a set from the most to the least recently used. */
export class SectorCache {
  readonly sets: number;
  readonly ways: number;
  /** Sectors of dirty lines that went to make room. */
  writtenBack = 0;
  private readonly tags: Float64Array;
  private readonly valid: Uint8Array;
  private readonly dirty: Uint8Array;

  /** @param bytes less than a line: a cache that holds nothing */
  constructor(bytes: number, ways: number) {
    const lines = Math.floor(bytes / LINE_BYTES);
    this.ways = Math.min(ways, lines);
    this.sets = lines > 0 ? Math.floor(lines / this.ways) : 0;
    const entries = this.sets * this.ways;
    this.tags = new Float64Array(entries).fill(-1);
    this.valid = new Uint8Array(entries);
    this.dirty = new Uint8Array(entries);
  }

  /** Asks for the sectors of `mask`; the mask of those that miss, which it then holds. */
  access(line: number, mask: number, owner = 0): number {
    if (this.sets === 0) return mask;
    const at = this.find(line, owner);
    const missing = mask & ~this.valid[at]!;
    this.valid[at]! |= mask;
    return missing;
  }

  /** Asks for the sectors of `mask`; the mask of those that are fetched, a missing one with its neighbour. */
  fetch(line: number, mask: number): number {
    if (this.sets === 0) return mask;
    const at = this.find(line, 0);
    const fetched = FETCHED_WITH[mask & ~this.valid[at]!]! & ~this.valid[at]!;
    this.valid[at]! |= fetched;
    return fetched;
  }

  /** Writes the sectors of `mask`, without a read. */
  write(line: number, mask: number): void {
    if (this.sets === 0) {
      this.writtenBack += SECTORS_OF_MASK[mask]!;
      return;
    }
    const at = this.find(line, 0);
    this.valid[at]! |= mask;
    this.dirty[at]! |= mask;
  }

  /** The entry of a line, now the first of its set; an empty one in place of the last if it was not there. */
  private find(line: number, owner: number): number {
    const { tags, valid, dirty } = this;
    const tag = owner * 2 ** 32 + line;
    const first = setIndex(line, this.sets) * this.ways;
    const last = first + this.ways - 1;
    let at = first;
    while (at < last && tags[at] !== tag) at++;
    const isThere = tags[at] === tag;
    if (!isThere) this.writtenBack += SECTORS_OF_MASK[dirty[at]!]!;
    const [kept, wet] = isThere ? [valid[at]!, dirty[at]!] : [0, 0];
    tags.copyWithin(first + 1, first, at);
    valid.copyWithin(first + 1, first, at);
    dirty.copyWithin(first + 1, first, at);
    tags[first] = tag;
    valid[first] = kept;
    dirty[first] = wet;
    return first;
  }
}

/**
 * The memory of a single tile load, without limit: what the paper's definition of L2 traffic supposes in place of L1.
 * A hash table with linear probing; a slot counts only if its stamp is that of the present load.
 */
export class TileMemory {
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
