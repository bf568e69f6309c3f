/** Shards that are to be merged: whether they are of one study, and which of them are missing. */
import { chunkCount } from '../engine/chunks.js';
import { showIndices } from '../engine/shards.js';
import { inputErrors, type Problem } from '../errors.js';
import { gridOf } from '../space/study.js';
import { differences } from './identity.js';
import { ShardSource } from './shard-source.js';
import { studyFiles } from './study-files.js';

export interface ShardSet {
  /** By index: those that are finished, and those that have only begun. */
  shards: readonly ShardSource[];
  unfinished: readonly ShardSource[];
  /** How many the study was cut into. */
  count: number;
  /** Indices of those that are not there, or not finished. */
  missing: readonly number[];
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
  const indexOf = ({ manifest }: ShardSource) => manifest.shard.index;
  const sorted = [...byIndex.values()].sort((a, b) => indexOf(a) - indexOf(b));
  const shards = sorted.filter(({ isFinished }) => isFinished);
  checkSeams(shards);
  const there = new Set(shards.map(indexOf));
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !there.has(index));
  return { shards, unfinished: sorted.filter(({ isFinished }) => !isFinished), count, missing };
}

/** Throws an input error that names the shards that are missing, and those that have not finished. */
export function checkWhole({ unfinished, count, missing }: ShardSet, study: string): void {
  if (missing.length === 0) return;
  const begun = new Set(unfinished.map(({ manifest }) => manifest.shard.index));
  const absent = missing.filter((index) => !begun.has(index));
  const problems: Problem[] = unfinished.map(({ folder }) => ({ file: folder, what: 'has not finished' }));
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
