import { strideOf, type Grid } from '../../space/grid.js';
import { AlikePoints } from './alike-points.js';
import { RunningMeans } from './running-means.js';
import type { DigitSummary, Mean, WorkloadSummary } from './summary.js';

/** Adds up the points of one workload, ids ascending. */
export class WorkloadPoints {
  private readonly all = new RunningMeans(1);
  private readonly levels: readonly RunningMeans[];
  /** Of the digits that are kept open and have more than one position. */
  private readonly alike: readonly (AlikePoints | undefined)[];
  private readonly strides: readonly number[];

  /** @param isOpen whether to keep the groups of a digit open, all at once */
  constructor(
    grid: Grid,
    private readonly isOpen: readonly boolean[],
  ) {
    const { radices } = grid;
    this.strides = radices.map((_, digit) => strideOf(grid, digit));
    this.levels = radices.map((radix) => new RunningMeans(radix));
    this.alike = radices.map((radix, digit) =>
      digit > 0 && radix > 1 && isOpen[digit] ? new AlikePoints(radix, this.strides[digit]!) : undefined,
    );
  }

  /** @param moved the slowest digit that is another than that of the point before */
  add(digits: Int32Array, moved: number, value: number): void {
    const { alike, levels, strides } = this;
    this.all.add(0, value);
    let group = 0; // what the digits to the right add up to: id mod stride
    for (let digit = digits.length - 1; digit > 0; digit--) {
      const position = digits[digit]!;
      levels[digit]!.add(position, value);
      const points = alike[digit];
      if (points) {
        if (moved < digit) points.closeGroups();
        points.add(group, position, value);
      }
      group += position * strides[digit]!;
    }
  }

  get summary(): WorkloadSummary {
    const [all] = meansOf(this.all);
    return {
      points: all!.count,
      mean: all!.mean,
      squares: this.all.squares,
      digits: this.levels.slice(1).map((levels, i) => ({ levels: meansOf(levels), ...this.alikeOf(i + 1) })),
    };
  }

  private alikeOf(digit: number): Omit<DigitSummary, 'levels'> {
    const points = this.alike[digit];
    if (points) return alikeSummary(points);
    return this.isOpen[digit] ? { steps: [], squares: 0 } : { steps: undefined, squares: undefined };
  }
}

export function alikeSummary({ steps, squares }: AlikePoints): Omit<DigitSummary, 'levels'> {
  return { steps: meansOf(steps), squares };
}

function meansOf({ counts, means }: RunningMeans): Mean[] {
  return Array.from(counts, (count, i) => ({ count, mean: count > 0 ? means[i]! : Number.NaN }));
}
