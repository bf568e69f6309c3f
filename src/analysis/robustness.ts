/** Which designs of a front stay on it wherever uncertain constants lie within their bounds (docs/model.md, 14.3). */
import type { MovingObjective } from './moving-objective.js';

/** Differences below this part of a value are rounding. */
const ROUNDING = 1e-12;

/** Points: ids, and for each objective its columns. */
export interface MovingRows {
  ids: Float64Array;
  /** One list an objective, one array a column of it. */
  columns: readonly (readonly Float64Array[])[];
}

/** What one point is made of. */
interface Figures {
  /** For each objective, its columns. */
  cells: readonly Float64Array[];
  /** For each objective, its amounts. */
  amounts: readonly Float64Array[];
}

/** A design of the front that no point has been seen to take off it. */
interface Standing extends Figures {
  /** Its place on the front. */
  place: number;
  hasFallen: boolean;
  /** For each objective, what is rounding. */
  rounding: Float64Array;
  /** For each objective, the most that it can cost, and the rounding. */
  most: Float64Array;
}

/**
 * A front, of which designs fall as points come that dominate them somewhere in the bounds. All points of the study are to
 * come; those of the front may be among them, or come first. Equal designs do not take each other off.
 */
export class FrontRobustness {
  private readonly size: number;
  /** Those that can cost most in the first objective come first. */
  private standing: Standing[];
  /** `most` of those standing, one after the other. */
  private most: Float64Array;
  private readonly challenger: Figures;

  /** @param front figures of its designs */
  constructor(
    private readonly objectives: readonly MovingObjective[],
    front: MovingRows,
  ) {
    this.size = front.ids.length;
    this.challenger = this.makeFigures();
    this.standing = Array.from(front.ids, (_, place) => this.standingOf(front, place));
    this.standing.sort((a, b) => b.most[0]! - a.most[0]!);
    this.most = this.gatherMost();
  }

  /** Designs that may be robust, given the points so far. */
  get left(): number {
    return this.standing.length;
  }

  /** Whether each design of the front has stood all points. */
  get marks(): boolean[] {
    const marks = new Array<boolean>(this.size).fill(false);
    for (const { place } of this.standing) marks[place] = true;
    return marks;
  }

  /** Takes points into account. */
  challenge(rows: MovingRows): void {
    const least = new Float64Array(this.objectives.length);
    for (let row = 0; row < rows.ids.length && this.standing.length > 0; row++) {
      for (let k = 0; k < least.length; k++) least[k] = leastByValue(this.objectives[k]!, rows.columns[k]![0]![row]!);
      if (this.meet(rows, row, least)) {
        this.standing = this.standing.filter(({ hasFallen }) => !hasFallen);
        this.most = this.gatherMost();
      }
    }
  }

  /** Holds a point against the designs; whether any has fallen. */
  private meet(rows: MovingRows, row: number, least: Float64Array): boolean {
    const { standing, most, challenger } = this;
    let isRead = false;
    let hasFallen = false;
    for (let i = 0, at = 0; i < standing.length; i++, at += least.length) {
      if (least[0]! > most[at]!) break;
      if (isBeyond(least, most, at)) continue;
      if (!isRead) {
        this.read(rows, row, challenger);
        for (let k = 0; k < least.length; k++) least[k] = leastOf(this.objectives[k]!, challenger.amounts[k]!);
        isRead = true;
      }
      if (isBeyond(least, most, at) || !this.canDominate(challenger, standing[i]!)) continue;
      standing[i]!.hasFallen = true;
      hasFallen = true;
    }
    return hasFallen;
  }

  /** Whether, somewhere in the bounds, a point is as good as a design in each objective, and somewhere better. */
  private canDominate(point: Figures, design: Standing): boolean {
    let canBeBetter = false;
    for (let k = 0; k < this.objectives.length; k++) {
      const gap = leastGap(this.objectives[k]!, point.amounts[k]!, design.amounts[k]!);
      if (gap > design.rounding[k]!) return false;
      if (gap < -design.rounding[k]!) canBeBetter = true;
    }
    return canBeBetter;
  }

  private makeFigures(): Figures {
    return {
      cells: this.objectives.map(({ columns }) => new Float64Array(columns.length)),
      amounts: this.objectives.map(({ low }) => new Float64Array(low.length)),
    };
  }

  private read({ ids, columns }: MovingRows, row: number, { cells, amounts }: Figures): void {
    for (let k = 0; k < cells.length; k++) {
      const of = cells[k]!;
      for (let c = 0; c < of.length; c++) of[c] = columns[k]![c]![row]!;
      this.objectives[k]!.amountsOf(ids[row]!, of, amounts[k]!);
    }
  }

  private standingOf(front: MovingRows, place: number): Standing {
    const figures = this.makeFigures();
    this.read(front, place, figures);
    const rounding = Float64Array.from(figures.cells, ([value]) => ROUNDING * Math.abs(value!));
    const most = rounding.map((error, k) => mostOf(this.objectives[k]!, figures.amounts[k]!) + error);
    return { ...figures, place, hasFallen: false, rounding, most };
  }

  private gatherMost(): Float64Array {
    return Float64Array.from(this.standing.flatMap(({ most }) => [...most]));
  }
}

/** Whether a point is sure to be worse than a design in one of the objectives. */
function isBeyond(least: Float64Array, most: Float64Array, at: number): boolean {
  for (let k = 0; k < least.length; k++) if (least[k]! > most[at + k]!) return true;
  return false;
}

const sumOf = (amounts: Float64Array, constants: Float64Array) => {
  let sum = 0;
  for (let i = 0; i < amounts.length; i++) sum += amounts[i]! * constants[i]!;
  return sum;
};

/** The least that a point can cost, going by its value alone. */
const leastByValue = ({ sign, leastRatio, mostRatio }: MovingObjective, value: number) =>
  sign > 0 ? leastRatio * value : -mostRatio * value;

const leastOf = ({ sign, low, high }: MovingObjective, amounts: Float64Array) =>
  sign > 0 ? sumOf(amounts, low) : -sumOf(amounts, high);

const mostOf = ({ sign, low, high }: MovingObjective, amounts: Float64Array) =>
  sign > 0 ? sumOf(amounts, high) : -sumOf(amounts, low);

/** The least that a point can cost more than a design: each constant at the bound that is best for the point. */
function leastGap({ sign, low, high }: MovingObjective, point: Float64Array, design: Float64Array): number {
  let gap = 0;
  for (let i = 0; i < low.length; i++) {
    const more = sign * (point[i]! - design[i]!);
    gap += more > 0 ? more * low[i]! : more * high[i]!;
  }
  return gap;
}
