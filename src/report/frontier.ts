/** How a search for a frontier ended, in a line. */
import type { FrontierState } from '../engine/find-frontier.js';
import { showShard, type Shard } from '../engine/shards.js';
import { showDuration, showNumber } from '../model/units.js';

/** @param size designs of the grid, all workloads */
export function describeFrontier(size: number, { designs, boxes }: FrontierState, seconds: number): string {
  return (
    `proven over all ${showNumber(size)} designs of the grid: ${showNumber(designs)} of them evaluated, the others ruled out ` +
    `in ${showNumber(boxes)} boxes, in ${showDuration(seconds)}`
  );
}

/** What a shard of a search has come to, in a line. */
export function describeSearchShard(result: {
  shard: Shard;
  folder: string;
  candidates: number;
  evaluated: number;
  seconds: number;
}): string {
  const { shard, folder, candidates, evaluated, seconds } = result;
  return (
    `shard ${showShard(shard)}: ${showNumber(candidates)} designs may be on the front, ` +
    `${showNumber(evaluated)} evaluated, in ${showDuration(seconds)}: ${folder}`
  );
}
