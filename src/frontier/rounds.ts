/**
 * The rounds of a search: parts of the grid that are searched side by side, each given the front of the rounds before. They
 * follow from the study alone, so that what is evaluated does not depend on the number of threads.
 */
import type { SearchPart } from './place-search.js';

/** Changes whenever rounds, or what they find, would be other ones: a search goes on with its own kind alone. */
export const FRONTIER_VERSION = 1;

/** How much better designs have to be in each pass over the grid: the first one finds most of the front, the last one proves it. */
const PASSES = [Math.log(1.05), 0];

/** Parts of a pass over a workload, at most, and of a round. */
const MOST_PARTS = 256;
const PARTS_A_ROUND = 16;

/** @param pieces of each workload's grid */
export function roundsOf(workloads: number, pieces: number): SearchPart[][] {
  const step = Math.min(pieces, MOST_PARTS);
  const rounds: SearchPart[][] = [];
  for (const better of PASSES)
    for (let workload = 0; workload < workloads; workload++)
      for (let from = 0; from < step; from += PARTS_A_ROUND) {
        const parts = Math.min(PARTS_A_ROUND, step - from);
        rounds.push(Array.from({ length: parts }, (_, i) => ({ workload, first: from + i, step, better })));
      }
  return rounds;
}

/** Whether a part is of the pass that proves the front. */
export const proves = ({ better }: SearchPart): boolean => better === 0;
