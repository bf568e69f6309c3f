/** Points that differ in one digit alone: what they have in common, and what a step of that digit does to them. */
import { RunningMeans } from './running-means.js';

export class AlikePoints {
  /** Differences of the value between neighbours along the digit, all else equal; by the lower position. */
  readonly steps: RunningMeans;
  private readonly groups: RunningMeans;
  /** The latest value of each group, and where along the digit it is. */
  private readonly latest: Float64Array;
  private readonly latestAt: Uint32Array;

  /**
   * @param radix positions of the digit
   * @param groups groups of points that are open at once
   */
  constructor(radix: number, groups: number) {
    this.steps = new RunningMeans(radix - 1);
    this.groups = new RunningMeans(groups);
    this.latest = new Float64Array(groups);
    this.latestAt = new Uint32Array(groups);
  }

  /** Squares around the means of the groups. */
  get squares(): number {
    return this.groups.squares;
  }

  /** Adds a point; within a group, positions ascend. */
  add(group: number, position: number, value: number): void {
    if (this.groups.counts[group]! > 0 && this.latestAt[group]! === position - 1)
      this.steps.add(position - 1, value - this.latest[group]!);
    this.latest[group] = value;
    this.latestAt[group] = position;
    this.groups.add(group, value);
  }

  /** All groups are complete; others follow. */
  closeGroups(): void {
    this.groups.startAgain();
  }
}
