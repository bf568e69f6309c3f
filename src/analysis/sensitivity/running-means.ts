/**
 * Means of some groups of numbers, and the squares around them, one number at a time: each is held against the mean so
 * far (Welford, Technometrics 4, 1962), so that nothing large cancels, and numbers that are all equal leave exactly 0.
 */
export class RunningMeans {
  /** Numbers in each group. */
  readonly counts: Uint32Array;
  readonly means: Float64Array;
  /** Over all groups, the squares of the numbers' distances from the means of their own groups, added up. */
  squares = 0;

  constructor(groups: number) {
    this.counts = new Uint32Array(groups);
    this.means = new Float64Array(groups);
  }

  add(group: number, value: number): void {
    const count = ++this.counts[group]!;
    if (count === 1) {
      this.means[group] = value;
      return;
    }
    const distance = value - this.means[group]!;
    const mean = this.means[group]! + distance / count;
    this.means[group] = mean;
    this.squares += distance * (value - mean);
  }

  /** Empties the groups for others that follow; the squares stay. */
  startAgain(): void {
    this.counts.fill(0);
  }
}
