/**
 * The sectors that one tile load of one k-block asks for, in order (docs/model.md, 9.2). Addresses rise within a warp,
 * so its distinct sectors of one line stand side by side: a touch is a line with a mask of its sectors, and a cache
 * answers the whole touch as it would answer the sectors one by one.
 */

/** Sectors of a line, and so bits of a touch's mask. */
export const LINE_SECTORS = 4;
export const ALL_SECTORS = 0b1111;

const SECTOR_SHIFT = 3; // 8 elements of 4 bytes
const LINE_SHIFT = 5; // 4 sectors

/** How many sectors each mask has. */
export const SECTORS_OF_MASK = Uint8Array.of(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);

/** Line and mask as one number, `line << 4 | mask`; lines stay below 2^26, as element addresses fit 31 bits. */
export const lineOf = (touch: number): number => touch >>> LINE_SECTORS;
export const maskOf = (touch: number): number => touch & ALL_SECTORS;

/** A list of touches that is filled anew for each tile load. */
export class Touches {
  readonly packed: Int32Array;
  length = 0;
  private warpStart = 0;

  /** @param capacity the most elements that a tile load has: each touches one line at most */
  constructor(capacity: number) {
    this.packed = new Int32Array(capacity);
  }

  clear(): void {
    this.length = 0;
    this.warpStart = 0;
  }

  /** Sectors are distinct within a warp only: the next one asks again. */
  startWarp(): void {
    this.warpStart = this.length;
  }

  /** Asks for every sector from that of element `first` to that of element `last`. */
  addRange(first: number, last: number): void {
    const lastLine = last >> LINE_SHIFT;
    let mask = ALL_SECTORS & (ALL_SECTORS << ((first >> SECTOR_SHIFT) & 3));
    for (let line = first >> LINE_SHIFT; line < lastLine; line++) {
      this.add(line, mask);
      mask = ALL_SECTORS;
    }
    this.add(lastLine, mask & (ALL_SECTORS >> (3 - ((last >> SECTOR_SHIFT) & 3))));
  }

  private add(line: number, mask: number): void {
    const end = this.length - 1;
    if (end >= this.warpStart && lineOf(this.packed[end]!) === line) this.packed[end]! |= mask;
    else this.packed[this.length++] = (line << LINE_SECTORS) | mask;
  }
}
