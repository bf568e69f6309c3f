/** Shards that keep their front alone into their study: each front is taken whole or not at all. */
import { setImmediate } from 'node:timers/promises';
import { runError } from '../errors.js';
import type { Manifest } from './manifest.js';
import type { Merged, MergeOptions } from './merge-options.js';
import type { ShardSet } from './shard-set.js';
import type { ShardSource } from './shard-source.js';
import type { StudyRun } from './study-run.js';

/** Merges shards once all of their fronts are found sound; the parameters are those of `mergePoints`. */
export async function mergeFronts(
  run: StudyRun,
  { shards }: ShardSet,
  merged: Manifest['merged'],
  { signal, showing }: MergeOptions,
): Promise<Pick<Merged, 'counts' | 'sawAllChunks'> | undefined> {
  for (const shard of shards) shard.checkFront();
  run.begin(shards[0]!.facts);
  if (merged) run.markMerged(merged);
  const pending = new Set(run.pending());
  const isTaken = await showing('chunks merged', async (onChunk) => {
    let taken = 0;
    for (const shard of shards) {
      taken += takeFront(run, shard, pending);
      onChunk(taken, pending.size);
      await setImmediate();
      if (signal?.aborted) return false;
    }
    return true;
  });
  if (!isTaken) return undefined;
  if (merged) return { counts: run.counts, sawAllChunks: false };
  const counts = await showing('chunks in points.arrow', (onChunk) => run.finish(signal, onChunk));
  if (!counts && !signal?.aborted) throw runError(`${run.folder}: chunks of the study are in none of its shards`);
  return counts && { counts, sawAllChunks: false };
}

/** A front is taken whole or not at all; the chunks that came with it. */
function takeFront(run: StudyRun, shard: ShardSource, pending: ReadonlySet<number>): number {
  const left = shard.lines.filter(({ chunk }) => pending.has(chunk));
  if (left.length === 0) return 0;
  if (left.length < shard.lines.length)
    throw shard.problem(`${run.folder} has evaluated some of its chunks since`, 'that run to go on: delta-sweep run');
  run.appendTogether(shard.frontChunks());
  return left.length;
}
