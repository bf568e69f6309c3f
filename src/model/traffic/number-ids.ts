// By name: see sectors.ts.
const { imul } = Math;

/** Numbers integers from 0 as they first come: a hash table with open addressing, several times faster than a Map. */
export class NumberIds {
  size = 0;
  /** By slot: the integer, and its id plus 1; 0 where the slot is free. */
  private readonly keys: Float64Array;
  private readonly marks: Int32Array;
  private readonly shift: number;

  /** @param most the most different integers that will come */
  constructor(most: number) {
    // At most half full. 2^30 slots are far beyond what anybody waits for.
    const bits = Math.min(30, 1 + Math.ceil(Math.log2(Math.max(2, most))));
    this.keys = new Float64Array(2 ** bits);
    this.marks = new Int32Array(2 ** bits);
    this.shift = 32 - bits;
  }

  /** Forgets all integers. */
  clear(): void {
    this.size = 0;
    this.marks.fill(0);
  }

  /** The id of an integer; the `size` before the call if it is new. */
  of(key: number): number {
    const { keys, marks } = this;
    const lastSlot = marks.length - 1;
    // 2^32 over the golden ratio spreads integers that follow each other.
    let slot = imul(key, 0x9e3779b1) >>> this.shift;
    while (marks[slot] !== 0) {
      if (keys[slot] === key) return marks[slot]! - 1;
      slot = (slot + 1) & lastSlot;
    }
    keys[slot] = key;
    marks[slot] = this.size + 1;
    return this.size++;
  }
}
