/** Which designs of a front stay on it wherever costs and times lie within their bounds (docs/model.md, 14.3). */
import type { MovingObjective } from './moving-objective.js';

/** Neighbours on either side that a design of a front is held against before all others. */
const REACH = 16;

/** Differences below this part of a value are rounding. */
const ROUNDING = 1e-12;

/** Points: ids, and for each objective its values. */
export interface MovingRows {
  ids: Float64Array;
  values: readonly Float64Array[];
}

/** What one point is made of, objective by objective. */
interface Figures {
  values: Float64Array;
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

  /** @param front figures of its designs, those beside each other most alike */
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

  /** Takes the designs of the front into account: most fall to one beside them, which no other one needs to be held against then. */
  challengeAmongThem(front: MovingRows): void {
    const byPlace = [...this.standing].sort((a, b) => a.place - b.place);
    for (const design of byPlace)
      for (let step = 1; step <= REACH && !design.hasFallen; step++)
        design.hasFallen = [design.place - step, design.place + step].some((place) => {
          const neighbour = byPlace[place];
          return neighbour !== undefined && this.canDominate(neighbour, design);
        });
    this.removeFallen();
    this.challenge(front);
  }

  /** Takes points into account. */
  challenge(rows: MovingRows): void {
    const least = new Float64Array(this.objectives.length);
    for (let row = 0; row < rows.ids.length && this.standing.length > 0; row++) {
      for (let k = 0; k < least.length; k++) least[k] = leastByValue(this.objectives[k]!, rows.values[k]![row]!);
      if (this.meet(rows, row, least)) this.removeFallen();
    }
  }

  private removeFallen(): void {
    this.standing = this.standing.filter(({ hasFallen }) => !hasFallen);
    this.most = this.gatherMost();
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

  /** Whether, somewhere in the bounds, a point is as good as a design in each objective, and better in one; equal ones never. */
  private canDominate(point: Figures, design: Standing): boolean {
    let [canBeBetter, isEqual] = [false, true];
    for (let k = 0; k < this.objectives.length; k++) {
      const gap = this.objectives[k]!.leastGap(point.amounts[k]!, design.amounts[k]!);
      if (gap > design.rounding[k]!) return false;
      if (gap < -design.rounding[k]!) canBeBetter = true;
      if (Math.abs(point.values[k]! - design.values[k]!) > design.rounding[k]!) isEqual = false;
    }
    return canBeBetter && !isEqual;
  }

  private makeFigures(): Figures {
    return {
      values: new Float64Array(this.objectives.length),
      amounts: this.objectives.map(({ size }) => new Float64Array(size)),
    };
  }

  private read(rows: MovingRows, row: number, { values, amounts }: Figures): void {
    for (let k = 0; k < values.length; k++) {
      values[k] = rows.values[k]![row]!;
      this.objectives[k]!.amountsOf(rows.ids[row]!, values[k]!, amounts[k]!);
    }
  }

  private standingOf(front: MovingRows, place: number): Standing {
    const figures = this.makeFigures();
    this.read(front, place, figures);
    const rounding = figures.values.map((value) => ROUNDING * Math.abs(value));
    const most = rounding.map((error, k) => mostOf(this.objectives[k]!, figures.amounts[k]!) + error);
    return { ...figures, place, hasFallen: false, rounding, most };
  }

  private gatherMost(): Float64Array {
    const { length } = this.objectives;
    const all = new Float64Array(this.standing.length * length);
    this.standing.forEach(({ most }, i) => all.set(most, i * length));
    return all;
  }
}

/** Whether a point is sure to be worse than a design in one of the objectives. */
function isBeyond(least: Float64Array, most: Float64Array, at: number): boolean {
  for (let k = 0; k < least.length; k++) if (least[k]! > most[at + k]!) return true;
  return false;
}

/** The least that a point can cost, going by its value alone. */
const leastByValue = ({ sign, leastRatio, mostRatio }: MovingObjective, value: number) =>
  sign > 0 ? leastRatio * value : -mostRatio * value;

const leastOf = ({ leastGap, size }: MovingObjective, amounts: Float64Array) =>
  leastGap(amounts, new Float64Array(size));

const mostOf = ({ leastGap, size }: MovingObjective, amounts: Float64Array) =>
  -leastGap(new Float64Array(size), amounts);
