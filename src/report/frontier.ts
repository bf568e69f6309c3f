/** The result of a search for a front, in one line. */
import type { FrontierState } from '../engine/find-frontier.js';
import { showShard, type Shard } from '../engine/shards.js';
import { showDuration, showNumber } from '../model/units.js';

/** @param size points of the grid */
export function describeFrontier(size: number, { designs, boxes }: FrontierState, seconds: number): string {
  return (
    `proven over all ${showNumber(size)} designs of the grid: ${showNumber(designs)} of them evaluated, the others ruled out ` +
    `in ${showNumber(boxes)} boxes, in ${showDuration(seconds)}`
  );
}

/** The result of a shard of a search, in one line. */
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
