/** Bounds of the time of all designs that share a workload and its work, and differ in rates and latencies alone (docs/model.md, 16.1 and 16.2). */
import type { Activity } from './energy.js';

/** The least and the most of each rate and latency over some designs, in the order of `RATE_FIELDS`. */
export interface Ranges {
  least: Float64Array;
  most: Float64Array;
}

/** Bytes at each level of one run of a workload, and what costs energy. */
export interface RunWork {
  l1Bytes: number;
  l2Bytes: number;
  dramBytes: number;
  activity: Activity;
}

/** Of some designs: no figure of theirs is outside. Both are the same where one algorithm is left for each layer. */
export interface WorkRange {
  least: RunWork;
  most: RunWork;
}

export interface TimeBounds {
  /** The work of all designs. */
  readonly work: WorkRange;
  /** The work of one design, by its rates. */
  workAt(point: Float64Array): WorkRange;
  /** Seconds that no design within the ranges runs faster than; a single design's own time. */
  leastSeconds(ranges: Ranges): number;
  /**
   * Seconds T at a point within the ranges, and -d ln T/d ln x of each rate there: no design within the ranges runs faster
   * than T times the product of (x/x of the point)^-slope over the rates.
   */
  tangentAt(point: Float64Array, ranges: Ranges, slopes: Float64Array): number;
}
