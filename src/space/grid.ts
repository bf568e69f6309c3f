/** The grid of a study: index <-> point by mixed radix; nothing is materialised (docs/model.md, 7). */
import type { Axis } from './axis.js';

/** Axes that move together; one digit of a point's index. All have the same number of values. */
export type Dimension = readonly Axis[];

/** Largest grid whose indices are exact as doubles. */
export const MAX_GRID_SIZE = 2 ** 53;

export interface Grid {
  dimensions: readonly Dimension[];
  /** Values of each digit, slowest first: the workload, then the dimensions; the last one is the fastest. */
  radices: readonly number[];
  size: number;
}

export function dimensionSize(dimension: Dimension): number {
  return dimension[0]!.values.length;
}

/** Exact number of points, however large. */
export function gridSize(workloads: number, dimensions: readonly Dimension[]): bigint {
  return dimensions.reduce((product, d) => product * BigInt(dimensionSize(d)), BigInt(workloads));
}

/** The grid of workloads crossed with the dimensions; at most `MAX_GRID_SIZE` points (checked by `resolveStudy`). */
export function makeGrid(workloads: number, dimensions: readonly Dimension[]): Grid {
  const radices = [workloads, ...dimensions.map(dimensionSize)];
  return { dimensions, radices, size: radices.reduce((product, radix) => product * radix, 1) };
}

/** How far apart in the index two neighbours along a digit are. */
export function strideOf(grid: Grid, digit: number): number {
  return grid.radices.slice(digit + 1).reduce((product, radix) => product * radix, 1);
}

/** Writes the digits of a point's index into `digits` (workload first). */
export function digitsOf(grid: Grid, index: number, digits: number[] | Int32Array): void {
  let rest = index;
  for (let d = grid.radices.length - 1; d >= 0; d--) {
    const radix = grid.radices[d]!;
    const digit = rest % radix;
    digits[d] = digit;
    rest = (rest - digit) / radix; // exact: the division leaves no remainder
  }
}

/** The index of a point from its digits. */
export function indexOf(grid: Grid, digits: ArrayLike<number>): number {
  let index = 0;
  for (let d = 0; d < grid.radices.length; d++) index = index * grid.radices[d]! + digits[d]!;
  return index;
}

/** Moves `digits` to the next point; the slowest digit that moved, -1 when they wrap around to the first point. */
export function stepDigits(radices: readonly number[], digits: number[] | Int32Array): number {
  for (let d = radices.length - 1; d >= 0; d--) {
    digits[d]!++;
    if (digits[d]! < radices[d]!) return d;
    digits[d] = 0;
  }
  return -1;
}

/** Moves `digits` to the next point; true when they wrap around to the first. */
export function nextDigits(radices: readonly number[], digits: number[] | Int32Array): boolean {
  return stepDigits(radices, digits) < 0;
}
