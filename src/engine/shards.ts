/**
 * Shards: shares of a study, one a machine. A shard is a range of the study's chunks, so that it meets few contexts and
 * its part of every file is one piece; the ranges are cut into equal amounts of work. They follow from the study and their
 * number alone: machines that know both need not know of each other.
 */
import type { Shard } from '../space/shard.js';
import { gridOf, type Study } from '../space/study.js';
import { chunkCount, chunkRange, type Range } from './chunks.js';
import { estimateWork } from './work.js';

export type { Shard };

export const showShard = ({ index, count }: Shard): string => `${index}/${count}`;

/** Indices of shards as Slurm lists them: `3,7-9`. */
export function showIndices(indices: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

/** Ranges of chunks whose work is estimated; within one, it is taken to be spread evenly. */
const MOST_RANGES = 4096;

/**
 * The chunks of a shard: `from` up to, not including, `to`; none where there are more shards than chunks. By estimate, the
 * work of a shard differs from the mean of all by that of one chunk at most.
 */
export function shardChunks(study: Study, { index, count }: Shard, chunkPoints: number): Range {
  const cut = cutter(study, chunkPoints);
  return { from: cut((index - 1) / count), to: cut(index / count) };
}

/** The chunks of every shard, by index. */
export function allShardChunks(study: Study, count: number, chunkPoints: number): Range[] {
  const cut = cutter(study, chunkPoints);
  return Array.from({ length: count }, (_, i) => ({ from: cut(i / count), to: cut((i + 1) / count) }));
}

/** Where to cut a study's chunks so that a share of the work lies before: a number of chunks. */
function cutter(study: Study, chunkPoints: number): (share: number) => number {
  const { size } = gridOf(study);
  const chunks = chunkCount(size, chunkPoints);
  const ranges = Math.min(chunks, MOST_RANGES);
  const bounds = Array.from({ length: ranges + 1 }, (_, i) => Math.floor((i * chunks) / ranges));
  const work = estimateWork(
    study,
    bounds.slice(1).map((to, i) => ({
      from: chunkRange(bounds[i]!, size, chunkPoints).from,
      to: chunkRange(to - 1, size, chunkPoints).to,
    })),
  );
  const all = work.reduce((sum, w) => sum + w, 0);
  return (share) => {
    if (share === 1) return chunks; // whatever a sum of rounded numbers says
    let before = 0;
    let s = 0;
    while (s < ranges - 1 && before + work[s]! < share * all) before += work[s++]!;
    const within = Math.min(1, (share * all - before) / work[s]!);
    return Math.round(bounds[s]! + within * (bounds[s + 1]! - bounds[s]!));
  };
}
