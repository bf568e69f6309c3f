/** How a run ended, in a line. */
import { showIndices, showShard } from '../engine/shards.js';
import { showDuration, showNumber } from '../model/units.js';
import type { Study } from '../space/study.js';
import type { MergeResult } from '../study/merge-shards.js';
import type { RunCounts } from '../study/run-messages.js';
import type { ShardResult } from '../study/run-study.js';

export function describeRun(
  folder: string,
  { store }: Study,
  { points, rejected }: RunCounts,
  onFront: number,
  seconds: number,
): string {
  const stored =
    store === 'all'
      ? `${showNumber(points)} points stored`
      : `${showNumber(points)} points evaluated, ${showNumber(onFront)} on the front stored`;
  return `${stored}, ${showNumber(rejected)} rejected, in ${showDuration(seconds)}: ${folder}`;
}

/** Which shards a study lacks; undefined of a whole one. */
export function describeMissing({ missing, of }: MergeResult): string | undefined {
  if (missing.length === 0) return undefined;
  const are = missing.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
  return `partial: ${are[0]} ${showIndices(missing)} of ${of} ${are[1]} missing; merge or run completes the study`;
}

export function describeShard({ shard, folder, counts, seconds }: ShardResult): string {
  const what = `${showNumber(counts.points)} points, ${showNumber(counts.rejected)} rejected`;
  return `shard ${showShard(shard)}: ${what}, in ${showDuration(seconds)}: ${folder}`;
}

/** `run --shard --json`. */
export function shardJson({ study, shard, folder, counts, seconds }: ShardResult) {
  return { study: study.name, shard, folder, points: counts.points, rejected: counts.rejected, seconds };
}
