/** What a frontier can be asked for: metrics that time, area and traffic decide (docs/model.md, 16.3). */
import type { FrontQuery } from '../../analysis/front-query.js';
import { inputErrors, type Problem } from '../../errors.js';
import { constantOverTime, NUMERIC_METRICS, type WorkloadFacts } from '../../model/metrics.js';
import { GIGA, MILLI } from '../../model/units.js';
import { modelOf } from '../../model/models.js';
import type { Objective, Study } from '../../space/study.js';
import type { RunWork, WorkRange } from '../../model/time-bounds.js';
import { SLACK, type PlaneGoals, type PlaneLimits } from './staircase.js';

/** Metrics that all designs of a cell share. */
const TRAFFIC: Record<string, (work: RunWork) => number> = {
  l1_gb: ({ l1Bytes }) => l1Bytes / GIGA,
  l2_gb: ({ l2Bytes }) => l2Bytes / GIGA,
  dram_gb: ({ dramBytes }) => dramBytes / GIGA,
};

const AREA = 'area_mm2';
const TIME = 'time_ms';

/** What a cell's designs share of it grows with their time and area: leakage. */
const ENERGY = 'energy_j';

const RATES_OF_WORK = NUMERIC_METRICS.map(({ name }) => name).filter(constantOverTime);

/** Metrics that a frontier bounds, to be small and to be large. */
const OBJECTIVES = {
  minimize: [TIME, AREA, ENERGY, ...Object.keys(TRAFFIC)],
  maximize: [...RATES_OF_WORK, ...Object.keys(TRAFFIC)],
};
const LIMITS = { 'at most': [TIME, AREA, ...Object.keys(TRAFFIC)], 'at least': RATES_OF_WORK };

/** Throws an input error where the model of a study has no bounds of its times. */
export function checkBounds({ model }: Study): void {
  if (modelOf(model).boundsOf) return;
  throw inputErrors([
    {
      what: `model ${model} has no bounds of its times, so that a frontier cannot be searched`,
      expected: 'run, which evaluates every design, or a module whose times are `monotone`',
    },
  ]);
}

/** Throws an input error that names every objective and limit that a frontier cannot bound. */
export function checkGoals({ objectives, limits }: FrontQuery): void {
  const problems: Problem[] = [];
  for (const { metric, goal } of objectives)
    if (!OBJECTIVES[goal].includes(metric))
      problems.push({
        what: `a frontier cannot bound '${goal} ${metric}'`,
        expected: `minimize ${OBJECTIVES.minimize.join(', ')} or maximize ${OBJECTIVES.maximize.join(', ')}`,
      });
  for (const { metric, side } of limits)
    if (!LIMITS[side].includes(metric))
      problems.push({
        what: `a frontier cannot bound '${side} ${metric}'`,
        expected: `at most ${LIMITS['at most'].join(', ')} or at least ${LIMITS['at least'].join(', ')}`,
      });
  if (problems.length === 0 && objectives.every(({ metric }) => metric in TRAFFIC))
    problems.push({ what: 'the objectives of a frontier', expected: 'time, area or energy among them' });
  if (problems.length > 0) throw inputErrors(problems);
}

/** What energy is made of besides a run's work. */
export interface EnergyGoals {
  /** Joules of a run's work. */
  switching: (work: RunWork) => number;
  /** Whether time and area cost energy too. */
  leaks: boolean;
}

/** Whether a larger design is worse than one that is like it otherwise. */
export function countsArea(objectives: readonly Objective[], { leaks }: EnergyGoals): boolean {
  return objectives.some(({ metric }) => metric === AREA || (metric === ENERGY && leaks));
}

/** Objectives and limits of a workload, as its cells are held against them. */
export class Goals implements PlaneGoals {
  readonly time: boolean;
  readonly area: boolean;
  /** Figures of a cell's work that are to be small: the least of all of its designs. */
  readonly shared: readonly ((work: WorkRange) => number)[];
  readonly limits: PlaneLimits = { logTime: Number.POSITIVE_INFINITY, area: Number.POSITIVE_INFINITY };
  private readonly ofCells: { of: (work: RunWork) => number; most: number }[] = [];

  constructor(
    { objectives, limits }: Pick<FrontQuery, 'objectives' | 'limits'>,
    facts: WorkloadFacts,
    energy: EnergyGoals,
  ) {
    const isTime = (metric: string) => metric === TIME || constantOverTime(metric) !== undefined;
    this.time = objectives.some(({ metric }) => isTime(metric) || (metric === ENERGY && energy.leaks));
    this.area = countsArea(objectives, energy);
    this.shared = objectives.flatMap(({ metric, goal }) => {
      if (metric === ENERGY) return [({ least }: WorkRange) => energy.switching(least)];
      const of = TRAFFIC[metric];
      if (!of) return [];
      return [({ least, most }: WorkRange) => (goal === 'minimize' ? of(least) : -of(most))];
    });
    for (const { metric, value } of limits) {
      const constant = constantOverTime(metric)?.(facts);
      if (metric === AREA) this.limits.area = Math.min(this.limits.area, value);
      else if (metric in TRAFFIC) this.ofCells.push({ of: TRAFFIC[metric]!, most: value });
      else this.limitTime(constant === undefined ? value : value > 0 ? constant / value : Number.POSITIVE_INFINITY);
    }
  }

  private limitTime(ms: number): void {
    this.limits.logTime = Math.min(this.limits.logTime, Math.log(ms * MILLI));
  }

  /** Whether designs of a cell may keep the limits on its work: its sums round otherwise than a design's own. */
  allows({ least }: WorkRange): boolean {
    return this.ofCells.every(({ of, most }) => of(least) <= most * (1 + SLACK));
  }
}
