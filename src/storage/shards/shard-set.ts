/** Shards that are to be merged: whether they are of one study, and which of them are missing. */
import { allShardChunks, showShard } from '../../engine/shards.js';
import { inputErrors, type Problem } from '../../errors.js';
import { foreignShards, missingProblem, misfits } from './shard-folders.js';
import { ShardSource } from './shard-source.js';

export interface ShardSet {
  /** By index: those that are finished, locked until `closeShards`, and those that have only begun. */
  shards: readonly ShardSource[];
  unfinished: readonly ShardSource[];
  /** The number of shards of the study. */
  count: number;
}

/** Opens shards. Throws an input error that names each one that does not fit the others. */
export function openShards(folders: readonly string[]): ShardSet {
  const all = folders
    .map((folder) => new ShardSource(folder))
    .sort((a, b) => a.shard.index - b.shard.index || folders.indexOf(a.folder) - folders.indexOf(b.folder));
  const { count } = all[0]!.shard;
  const problems = [...foreignShards(all), ...misfits(all), ...otherChunks(all)];
  if (problems.length > 0) throw inputErrors(problems);
  const shards = all.filter(({ isFinished }) => isFinished);
  const set = { shards, unfinished: all.filter(({ isFinished }) => !isFinished), count };
  try {
    for (const shard of shards) shard.lock();
  } catch (error) {
    closeShards(set);
    throw error;
  }
  return set;
}

/** Unlocks the shards. */
export function closeShards({ shards }: ShardSet): void {
  for (const shard of shards) shard.unlock();
}

/** Any of the shards: they are alike but for their chunks. */
export function leadOf({ shards, unfinished }: ShardSet): ShardSource {
  return (shards[0] ?? unfinished[0])!;
}

/**
 * Indices of the shards with a chunk that neither the study nor a finished shard has.
 *
 * @param pending chunks that the study lacks, ascending
 */
export function missingShards(set: ShardSet, pending: Iterable<number>): number[] {
  const finished = new Set(set.shards.map(({ shard }) => shard.index));
  const cuts = cutsOf(leadOf(set));
  const missing = new Set<number>();
  let index = 1;
  for (const chunk of pending) {
    while (cuts[index - 1]!.to <= chunk) index++;
    if (!finished.has(index)) missing.add(index);
  }
  return [...missing];
}

/** The chunks of every shard of the study. */
const cutsOf = ({ study, shard, manifest }: ShardSource) => allShardChunks(study, shard.count, manifest.chunk_points);

/** Throws an input error that names the shards that are missing, and those of them that have not finished. */
export function checkWhole({ unfinished, count }: ShardSet, missing: readonly number[], study: string): void {
  if (missing.length === 0) return;
  const begun = unfinished.filter(({ shard }) => missing.includes(shard.index));
  const absent = missing.filter((index) => !begun.some(({ shard }) => shard.index === index));
  throw inputErrors([
    ...begun.map(({ folder }): Problem => ({ file: folder, what: 'has not finished' })),
    ...(absent.length > 0 ? [missingProblem(study, absent, count)] : []),
    { what: `expected all ${count} shards, or --partial to merge those that are finished` },
  ]);
}

/** Shards of the first one's study with other chunks than this version of the program gives them. */
function otherChunks(shards: readonly ShardSource[]): Problem[] {
  const first = shards[0]!;
  const cuts = cutsOf(first);
  return shards
    .filter(({ manifest: { hash, chunk_points: chunkPoints }, shard: { index, count, chunks } }) => {
      const isOfStudy = hash === first.manifest.hash && count === first.shard.count;
      const cut = cuts[index - 1];
      const isSame = chunkPoints === first.manifest.chunk_points && chunks.from === cut?.from && chunks.to === cut.to;
      return isOfStudy && !isSame;
    })
    .map(({ folder, shard }) => ({
      file: folder,
      what: `has other chunks than this version of the program gives shard ${showShard(shard)} of the study in ${first.folder}`,
    }));
}
