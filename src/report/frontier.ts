/** How a search for a frontier ended, in a line. */
import { showShard } from '../engine/shards.js';
import { showDuration, showNumber } from '../model/units.js';
import { gridOf } from '../space/study.js';
import type { FoundFront, SearchShardResult } from '../study/search-frontier.js';

export function describeFrontier({ study, evaluated, boxes, seconds }: FoundFront): string {
  return (
    `proven over all ${showNumber(gridOf(study).size)} designs of the grid: ${showNumber(evaluated)} of them evaluated, ` +
    `the others ruled out in ${showNumber(boxes)} boxes, in ${showDuration(seconds)}`
  );
}

/** What a shard of a search has come to, in a line. */
export function describeSearchShard({ shard, folder, candidates, evaluated, seconds }: SearchShardResult): string {
  return (
    `shard ${showShard(shard)}: ${showNumber(candidates)} designs may be on the front, ` +
    `${showNumber(evaluated)} evaluated, in ${showDuration(seconds)}: ${folder}`
  );
}
