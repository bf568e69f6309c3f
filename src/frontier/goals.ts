/** What a frontier can be asked for: metrics that time, area and traffic decide (docs/model.md, 16.3). */
import { inputErrors, type Problem } from '../errors.js';
import { NUMERIC_METRICS, type WorkloadFacts } from '../model/metrics.js';
import { GIGA, MILLI } from '../model/units.js';
import type { Objective } from '../space/study.js';
import type { Cell } from './cell.js';
import type { PlaneGoals, PlaneLimits } from './staircase.js';

/** A bound on a metric that a design has to keep. */
export interface Limit {
  metric: string;
  side: 'at most' | 'at least';
  value: number;
}

/** Metrics that all designs of a cell share. */
const TRAFFIC: Record<string, (cell: Cell) => number> = {
  l1_gb: (cell) => cell.l1Bytes / GIGA,
  l2_gb: (cell) => cell.l2Bytes / GIGA,
  dram_gb: (cell) => cell.dramBytes / GIGA,
};

const AREA = 'area_mm2';
const TIME = 'time_ms';

const perTimeMsOf = (metric: string) => NUMERIC_METRICS.find(({ name }) => name === metric)?.perTimeMs;

/** Metrics that follow from the time alone: the better, the shorter it is. */
const TIMES = [TIME, ...NUMERIC_METRICS.filter(({ perTimeMs }) => perTimeMs).map(({ name }) => name)];

/** Whether less of a metric is better, for those that a frontier knows. */
const isLow = (metric: string) => !perTimeMsOf(metric);

function checkObjective({ metric, goal }: Objective): Problem[] {
  if (metric in TRAFFIC) return [];
  const known = TIMES.includes(metric) || metric === AREA;
  if (known && goal === (isLow(metric) ? 'minimize' : 'maximize')) return [];
  const names = (low: boolean) => [...TIMES, AREA].filter((name) => isLow(name) === low).join(', ');
  return [
    {
      what: `a frontier has no bounds for: ${goal} ${metric}`,
      expected: `minimize ${names(true)}, ${Object.keys(TRAFFIC).join(', ')} or maximize ${names(false)}`,
    },
  ];
}

function checkLimit({ metric, side, value }: Limit): Problem[] {
  const known = TIMES.includes(metric) || metric === AREA || metric in TRAFFIC;
  if (known && side === (isLow(metric) ? 'at most' : 'at least')) return [];
  const names = (low: boolean) => [...TIMES, AREA, ...Object.keys(TRAFFIC)].filter((name) => isLow(name) === low);
  const option = `--${side.replace(' ', '-')}`;
  return [
    {
      what: `a frontier has no bounds for ${option} ${metric}=${value}`,
      expected: `--at-most ${names(true).join(', ')} or --at-least ${names(false).join(', ')}`,
    },
  ];
}

/** Throws an input error that names every objective and limit that a frontier cannot bound. */
export function checkGoals(objectives: readonly Objective[], limits: readonly Limit[]): void {
  const problems = [...objectives.flatMap(checkObjective), ...limits.flatMap(checkLimit)];
  if (problems.length === 0 && objectives.every(({ metric }) => metric in TRAFFIC))
    problems.push({ what: 'a frontier needs time or area among its objectives', expected: [...TIMES, AREA].join(' or ') });
  if (problems.length > 0) throw inputErrors(problems);
}

/** Objectives and limits of a workload, as its cells are held against them. */
export class Goals implements PlaneGoals {
  readonly time: boolean;
  readonly area: boolean;
  /** Objectives that a cell's designs share, to be small. */
  readonly shared: readonly ((cell: Cell) => number)[];
  readonly limits: PlaneLimits = { logTime: Number.POSITIVE_INFINITY, area: Number.POSITIVE_INFINITY };
  private readonly ofCells: { of: (cell: Cell) => number; most: number }[] = [];

  constructor(objectives: readonly Objective[], limits: readonly Limit[], facts: WorkloadFacts) {
    this.time = objectives.some(({ metric }) => TIMES.includes(metric));
    this.area = objectives.some(({ metric }) => metric === AREA);
    this.shared = objectives.flatMap(({ metric, goal }) => {
      const of = TRAFFIC[metric];
      if (!of) return [];
      return [goal === 'minimize' ? of : (cell: Cell) => -of(cell)];
    });
    for (const { metric, value } of limits) {
      const constant = perTimeMsOf(metric)?.(facts);
      if (metric === AREA) this.limits.area = Math.min(this.limits.area, value);
      else if (metric === TIME) this.limitTime(value);
      else if (constant !== undefined) this.limitTime(value > 0 ? constant / value : Number.POSITIVE_INFINITY);
      else this.ofCells.push({ of: TRAFFIC[metric]!, most: value });
    }
  }

  private limitTime(ms: number): void {
    this.limits.logTime = Math.min(this.limits.logTime, Math.log(ms * MILLI));
  }

  /** Whether a cell keeps the limits on what its designs share. */
  allows(cell: Cell): boolean {
    return this.ofCells.every(({ of, most }) => of(cell) <= most);
  }
}
