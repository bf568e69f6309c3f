/** Steps through digits of a grid, with the design set to each combination of their values. */
import { toGpu, type Gpu } from '../../model/gpu.js';
import type { Box } from '../../space/boxes.js';
import { applySettings, settingsOf, type Setting } from '../../space/evaluate-point.js';
import { nextDigits, strideOf, type Grid } from '../../space/grid.js';
import { gridOf, type Study } from '../../space/study.js';

export class GridWalk {
  readonly grid: Grid;
  readonly settings: Setting[][];
  /** The design as the digits set it. */
  readonly gpu: Gpu;
  /** Values of the digits that have been set. */
  private readonly position: number[] = [];

  constructor(study: Study) {
    this.grid = gridOf(study);
    this.settings = settingsOf(study);
    this.gpu = toGpu(study.baseline);
  }

  /** Calls back for every combination of some digits in a box, slowest first, with the design set and the offset of its ids. */
  walk(box: Box, digits: readonly number[], visit: (offset: number) => void): void {
    const radices = digits.map((digit) => box.counts[digit]!);
    const strides = digits.map((digit) => strideOf(this.grid, digit));
    const steps = new Array<number>(digits.length).fill(0);
    do {
      let offset = 0;
      for (let i = 0; i < digits.length; i++) {
        const digit = digits[i]!;
        this.position[digit] = box.first[digit]! + steps[i]!;
        applySettings(this.gpu, this.settings[digit - 1]!, this.position[digit]);
        offset += steps[i]! * strides[i]!;
      }
      visit(offset);
    } while (!nextDigits(radices, steps));
  }

  /** The position of some digits, as they are set, in their own grid. */
  positionOf(digits: readonly number[]): number {
    let position = 0;
    for (const digit of digits) position = position * this.grid.radices[digit]! + this.position[digit]!;
    return position;
  }
}
