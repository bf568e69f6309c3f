/** A range of ids as boxes of the grid. */
import { digitsOf, strideOf, type Grid } from './grid.js';

/** Points whose every digit runs over a range; the ids of a box follow each other. */
export interface Box {
  /** The first id. */
  from: number;
  /** First value of each digit, and how many values. */
  first: number[];
  counts: number[];
}

/**
 * Cuts the ids from `from` up to, not including, `to` into boxes, in order: at most two a digit. A box has one value of its
 * slow digits, a range of one digit, and all values of the faster ones.
 */
export function boxesOf(grid: Grid, from: number, to: number): Box[] {
  const strides = grid.radices.map((_, digit) => strideOf(grid, digit));
  const boxes: Box[] = [];
  for (let id = from; id < to;) {
    const d = strides.findIndex((stride) => id % stride === 0 && stride <= to - id);
    const first: number[] = [];
    digitsOf(grid, id, first);
    const steps = Math.min(Math.floor((to - id) / strides[d]!), grid.radices[d]! - first[d]!);
    boxes.push({ from: id, first, counts: grid.radices.map((radix, e) => (e < d ? 1 : e === d ? steps : radix)) });
    id += steps * strides[d]!;
  }
  return boxes;
}
