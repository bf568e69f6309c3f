/** Places: the combinations of those digits of a grid that decide more than rates and latencies (docs/model.md, 16.1). */
import type { Gpu } from '../../model/gpu.js';
import { applySettings, type Setting } from '../../space/evaluate-point.js';
import type { Grid } from '../../space/grid.js';

/** Fields that decide occupancy alone: many of their values come to the same. */
const OCCUPANCY_FIELDS: readonly (keyof Gpu)[] = ['registerBytes', 'smemBytes'];

/** The digits of places. */
export interface PlaceDigits {
  /** Those that decide occupancy alone. */
  occupancy: readonly number[];
  /** The others. */
  group: readonly number[];
}

/** @param rateDigits the digits that are none of places */
export function placeDigitsOf(settings: readonly Setting[][], rateDigits: readonly number[]): PlaceDigits {
  const digits = settings.map((_, d) => d + 1).filter((digit) => !rateDigits.includes(digit));
  const isOccupancy = (digit: number) => settings[digit - 1]!.every(({ field }) => OCCUPANCY_FIELDS.includes(field));
  return { occupancy: digits.filter(isOccupancy), group: digits.filter((digit) => !isOccupancy(digit)) };
}

/** How many combinations some digits of a grid have. */
export const combinationsOf = (grid: Grid, digits: readonly number[]): number =>
  digits.reduce((product, digit) => product * grid.radices[digit]!, 1);

/** Sets digits of a point, and of its design, to one of their combinations. */
export function setCombination(
  grid: Grid,
  settings: readonly Setting[][],
  of: readonly number[],
  combination: number,
  digits: Int32Array,
  gpu: Gpu,
): void {
  for (let i = of.length - 1, rest = combination; i >= 0; i--) {
    const radix = grid.radices[of[i]!]!;
    digits[of[i]!] = rest % radix;
    rest = Math.floor(rest / radix);
    applySettings(gpu, settings[of[i]! - 1]!, digits[of[i]!]!);
  }
}
