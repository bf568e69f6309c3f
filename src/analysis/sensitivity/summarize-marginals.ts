import { gridOf, type Study } from '../../space/study.js';
import type { Mean, WorkloadSummary } from './summary.js';

/** Sums over the points with one value of a digit, as a study keeps them that stores its front alone. */
export interface MarginalSum {
  workload: number;
  /** 1 is the first dimension. */
  digit: number;
  position: number;
  /** Feasible points. */
  points: number;
  /** Sum of ln(time_ms) over them. */
  logTime: number;
}

type Sum = Pick<MarginalSum, 'points' | 'logTime'>;

const add = (a: Sum, b: Sum): Sum => ({ points: a.points + b.points, logTime: a.logTime + b.logTime });
const NOTHING: Sum = { points: 0, logTime: 0 };

function meanOf({ points, logTime }: Sum): Mean {
  return { count: points, mean: points > 0 ? logTime / points : Number.NaN };
}

/** What sums along the axes tell of each workload: means, and no squares. */
export function summarizeMarginals(study: Study, marginals: Iterable<MarginalSum>): WorkloadSummary[] {
  const [workloads = 0, ...radices] = gridOf(study).radices;
  const sums = Array.from({ length: workloads }, () => radices.map((radix) => new Array<Sum>(radix).fill(NOTHING)));
  for (const { workload, digit, position, points, logTime } of marginals)
    sums[workload]![digit - 1]![position] = { points, logTime };
  return sums.map((digits) => {
    const { count, mean } = meanOf((digits[0] ?? []).reduce(add, NOTHING));
    return {
      points: count,
      mean,
      squares: undefined,
      digits: digits.map((levels) => ({ levels: levels.map(meanOf), steps: undefined, squares: undefined })),
    };
  });
}
