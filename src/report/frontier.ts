/** How a search for a frontier ended, in a line. */
import type { FrontierState } from '../engine/find-frontier.js';
import { showDuration, showNumber } from '../model/units.js';

/** @param size designs of the grid, all workloads */
export function describeFrontier(size: number, { designs, boxes }: FrontierState, seconds: number): string {
  return (
    `proven over all ${showNumber(size)} designs of the grid: ${showNumber(designs)} of them evaluated, the others ruled out ` +
    `in ${showNumber(boxes)} boxes, in ${showDuration(seconds)}`
  );
}
