/** What moved between two studies. */
import { baselineValue } from '../../model/gpu.js';
import { AXIS_IDS, type AxisId, type AxisValue } from '../../model/resources.js';
import type { Pass } from '../../model/layer.js';
import { pointValues } from '../../space/evaluate-point.js';
import { sweptAxes, type Objective, type Study } from '../../space/study.js';
import type { FrontChange } from './front-changes.js';
import type { PointChanges } from './point-changes.js';
import type { SpecDifference } from './spec-differences.js';

/** One of the two studies. */
export interface DiffSide {
  study: Study;
  /** Where it is, as it was named. */
  name: string;
  /** Whether its run has finished. */
  finished: boolean;
}

/** A workload that both studies have. */
export interface WorkloadDiff {
  network: string;
  batch: number;
  pass: Pass;
  /** Designs that are stored; of several ids with the same values, one counts. */
  points: { before: number; after: number; both: number };
  front: readonly FrontChange[];
  changes: PointChanges;
}

export interface StudyDiff {
  before: DiffSide;
  after: DiffSide;
  spec: readonly SpecDifference[];
  workloads: readonly WorkloadDiff[];
}

/** Whether two studies have the same spec and the same figures. */
export function isUnmoved({ spec, workloads }: StudyDiff): boolean {
  return spec.length === 0 && workloads.every(isWorkloadUnmoved);
}

/** Whether all designs of a workload are in both studies, with the same figures. */
export function isWorkloadUnmoved({ points, front, changes }: WorkloadDiff): boolean {
  return (
    points.before === points.both &&
    points.after === points.both &&
    changes.changed === 0 &&
    changes.flips.length === 0 &&
    front.every(({ change }) => change === 'stayed')
  );
}

/** Axes that one of the studies moves. */
export function movedAxes({ before, after }: StudyDiff): AxisId[] {
  const moved = new Set([before, after].flatMap(({ study }) => sweptAxes(study).map(({ id }) => id)));
  return AXIS_IDS.filter((id) => moved.has(id));
}

/** Values of some axes of a design, in their units. */
export function axisValuesOf(study: Study, id: number, axes: readonly AxisId[]): [AxisId, AxisValue][] {
  const { axes: values } = pointValues(study, id);
  return axes.map((axis) => [axis, values.get(axis) ?? baselineValue(study.baseline, axis)]);
}

/** Metrics of the objectives of both studies, each once. */
export function objectiveMetrics({ before, after }: Pick<StudyDiff, 'before' | 'after'>): string[] {
  const metrics = ({ study }: DiffSide) => study.objectives.map(({ metric }: Objective) => metric);
  return [...new Set([...metrics(before), ...metrics(after)])];
}

/** What could not be compared, and why. */
export function notCompared({ before, after, workloads }: StudyDiff): string[] {
  const sides = [before, after];
  const fronts = sides.filter(({ study }) => study.store === 'front').map(({ name }) => name);
  const unfinished = sides.filter(({ finished }) => !finished).map(({ name }) => name);
  const goals = sides.map(({ study }) => JSON.stringify(study.objectives));
  return [
    ...fronts.map((name) => `${name} stores its front alone: designs off it cannot be compared`),
    ...unfinished.map((name) => `the run of ${name} has not finished: what it has stored so far is compared`),
    ...(goals[0] !== goals[1] && workloads.length > 0
      ? ['the objectives differ: each front is that over its own objectives']
      : []),
  ];
}
