import { showLimit } from '../analysis/limits.js';
import { sweptAxes, type Objective } from '../space/study.js';
import type { StudyFront } from '../study/front-rows.js';

/** `pareto --json`. */
export function frontJson({ study, objectives, over, limits, designs, points, seconds }: StudyFront) {
  const ofGoal = (goal: Objective['goal']) => objectives.filter((o) => o.goal === goal).map(({ metric }) => metric);
  return {
    study: study.name,
    objectives: objectives.map(({ metric }) => metric),
    minimize: ofGoal('minimize'),
    maximize: ofGoal('maximize'),
    over,
    limits: limits.map(showLimit),
    axes: sweptAxes(study).map(({ id }) => id),
    front: designs,
    points,
    evaluated: points,
    seconds,
  };
}
