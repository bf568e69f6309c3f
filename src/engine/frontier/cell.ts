/**
 * A cell: all designs of a grid that share a workload and a context (tiles, occupancy, traffic) and differ in rates and
 * latencies alone. What bounds their time (docs/model.md, 16.1 and 16.2).
 */
import type { Activity } from '../../model/energy.js';
import type { ResourceField } from '../../model/resources.js';

/** Rates: the logarithm of the time is convex in their logarithms. */
export const RATES = [
  'clockHz',
  'macsPerClk',
  'macsPerInstr',
  'issuePerClk',
  'smemBytesPerS',
  'l1BytesPerS',
  'l2BytesPerS',
  'dramBytesPerS',
] as const satisfies readonly ResourceField[];

/** Latencies: the time never falls as one grows. */
export const LATENCIES = ['l1LatencyS', 'l2LatencyS', 'dramLatencyS'] as const satisfies readonly ResourceField[];

/** What designs of a cell differ in; their values are kept in this order. */
export const RATE_FIELDS: readonly ResourceField[] = [...RATES, ...LATENCIES];

export type RateField = (typeof RATES)[number] | (typeof LATENCIES)[number];

export const AT = Object.fromEntries(RATE_FIELDS.map((field, i) => [field, i])) as Record<RateField, number>;

/** The least and the most of each field over some designs, SI. */
export interface Ranges {
  least: Float64Array;
  most: Float64Array;
}

/** Bytes at each level, and what costs energy. */
export interface CellWork {
  l1Bytes: number;
  l2Bytes: number;
  dramBytes: number;
  activity: Activity;
}

export interface Cell {
  /** What one run of the workload does on all of its designs. */
  readonly work: CellWork;
  /** Seconds that no design within the ranges runs faster than; a single design's own time. */
  leastSeconds(ranges: Ranges): number;
  /**
   * Seconds T at a point within the ranges, and -d ln T/d ln x of each rate there: no design within the ranges runs faster
   * than T times the product of (x/x of the point)^-slope over the rates.
   */
  tangentAt(point: Float64Array, ranges: Ranges, slopes: Float64Array): number;
}
