/** Shards into the folder of their study: chunk by chunk, each as its own run would have stored it, so that a merge resumes as a run does. */
import { linkSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { partFile, readPart, writePart } from '../arrow/part-files.js';
import type { Chunk, Sink } from '../engine/sink.js';
import type { ShardSource } from './shard-source.js';
import { studyFiles } from './study-files.js';
import type { StudyRun } from './study-run.js';

export interface MergeOptions {
  signal?: AbortSignal | undefined;
  /** Told of each chunk that is verified or taken over, and of how many there are. */
  onChunk?: (chunk: number, chunks: number) => void;
}

/** Reads all that is to be merged, before anything is; false if the signal came first. Throws an input error that names a damaged shard. */
export async function verifyShards(
  shards: readonly ShardSource[],
  { signal, onChunk = () => undefined }: MergeOptions = {},
): Promise<boolean> {
  const chunks = shards.reduce((sum, { lines }) => sum + lines.length, 0);
  let verified = 0;
  for (const shard of shards)
    for (const _ of shard.verified()) {
      onChunk(++verified, chunks);
      await setImmediate();
      if (signal?.aborted) return false;
    }
  return true;
}

/** Takes over what a study lacks, once it has begun; false if the signal came first. */
export async function takeOver(
  run: StudyRun,
  sink: Sink,
  shards: readonly ShardSource[],
  { signal, onChunk = () => undefined }: MergeOptions = {},
): Promise<boolean> {
  const pending = new Set(run.pending());
  const chunks = pending.size;
  let taken = 0;
  for (const shard of shards) {
    if (shard.study.store === 'front') {
      taken += takeFront(run, shard, pending);
      onChunk(taken, chunks);
      await setImmediate();
      if (signal?.aborted) return false;
      continue;
    }
    const read = shard.chunkReader();
    for (const line of shard.lines) {
      if (!pending.has(line.chunk)) continue;
      const chunk = read(line);
      takePart(shard.folder, run.folder, chunk);
      sink.append(chunk);
      onChunk(++taken, chunks);
      await setImmediate();
      if (signal?.aborted) return false;
    }
  }
  return true;
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

/** Puts the part of a chunk beside the study's own: the same file by another name, where that can be. */
function takePart(from: string, to: string, { chunk, sha256 }: Chunk): void {
  if (sha256 === undefined) return;
  const [source, target] = [from, to].map((folder) => studyFiles(folder).parts) as [string, string];
  rmSync(partFile(target, chunk), { force: true });
  try {
    linkSync(partFile(source, chunk), partFile(target, chunk));
  } catch {
    writePart(target, chunk, readPart(source, chunk, sha256)!);
  }
}
