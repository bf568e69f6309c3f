/** Shards that store all points into their study: its files are made anew of the parts of all chunks, in one pass. */
import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { PartSize } from '../arrow/message.js';
import { partFile, readPart, readPartSize, writePart } from '../arrow/part-files.js';
import type { StoredPart } from '../engine/messages.js';
import { faultOf, NOT_SOUND } from '../engine/part-reader.js';
import { PartThreads } from '../engine/part-threads.js';
import { inputError, type DeltaSweepError } from '../errors.js';
import type { Study } from '../space/study.js';
import { partOf, type LedgerLine } from './ledger.js';
import type { Manifest } from './manifest.js';
import { MergeFiles, type SizedChunk } from './merge-files.js';
import type { Merged, MergeOptions, OnChunk } from './merge-options.js';
import type { ShardSet } from './shard-set.js';
import { AGAIN, type ShardSource } from './shard-source.js';
import { studyFiles } from './study-files.js';
import type { StudyRun } from './study-run.js';

/** A chunk to merge, with its part where it has any points; the size of that is known once it was looked at. */
interface MergedChunk extends SizedChunk {
  part: StoredPart | undefined;
  source: Source;
}

/** Where chunks come from: a shard, or what the study's folder holds already. */
interface Source {
  folder: string;
  /** The error that tells what is wrong there, and what to do about it. */
  problem: (what: string, expected: string) => DeltaSweepError;
}

/**
 * Merges what a folder holds of a study with its shards; undefined if the signal came first. The study changes only once all is read
 * and found sound.
 *
 * @param merged how many of its shards the study then holds, where that is not all of them
 */
export async function mergePoints(
  run: StudyRun,
  { shards }: ShardSet,
  merged: Manifest['merged'],
  options: MergeOptions,
): Promise<Pick<Merged, 'counts' | 'sawAllChunks'> | undefined> {
  const { signal, showing } = options;
  const chunks = chunksToMerge(run, shards);
  if (!(await showing('chunks looked at', (onChunk) => lookAt(chunks, signal, onChunk)))) return undefined;
  const { study, facts } = shards[0]!;
  const merging = { manifest: run.manifestOf(merged), facts, chunks };
  const files = new MergeFiles(run.folder, merging, options.bytesPerSave);
  const sawAllChunks = files.doneBefore === 0;
  const threads = new PartThreads(study, facts, sawAllChunks ? 'front' : 'nothing');
  try {
    const isMerged =
      (await showing('chunks merged', (onChunk) => mergeChunks(chunks, files, threads, study, options, onChunk))) &&
      (!merged || (await showing('parts taken', (onChunk) => takeParts(chunks, run.folder, signal, onChunk))));
    await files.save();
    if (!isMerged) return undefined;
    const lines = chunks.map(({ line }) => line);
    run.replaceBy(files, lines);
    return { counts: countsOf(lines), sawAllChunks };
  } finally {
    await threads.close();
    await files.close();
  }
}

/** What the folder holds already, and what it lacks of the shards, by chunk. */
function chunksToMerge(run: StudyRun, shards: readonly ShardSource[]): MergedChunk[] {
  const { folder } = run;
  const own: Source = { folder, problem: (what) => inputError({ what, file: folder, expected: 'to be merged again' }) };
  const chunkFrom = (source: Source) => (line: LedgerLine) => ({
    ...{ line, part: partOf(source.folder, line), size: undefined, source },
  });
  const pending = new Set(run.pending());
  const lackedOf = (shard: ShardSource) => shard.lines.filter(({ chunk }) => pending.has(chunk));
  const chunks = [
    ...run.ledger().map(chunkFrom(own)),
    ...shards.flatMap((shard) => lackedOf(shard).map(chunkFrom(shard))),
  ];
  return chunks.sort((a, b) => a.line.chunk - b.line.chunk);
}

function damaged({ line, source }: MergedChunk, fault: string): DeltaSweepError {
  return source.problem(`its part of points.arrow for chunk ${line.chunk} ${fault}`, AGAIN);
}

/** Chunks that are looked at before other events have their turn. */
const CHUNKS_AT_A_TIME = 64;

/** Finds out how large the parts are, so that one that is not there is missed before any is read; false if the signal came first. */
async function lookAt(
  chunks: readonly MergedChunk[],
  signal: AbortSignal | undefined,
  onChunk: OnChunk,
): Promise<boolean> {
  for (const [i, chunk] of chunks.entries()) {
    if (chunk.part) chunk.size = sizeOf(chunk, chunk.part);
    onChunk(i + 1, chunks.length);
    if (i % CHUNKS_AT_A_TIME === 0) await setImmediate();
    if (signal?.aborted) return false;
  }
  return true;
}

function sizeOf(chunk: MergedChunk, part: StoredPart): PartSize {
  let size: PartSize | undefined;
  try {
    size = readPartSize(part.folder, part.chunk);
  } catch (error) {
    throw damaged(chunk, faultOf(error));
  }
  if (!size) throw damaged(chunk, NOT_SOUND);
  return size;
}

/** Merges the chunks that were not merged before; false if the signal came first. */
async function mergeChunks(
  chunks: readonly MergedChunk[],
  files: MergeFiles,
  threads: PartThreads,
  study: Study,
  { signal, onFront = () => undefined }: MergeOptions,
  onChunk: OnChunk,
): Promise<boolean> {
  const place = ({ part, size }: MergedChunk) => part && { part, to: files.reserve(size!) };
  let done = files.doneBefore;
  for await (const [chunk, { fault, rows }] of threads.read(chunks.slice(done), place)) {
    if (fault !== undefined) throw damaged(chunk, fault);
    await files.add(chunk, rows?.pages);
    if (rows?.front) onFront(rows.front, study);
    onChunk(++done, chunks.length);
    await setImmediate(); // chunks without a part come without anything else having its turn
    if (signal?.aborted) return false;
  }
  return true;
}

/** Puts the parts of shards among the study's own, for a run that goes on with it; false if the signal came first. */
async function takeParts(
  chunks: readonly MergedChunk[],
  study: string,
  signal: AbortSignal | undefined,
  onChunk: OnChunk,
): Promise<boolean> {
  const { parts } = studyFiles(study);
  mkdirSync(parts, { recursive: true });
  for (const [i, chunk] of chunks.entries()) {
    const { part } = chunk;
    if (part && part.folder !== parts && !takePart(part, parts)) throw damaged(chunk, NOT_SOUND);
    onChunk(i + 1, chunks.length);
    await setImmediate();
    if (signal?.aborted) return false;
  }
  return true;
}

/** Puts a part into a folder: the same file by another name, where that can be; false if it is not sound. */
function takePart({ folder: from, chunk, sha256 }: StoredPart, to: string): boolean {
  rmSync(partFile(to, chunk), { force: true });
  try {
    linkSync(partFile(from, chunk), partFile(to, chunk));
  } catch {
    const part = readPart(from, chunk, sha256);
    if (!part) return false;
    writePart(to, chunk, part);
  }
  return true;
}

function countsOf(lines: readonly LedgerLine[]): Merged['counts'] {
  const sum = (of: 'points' | 'rejected') => lines.reduce((total, line) => total + line[of], 0);
  return { chunks: lines.length, points: sum('points'), rejected: sum('rejected'), failed: 0 };
}
