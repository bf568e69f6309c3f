/** Which rows of a sorted table are dominated: sweeps for up to three objectives, divide and conquer for more. */
import { PrefixMinima } from './prefix-minima.js';
import { allRows, ranksOf, sortRows } from './row-order.js';

/** Up to this many rows, or pairs of rows, comparing all is faster than dividing further. */
const FEW_ROWS = 24;
const FEW_PAIRS = 512;

/**
 * Marks (1) the rows that another one dominates. O(n) for up to two objectives, O(n log n) for three,
 * O(n log(n)^(d - 2)) for d.
 *
 * @param costs one array an objective, to be small, all of the same length and without NaN; rows are sorted by the first,
 * then the next
 */
export function dominatedRows(costs: readonly Float64Array[]): Uint8Array {
  const marks = rowsNoBetter(costs);
  // a row is no better than one that it equals: both are dominated or neither is
  for (let row = 1; row < marks.length; row++) if (isLikePrevious(costs, row)) marks[row] = marks[row - 1]!;
  return marks;
}

function isLikePrevious(costs: readonly Float64Array[], row: number): boolean {
  for (let k = 0; k < costs.length; k++) if (costs[k]![row] !== costs[k]![row - 1]) return false;
  return true;
}

/**
 * Marks the rows for which another row before them is no larger in any objective. As rows are sorted, the first
 * objective is no larger in any row before.
 */
function rowsNoBetter(costs: readonly Float64Array[]): Uint8Array {
  if (costs.length <= 2) return sweepTwo(costs.at(-1)!);
  const orders = costs.map((cost) => sortRows(allRows(cost.length), cost));
  const ranks = costs.map((cost, k) => ranksOf(orders[k]!, cost));
  if (costs.length === 3) return sweepThree(ranks[1]!, ranks[2]!);
  const division = new Division(ranks);
  division.compareWithin(orders.at(-3)!, 0, orders[0]!.length);
  return division.marks;
}

/** One or two objectives, of which only the last is left to compare. */
function sweepTwo(last: Float64Array): Uint8Array {
  const marks = new Uint8Array(last.length);
  let best = 0;
  for (let row = 1; row < last.length; row++) {
    if (last[best]! <= last[row]!) marks[row] = 1;
    else best = row;
  }
  return marks;
}

/** Three objectives, by the ranks in the last two: the sweep of Kung, Luccio and Preparata (below), with a tree for the staircase. */
function sweepThree(second: Uint32Array, third: Uint32Array): Uint8Array {
  const marks = new Uint8Array(second.length);
  const minima = new PrefixMinima(second.length);
  for (let row = 0; row < marks.length; row++) {
    if (minima.hasUpTo(second[row]!, third[row]!)) marks[row] = 1;
    else minima.put(second[row]!, third[row]!);
  }
  return marks;
}

/**
 * Four objectives or more, by divide and conquer: Kung, Luccio and Preparata, "On Finding the Maxima of a Set of
 * Vectors", J. ACM 22 (1975). Sets of rows are split until three objectives are left to compare, which a sweep does; they
 * stay sorted by the first of those three, so that no sweep has to sort (Bentley, "Multidimensional Divide-and-Conquer",
 * Comm. ACM 23 (1980)).
 */
class Division {
  /** As of `rowsNoBetter`. */
  readonly marks: Uint8Array;
  private readonly numbers: Uint32Array;
  private readonly minima: PrefixMinima;

  /** @param ranks of the rows, one array an objective */
  constructor(private readonly ranks: readonly Uint32Array[]) {
    this.numbers = allRows(ranks[0]!.length);
    this.marks = new Uint8Array(this.numbers.length);
    this.minima = new PrefixMinima(this.numbers.length);
  }

  /** Marks within a set of rows, numbered from `start` to below `end`. */
  compareWithin(rows: Uint32Array, start: number, end: number): void {
    if (rows.length <= FEW_ROWS) {
      for (const a of rows) for (const b of rows) if (a < b && this.isNoLarger(a, b, 1)) this.marks[b] = 1;
      return;
    }
    const middle = (start + end) >>> 1;
    const before = within(rows, this.numbers, start, middle);
    const after = within(rows, this.numbers, middle, end);
    this.compareWithin(before, start, middle);
    this.compare(this.left(before), after, 1);
    this.compareWithin(this.left(after), middle, end);
  }

  /** Marks the rows of `after` to which a row of `before` is no larger in objective k and those behind it. */
  private compare(before: Uint32Array, after: Uint32Array, k: number): void {
    if (before.length * after.length <= FEW_PAIRS) return this.comparePairs(before, after, k);
    if (k === this.ranks.length - 3) return this.compareBySweep(before, after);
    const rank = this.ranks[k]!;
    const { least: low, most: mostBefore } = extremesOf(before, rank);
    const { least: leastAfter, most: high } = extremesOf(after, rank);
    if (low > high) return;
    if (mostBefore <= leastAfter) return this.compare(before, after, k + 1);
    const middle = (low + high + 1) >>> 1;
    const smallBefore = within(before, rank, low, middle);
    const largeAfter = within(after, rank, middle, high + 1);
    this.compare(smallBefore, within(after, rank, low, middle), k);
    this.compare(smallBefore, largeAfter, k + 1);
    this.compare(within(before, rank, middle, high + 1), this.left(largeAfter), k);
  }

  /** Three objectives left, both sets sorted by the first of them. */
  private compareBySweep(before: Uint32Array, after: Uint32Array): void {
    const [first, second, third] = this.ranks.slice(-3) as [Uint32Array, Uint32Array, Uint32Array];
    let next = 0;
    for (let i = 0; i < after.length; i++) {
      const row = after[i]!;
      for (; next < before.length && first[before[next]!]! <= first[row]!; next++)
        this.minima.put(second[before[next]!]!, third[before[next]!]!);
      if (this.minima.hasUpTo(second[row]!, third[row]!)) this.marks[row] = 1;
    }
    while (next > 0) this.minima.clear(second[before[--next]!]!);
  }

  private comparePairs(before: Uint32Array, after: Uint32Array, k: number): void {
    for (let i = 0; i < after.length; i++)
      for (let j = 0; j < before.length; j++)
        if (this.isNoLarger(before[j]!, after[i]!, k)) {
          this.marks[after[i]!] = 1;
          break;
        }
  }

  private isNoLarger(a: number, b: number, from: number): boolean {
    for (let k = from; k < this.ranks.length; k++) if (this.ranks[k]![a]! > this.ranks[k]![b]!) return false;
    return true;
  }

  /** Rows that are not marked yet. */
  private left(rows: Uint32Array): Uint32Array {
    return within(rows, this.marks, 0, 1);
  }
}

/** Rows whose key is in a range, in their order. */
function within(rows: Uint32Array, keys: Uint32Array | Uint8Array, from: number, end: number): Uint32Array {
  const found = new Uint32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const key = keys[rows[i]!]!;
    if (key >= from && key < end) found[count++] = rows[i]!;
  }
  return found.subarray(0, count);
}

function extremesOf(rows: Uint32Array, keys: Uint32Array): { least: number; most: number } {
  let least = Infinity;
  let most = -1;
  for (let i = 0; i < rows.length; i++) {
    const key = keys[rows[i]!]!;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  return { least, most };
}
