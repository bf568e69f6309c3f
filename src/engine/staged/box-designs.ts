/** The designs of a box of the grid that its bandwidth digits alone tell apart. */
import type { Box } from '../../space/boxes.js';
import type { Setting } from '../../space/evaluate-point.js';
import { strideOf, type Grid } from '../../space/grid.js';
import { eighth } from '../../model/kernel/powers.js';
import { BANDWIDTH_FIELDS } from '../../model/resources.js';

export interface BoxDesigns {
  /** Of their ids. */
  offsets: Int32Array;
  /** Positions of all of them: 0, 1, 2, ... */
  all: Int32Array;
  /** Rates in the order of `BANDWIDTH_FIELDS`, and 1/rate^8; undefined where no bandwidth digit moves the rate. */
  rates: (Float64Array | undefined)[];
  powers: (Float64Array | undefined)[];
  /** What of the box they follow from. */
  key: string;
}

/** The designs of a box; those that are known if they are the same: most chunks of a study have the same ones. */
export function designsOf(
  grid: Grid,
  settings: readonly Setting[][],
  box: Box,
  digits: readonly number[],
  known?: BoxDesigns,
): BoxDesigns {
  const key = digits.map((digit) => `${box.first[digit]}+${box.counts[digit]}`).join(' ');
  if (known?.key === key) return known;
  const size = digits.reduce((product, digit) => product * box.counts[digit]!, 1);
  const designs: BoxDesigns = {
    offsets: new Int32Array(size),
    all: new Int32Array(size).map((_, i) => i),
    ...{ rates: [], powers: [], key },
  };
  let inner = size;
  for (const digit of digits) {
    const [first, count] = [box.first[digit]!, box.counts[digit]!];
    inner /= count;
    addSteps(designs.offsets, strideOf(grid, digit), count, inner);
    for (const { field, values } of settings[digit - 1]!) {
      const s = (BANDWIDTH_FIELDS as readonly string[]).indexOf(field);
      const rates = (values as readonly number[]).slice(first, first + count);
      designs.rates[s] = spread(rates, inner, size);
      designs.powers[s] = spread(
        rates.map((rate) => eighth(1 / rate)),
        inner,
        size,
      );
    }
  }
  return designs;
}

/** Adds a digit's part to the offsets: `inner` designs in a row share its value. */
function addSteps(offsets: Int32Array, stride: number, count: number, inner: number): void {
  for (let i = 0; i < offsets.length;)
    for (let step = 0; step < count; step++) for (const end = i + inner; i < end; i++) offsets[i]! += step * stride;
}

/** The values of a digit, for every design: `inner` designs in a row share one. */
function spread(values: readonly number[], inner: number, size: number): Float64Array {
  const all = new Float64Array(size);
  for (let i = 0; i < size;) for (const value of values) for (const end = i + inner; i < end; i++) all[i] = value;
  return all;
}
