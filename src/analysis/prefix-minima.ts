/** Above every value. */
const NONE = 0xffffffff;

/**
 * The least of the values at ranks up to a given one, while values come in, each in O(log n): a Fenwick tree (Fenwick,
 * "A New Data Structure for Cumulative Frequency Tables", Software: Practice and Experience 24 (1994)) of minima.
 */
export class PrefixMinima {
  private readonly tree: Uint32Array;

  /** @param ranks ranks go from 0 to below it */
  constructor(ranks: number) {
    this.tree = new Uint32Array(ranks + 1).fill(NONE);
  }

  /** Puts a whole number at a rank; those there before stay. */
  put(rank: number, value: number): void {
    const { tree } = this;
    // a node that is as low has nodes above it that are as low
    for (let node = rank + 1; node < tree.length && tree[node]! > value; node += node & -node) tree[node] = value;
  }

  /** Whether a value no larger than `bound` lies at a rank up to this one. */
  hasUpTo(rank: number, bound: number): boolean {
    const { tree } = this;
    for (let node = rank + 1; node > 0; node &= node - 1) if (tree[node]! <= bound) return true;
    return false;
  }

  /** Takes back what was put at a rank; right once it is done for every rank at which something was put. */
  clear(rank: number): void {
    const { tree } = this;
    // a node that is empty has had the nodes above it cleared
    for (let node = rank + 1; node < tree.length && tree[node]! !== NONE; node += node & -node) tree[node] = NONE;
  }
}
