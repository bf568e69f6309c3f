/** Constraints on a box of designs: which values of its digits no constraint rules out (docs/model.md, 16.5). */
import type { Constraint } from '../../space/constraints.js';
import type { Lists } from './lists.js';

/** A constraint over more combinations of a box's values than this is left to smaller boxes. */
const MOST_COMBINATIONS = 1024;

export class BoxConstraints {
  /** For each constraint, positions among the rate digits of those that it reads. */
  private readonly reads: number[][];

  /**
   * @param rateDigits digits of the ids that boxes have lists for, in order
   * @param digits a point's digits: those that no list is for are set by the caller
   */
  constructor(
    private readonly constraints: readonly Constraint[],
    private readonly rateDigits: readonly number[],
    private readonly digits: Int32Array,
  ) {
    this.reads = constraints.map(({ dimensions }) =>
      rateDigits.flatMap((digit, d) => (dimensions.includes(digit) ? [d] : [])),
    );
  }

  /** Whether the design that the digits stand for is kept. */
  acceptsDesign(): boolean {
    for (const { accepts } of this.constraints) if (!accepts(this.digits)) return false;
    return true;
  }

  /** The lists without values that a constraint rejects whatever the other digits are; undefined where a list ends up empty. */
  narrow(lists: Lists): Lists | undefined {
    let narrowed = lists;
    for (let c = 0; c < this.constraints.length; c++) {
      const next = this.narrowBy(c, narrowed);
      if (!next) return undefined;
      narrowed = next;
    }
    return narrowed;
  }

  private narrowBy(c: number, lists: Lists): Lists | undefined {
    const reads = this.reads[c]!;
    const { accepts } = this.constraints[c]!;
    const { digits, rateDigits } = this;
    let combinations = 1;
    for (const d of reads) combinations *= lists[d]!.length;
    if (combinations > MOST_COMBINATIONS) return lists;
    const kept = reads.map((d) => new Uint8Array(lists[d]!.length));
    let found = 0;
    for (let n = 0; n < combinations; n++) {
      for (let i = reads.length - 1, rest = n; i >= 0; i--) {
        const list = lists[reads[i]!]!;
        digits[rateDigits[reads[i]!]!] = list[rest % list.length]!;
        rest = Math.floor(rest / list.length);
      }
      if (!accepts(digits)) continue;
      found++;
      for (let i = reads.length - 1, rest = n; i >= 0; i--) {
        const { length } = lists[reads[i]!]!;
        kept[i]![rest % length] = 1;
        rest = Math.floor(rest / length);
      }
    }
    if (found === 0) return undefined;
    if (found === combinations) return lists;
    const narrowed = [...lists];
    reads.forEach((d, i) => {
      if (kept[i]!.includes(0)) narrowed[d] = lists[d]!.filter((_, v) => kept[i]![v] === 1);
    });
    return narrowed;
  }
}
