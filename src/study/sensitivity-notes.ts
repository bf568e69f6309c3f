import type { Sensitivity, WorkloadSensitivity } from '../analysis/sensitivity/sensitivity.js';

/** Whether the study keeps its front alone, so that no variance is known. */
export const isFrontAlone = (workloads: readonly WorkloadSensitivity[]) =>
  workloads.some(({ points, variance }) => points > 0 && variance === null);

/** What a reader should know of how the figures came about. */
export function sensitivityNotes({ workloads }: Sensitivity): string[] {
  const isFront = isFrontAlone(workloads);
  const hasHoles = workloads.some(({ points, grid }) => points < grid);
  return [...(isFront ? [FRONT_ALONE] : []), ...(hasHoles ? [`${HOLES}; ${isFront ? OF_MEANS : OF_POINTS}`] : [])];
}

const FRONT_ALONE =
  'the study keeps its front alone, with sums along its axes: the variance is not known, so there are no indices, and steps compare the means of two values';
const HOLES =
  'the grid has holes (constraints, designs that cannot run or are not there yet), so that the means of two values can be over different designs';
const OF_MEANS = 'and steps are differences of these means';
const OF_POINTS = 'steps compare designs that differ in nothing else; the indices need not add up';
