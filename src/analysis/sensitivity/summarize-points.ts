/** Points that stream in -> what is known of each workload, in memory that does not grow with their number. */
import { DigitWalk } from '../../space/digit-walk.js';
import { strideOf, type Grid } from '../../space/grid.js';
import { gridOf, type Study } from '../../space/study.js';
import type { MetricRows } from '../workload-fronts.js';
import { AlikePoints } from './alike-points.js';
import type { WorkloadSummary } from './summary.js';
import { alikeSummary, WorkloadPoints } from './workload-points.js';

/** Points that differ in one digit alone share `floor(id / (stride x radix))` and `id mod stride`. */
export interface Alike {
  stride: number;
  radix: number;
}

/** Reads one metric of all feasible points: ids ascending or, where asked to, points that are alike one after the other. */
export type ReadPoints = (alike?: Alike) => Iterable<MetricRows>;

/** Most groups of points that one pass keeps open, 24 bytes each: 400 MB. */
const MOST_GROUPS = 2 ** 24;

type Scale = (value: number) => number;

/**
 * Summarises every workload of a study; undefined as soon as the scale makes something other than a number of a value
 * (the logarithm of 0).
 *
 * One pass does where the groups of all digits fit. The groups of a digit lie within windows of stride x radix ids, so
 * stride groups are open at once; digits that are too slow for that take a pass each, over points that come sorted.
 */
export function summarizePoints(
  study: Study,
  read: ReadPoints,
  scale: Scale,
  mostGroups = MOST_GROUPS,
): WorkloadSummary[] | undefined {
  const grid = gridOf(study);
  const isOpen = openDigits(grid, mostGroups);
  const found = summarizeInOrder(grid, isOpen, read(), scale);
  if (!found) return undefined;
  const nothing = new WorkloadPoints(grid, []).summary;
  const summaries = study.workloads.map((_, workload) => found.get(workload) ?? structuredClone(nothing));
  for (let digit = 1; digit < grid.radices.length; digit++)
    if (!isOpen[digit]) addSorted(summaries, grid, digit, read, scale);
  return summaries;
}

/** Digits whose groups are kept open together, the fast ones first: those have few. */
function openDigits(grid: Grid, mostGroups: number): boolean[] {
  const isOpen = grid.radices.map(() => true);
  let groups = 0;
  for (let digit = grid.radices.length - 1; digit > 0; digit--) {
    if (grid.radices[digit] === 1) continue;
    groups += strideOf(grid, digit);
    isOpen[digit] = groups <= mostGroups;
  }
  return isOpen;
}

/** Points with ascending ids, by workload. */
function summarizeInOrder(
  grid: Grid,
  isOpen: readonly boolean[],
  batches: Iterable<MetricRows>,
  scale: Scale,
): Map<number, WorkloadSummary> | undefined {
  const summaries = new Map<number, WorkloadSummary>();
  const walk = new DigitWalk(grid);
  let points = new WorkloadPoints(grid, []);
  let workload = -1;
  for (const { ids, values } of batches) {
    for (let row = 0; row < ids.length; row++) {
      const value = scale(values[0]![row]!);
      if (!Number.isFinite(value)) return undefined;
      const moved = walk.moveTo(ids[row]!);
      if (moved === 0) {
        summaries.set(workload, points.summary);
        points = new WorkloadPoints(grid, isOpen);
        workload = walk.digits[0]!;
      }
      points.add(walk.digits, moved, value);
    }
  }
  return summaries.set(workload, points.summary);
}

/** Fills in a digit in a pass of its own: one group is open at a time. */
function addSorted(
  summaries: readonly WorkloadSummary[],
  grid: Grid,
  digit: number,
  read: ReadPoints,
  scale: Scale,
): void {
  const radix = grid.radices[digit]!;
  const stride = strideOf(grid, digit);
  const pointsPerWorkload = grid.size / grid.radices[0]!;
  const alike = summaries.map(() => new AlikePoints(radix, 1));
  let window = -1;
  let group = -1;
  for (const { ids, values } of read({ stride, radix })) {
    for (let row = 0; row < ids.length; row++) {
      const id = ids[row]!;
      const points = alike[Math.floor(id / pointsPerWorkload)]!;
      const steps = Math.floor(id / stride);
      const isOther = Math.floor(steps / radix) !== window || id % stride !== group;
      if (isOther) points.closeGroups();
      window = Math.floor(steps / radix);
      group = id % stride;
      points.add(0, steps % radix, scale(values[0]![row]!));
    }
  }
  summaries.forEach((summary, w) => Object.assign(summary.digits[digit - 1]!, alikeSummary(alike[w]!)));
}
