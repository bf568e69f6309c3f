import { digitsOf, stepDigits, type Grid } from './grid.js';

/** The digits of ids that come in ascending order, some left out. */
export class DigitWalk {
  readonly digits: Int32Array;
  private readonly target: Int32Array;
  private at = Number.NaN;

  constructor(private readonly grid: Grid) {
    this.digits = new Int32Array(grid.radices.length).fill(-1);
    this.target = new Int32Array(grid.radices.length);
  }

  /** Goes to an id; the slowest digit that is another than before, 0 at the first id. */
  moveTo(id: number): number {
    const { digits, grid, target } = this;
    const isNext = id === this.at + 1;
    this.at = id;
    if (isNext) return stepDigits(grid.radices, digits);
    digitsOf(grid, id, target);
    const moved = target.findIndex((digit, d) => digit !== digits[d]);
    digits.set(target);
    return moved;
  }
}
