/** Shards that are to be merged: whether they are of one study, and which of them are missing. */
import { chunkCount } from '../../engine/chunks.js';
import { allShardChunks } from '../../engine/shards.js';
import { inputErrors, type Problem } from '../../errors.js';
import { gridOf } from '../../space/study.js';
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
  checkSeams(shards);
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

/** Indices of the shards with a chunk that neither the study nor a finished shard has. */
export function missingShards(set: ShardSet, pending: Iterable<number>): number[] {
  const { study, manifest } = leadOf(set);
  const cuts = allShardChunks(study, set.count, manifest.chunk_points);
  const given = set.shards.map((shard) => shard.manifest.shard.chunks);
  const missing = new Set<number>();
  let [cut, next] = [0, 0];
  for (const chunk of pending) {
    while (next < given.length && given[next]!.to <= chunk) next++;
    if (next < given.length && given[next]!.from <= chunk) continue;
    while (cuts[cut]!.to <= chunk) cut++;
    missing.add(cut + 1);
  }
  return [...missing];
}

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

/** Shards with other chunks than the first one. */
function otherChunks(shards: readonly ShardSource[]): Problem[] {
  const first = shards[0]!;
  return shards
    .filter(({ manifest: { hash, chunk_points } }) => {
      return hash === first.manifest.hash && chunk_points !== first.manifest.chunk_points;
    })
    .map(({ folder }) => ({ file: folder, what: `is cut into other chunks than ${first.folder}` }));
}

/** Shards that were cut by other versions of the program may share chunks, or leave some to none. */
function checkSeams(shards: readonly ShardSource[]): void {
  const problems: Problem[] = [];
  shards.forEach(({ folder, study, manifest: { shard, chunk_points: chunkPoints } }, i) => {
    const next = shards[i + 1];
    const { index, count, chunks } = shard;
    if (index === 1 && chunks.from !== 0) problems.push({ file: folder, what: 'does not begin where the study does' });
    if (index === count && chunks.to !== chunkCount(gridOf(study).size, chunkPoints))
      problems.push({ file: folder, what: 'does not end where the study does' });
    if (next?.shard.index === index + 1 && next.manifest.shard.chunks.from !== chunks.to)
      problems.push({ file: next.folder, what: `does not begin where ${folder} ends` });
  });
  if (problems.length > 0) throw inputErrors(problems);
}
