/** What a front of a stored study is asked for. */
import type { Objective } from '../space/study.js';
import { showLimit, type Limit } from './limits.js';
import { overAll, type OverWorkloads } from './over-workloads.js';

export interface FrontQuery {
  objectives: readonly Objective[];
  over: OverWorkloads;
  /** Designs beyond one of them do not compete. */
  limits: readonly Limit[];
}

const OPPOSITE = { minimize: 'maximize', maximize: 'minimize' } as const;

function objectiveOverAll({ metric: name, goal }: Objective): Objective {
  const { metric, isOpposite } = overAll(name);
  return { metric, goal: isOpposite ? OPPOSITE[goal] : goal };
}

/** Two objectives that over all workloads ask for opposites of one metric: least time and least speed. */
export function contradictionOverAll(objectives: readonly Objective[]): [Objective, Objective] | undefined {
  for (const [i, a] of objectives.entries()) {
    const { metric, goal } = objectiveOverAll(a);
    const b = objectives.slice(i + 1).find((other) => {
      const joint = objectiveOverAll(other);
      return joint.metric === metric && joint.goal !== goal;
    });
    if (b) return [a, b];
  }
  return undefined;
}

/** Objectives as they are compared over all workloads, each once: those on times become ones on the speedup. */
export function objectivesOver(over: OverWorkloads, objectives: readonly Objective[]): readonly Objective[] {
  if (over === 'each') return objectives;
  const joint = objectives.map(objectiveOverAll);
  return joint.filter((a, i) => joint.findIndex((b) => b.metric === a.metric && b.goal === a.goal) === i);
}

const OVER_NAMES = { geomean: 'geometric mean over all workloads', worst: 'worst over all workloads' } as const;

/** `minimize time_ms, minimize area_mm2` */
export function describeGoals(objectives: readonly Objective[]): string {
  return objectives.map(({ metric, goal }) => `${goal} ${metric}`).join(', ');
}

/** What designs the front is of, but for the workload: `geometric mean over all workloads`, `within area_mm2 <= 600`. */
export function describeScope({ over, limits }: Pick<FrontQuery, 'over' | 'limits'>): string[] {
  return [
    ...(over === 'each' ? [] : [OVER_NAMES[over]]),
    ...(limits.length === 0 ? [] : [`within ${limits.map(showLimit).join(', ')}`]),
  ];
}

/** The name under which a front is stored: `minimize time_ms, minimize area_mm2; within area_mm2 <= 600`. */
export function frontName(query: FrontQuery): string {
  return [describeGoals(query.objectives), ...describeScope(query)].join('; ');
}
