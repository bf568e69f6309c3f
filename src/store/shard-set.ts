/** Shards that are to be merged: whether they are of one study, and which of them are missing. */
import { chunkCount } from '../engine/chunks.js';
import { allShardChunks, showIndices } from '../engine/shards.js';
import { inputErrors, type Problem } from '../errors.js';
import { gridOf } from '../space/study.js';
import { differences } from './identity.js';
import { ShardSource } from './shard-source.js';
import { studyFiles } from './study-files.js';

export interface ShardSet {
  /** By index: those that are finished, locked until `closeShards`, and those that have only begun. */
  shards: readonly ShardSource[];
  unfinished: readonly ShardSource[];
  /** How many the study was cut into. */
  count: number;
}

/** Opens shards. Throws an input error that names every one that does not fit the others, or is there twice. */
export function openShards(folders: readonly string[]): ShardSet {
  const all = folders.map((folder) => new ShardSource(folder));
  const first = all[0]!;
  const { count } = first.manifest.shard;
  const byIndex = new Map<number, ShardSource>();
  const problems: Problem[] = [];
  for (const shard of all) {
    const wrong = unlike(shard, first) ?? twice(shard, byIndex);
    if (wrong === undefined) byIndex.set(shard.manifest.shard.index, shard);
    else problems.push({ file: shard.folder, what: wrong });
  }
  if (problems.length > 0) throw inputErrors(problems);
  const sorted = [...byIndex.values()].sort((a, b) => a.manifest.shard.index - b.manifest.shard.index);
  const shards = sorted.filter(({ isFinished }) => isFinished);
  checkSeams(shards);
  const set = { shards, unfinished: sorted.filter(({ isFinished }) => !isFinished), count };
  try {
    for (const shard of shards) shard.lock();
  } catch (error) {
    closeShards(set);
    throw error;
  }
  return set;
}

/** Lets runs into the shards again. */
export function closeShards({ shards }: ShardSet): void {
  for (const shard of shards) shard.unlock();
}

/** Any of the shards: they are alike but for their chunks. */
export function leadOf({ shards, unfinished }: ShardSet): ShardSource {
  return (shards[0] ?? unfinished[0])!;
}

/** Indices of the shards that have a chunk which is neither stored in the study nor in a shard that is finished. */
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
  const begun = unfinished.filter(({ manifest }) => missing.includes(manifest.shard.index));
  const absent = missing.filter((index) => !begun.some(({ manifest }) => manifest.shard.index === index));
  const problems: Problem[] = begun.map(({ folder }) => ({ file: folder, what: 'has not finished' }));
  if (absent.length > 0)
    problems.push({
      file: studyFiles(study).shards,
      what: `${absent.length === 1 ? 'shard' : 'shards'} ${showIndices(absent)} of ${count} missing`,
    });
  problems.push({ what: `expected all ${count} shards, or --partial to merge those that are finished` });
  throw inputErrors(problems);
}

/** How a shard is none of the study that another one is of. */
function unlike(shard: ShardSource, other: ShardSource): string | undefined {
  const { manifest } = shard;
  const { manifest: ours } = other;
  if (manifest.hash !== ours.hash)
    return `is a shard of another study than ${other.folder} (differs in ${differences(manifest, ours).join(', ') || 'the version of the program'})`;
  if (manifest.shard.count !== ours.shard.count)
    return `is shard ${shard.name}, but ${other.folder} is shard ${other.name}`;
  if (manifest.chunk_points !== ours.chunk_points) return `is cut into other chunks than ${other.folder}`;
  return undefined;
}

function twice({ name, manifest }: ShardSource, known: ReadonlyMap<number, ShardSource>): string | undefined {
  const other = known.get(manifest.shard.index);
  return other && `is shard ${name}, as ${other.folder} is`;
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
    if (next?.manifest.shard.index === index + 1 && next.manifest.shard.chunks.from !== chunks.to)
      problems.push({ file: next.folder, what: `does not begin where ${folder} ends` });
  });
  if (problems.length > 0) throw inputErrors(problems);
}
