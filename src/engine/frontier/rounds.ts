/**
 * The rounds of a search: parts of the grid that are searched side by side, each given the front of the rounds before. They
 * follow from the study alone, so that what is evaluated does not depend on the number of threads.
 */
import type { Shard } from '../../space/shard.js';
import type { SearchPart } from './place-search.js';

/** Changes whenever rounds or their results change: a search resumes only rounds of its own version. */
export const FRONTIER_VERSION = 1;

/** How much better designs have to be in each pass over the grid: the first one finds most of the front, the last one proves it. */
const PASSES = [Math.log(1.05), 0];

/** Parts of a pass over a workload, at most, and of a round. */
const MOST_PARTS = 256;
const PARTS_A_ROUND = 16;

const ALL: Shard = { index: 1, count: 1 };

/**
 * The rounds of a search, or of a share of it: every so many-th part, from the one of its index on. A share proves that its own
 * parts have no other design of the front than those that it finds, and the front of what all shares find is that of the grid.
 *
 * @param pieces of each workload's grid
 */
export function roundsOf(workloads: number, pieces: number, { index, count }: Shard = ALL): SearchPart[][] {
  const step = Math.min(pieces, MOST_PARTS);
  const parts = Array.from({ length: step }, (_, first) => first).filter((first) => first % count === index - 1);
  const rounds: SearchPart[][] = [];
  for (const better of PASSES)
    for (let workload = 0; workload < workloads; workload++)
      for (let from = 0; from < parts.length; from += PARTS_A_ROUND)
        rounds.push(parts.slice(from, from + PARTS_A_ROUND).map((first) => ({ workload, first, step, better })));
  return rounds;
}

/** Whether a part is of the pass that proves the front. */
export const proves = ({ better }: SearchPart): boolean => better === 0;
