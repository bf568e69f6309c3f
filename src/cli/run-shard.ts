/** `run --shard`: what is left of a shard of a study, into a folder of its own. */
import { showShard, type Shard } from '../engine/shards.js';
import { showDuration, showNumber } from '../model/units.js';
import type { Study } from '../space/study.js';
import { identify } from '../storage/folder/identity.js';
import { checkNeighbours, neighboursOf, shardFolder } from '../storage/shards/shard-folders.js';
import { note } from './output.js';
import { storeWhatIsLeft, type RunStudyOptions } from './run-study.js';

/** What `run --shard --json` prints. */
export interface ShardResult {
  study: string;
  shard: Shard;
  folder: string;
  points: number;
  rejected: number;
  seconds: number;
}

/** Runs what is left of a shard; `folder` is the study's. */
export async function evaluateShard(
  study: Study,
  folder: string,
  shard: Shard,
  options: RunStudyOptions,
): Promise<ShardResult> {
  const start = performance.now();
  checkNeighbours(neighboursOf(folder, shard, options.fresh), identify(study), shard);
  const own = shardFolder(folder, shard);
  const { counts, isNew } = await storeWhatIsLeft(study, own, { ...options, shard });
  const seconds = (performance.now() - start) / 1000;
  const name = `shard ${showShard(shard)}`;
  if (!isNew) note(`${own} holds ${name} of this study, finished; nothing to do (--fresh starts anew)`);
  return { study: study.name, shard, folder: own, points: counts.points, rejected: counts.rejected, seconds };
}

export function describeShard({ shard, folder, points, rejected, seconds }: ShardResult): string {
  const what = `${showNumber(points)} points, ${showNumber(rejected)} rejected`;
  return `shard ${showShard(shard)}: ${what}, in ${showDuration(seconds)}: ${folder}`;
}
