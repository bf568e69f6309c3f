/** What is known of the points of one workload: means along each digit, and squares. */

/** The points of a workload. */
export interface WorkloadSummary {
  points: number;
  /** Of all values; NaN without any. */
  mean: number;
  /** Of the values' distances from the mean, added up; undefined where only sums along the axes are known. */
  squares: number | undefined;
  /** One a dimension of the study. */
  digits: DigitSummary[];
}

export interface DigitSummary {
  /** One a position. */
  levels: Mean[];
  /** From each position to the next one, all else equal; undefined where single points are not known. */
  steps: Mean[] | undefined;
  /** Squares around the means of points that differ in this digit alone, added up; undefined likewise. */
  squares: number | undefined;
}

export interface Mean {
  count: number;
  /** NaN of none. */
  mean: number;
}
