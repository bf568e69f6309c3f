/** Merges shards into the folder of their study: the result is what one run would have stored. */
import { setImmediate } from 'node:timers/promises';
import { inputError, runError } from '../../errors.js';
import type { Study } from '../../space/study.js';
import type { ChunkLine } from '../database/chunk-table.js';
import { isDamage } from '../database/sqlite-errors.js';
import { MissingRows, type Counts } from '../database/study-database.js';
import type { Manifest } from '../folder/manifest.js';
import { studyFiles } from '../folder/study-files.js';
import { MergeRun } from './merge-run.js';
import { checkWhole, closeShards, leadOf, missingShards, openShards, type ShardSet } from './shard-set.js';
import { RUN_AGAIN, type ShardSource } from './shard-source.js';

type OnChunk = (chunk: number, chunks: number) => void;

export interface MergeOptions {
  toolVersion: string;
  /** Merges the shards that are finished where others are missing: the study is marked until it has all. */
  partial: boolean;
  signal?: AbortSignal | undefined;
  /** Shows the progress of a step, which calls back for each chunk. */
  showing: <T>(unit: string, step: (onChunk: OnChunk) => Promise<T>) => Promise<T>;
  /** Called with what was wrong with the study's earlier contents, and what is done about it. */
  onNote?: (text: string) => void;
}

export interface Merged {
  study: Study;
  counts: Counts;
  /** Indices of the shards that the study lacks chunks of, and the number of its shards. */
  missing: readonly number[];
  of: number;
  /** Whether anything was left to do. */
  isNew: boolean;
}

/**
 * Merges what a study's folder lacks from its shards, in which no run may be at work: one transaction a shard, so that the next merge
 * resumes behind the last shard that was stored. Undefined if the signal came first. Throws an input error that names shards that are
 * missing, damaged or of another study.
 */
export async function mergeShards(
  folder: string,
  shards: readonly string[],
  options: MergeOptions,
): Promise<Merged | undefined> {
  const set = openShards(shards);
  try {
    return await mergeSet(folder, set, options);
  } finally {
    closeShards(set);
  }
}

async function mergeSet(folder: string, set: ShardSet, options: MergeOptions): Promise<Merged | undefined> {
  const { toolVersion, partial, signal, showing, onNote = () => undefined } = options;
  const lead = leadOf(set);
  const { study } = lead;
  const { chunk_points: chunkPoints } = lead.manifest;
  const run = new MergeRun(folder, study, { toolVersion, chunkPoints });
  try {
    await showing('stored chunks checked', (onChunk) => run.resume(signal, onChunk));
    run.notes.forEach(onNote);
    if (signal?.aborted) return undefined;
    if (run.chunkPoints !== chunkPoints)
      throw lead.problem(`is cut into other chunks than ${folder}`, 'shards of the study in that folder');
    const result = { study, of: set.count };
    if (run.isFinished) return { ...result, counts: (await run.finish())!, missing: [], isNew: false };
    const missing = missingShards(set, run.pending());
    if (!partial) checkWhole(set, missing, folder);
    if (set.shards.length === 0) throw inputError({ what: 'no shard is finished', file: studyFiles(folder).shards });
    const merged = { shards: set.count - missing.length, of: set.count };
    const pending = new Set(run.pending());
    if (missing.length > 0 && run.isMarked(merged) && !set.shards.some(({ lines }) => lines.some(isIn(pending))))
      return { ...result, counts: run.counts, missing, isNew: false };
    const counts = await mergeAll(run, set, merged, pending, options);
    return counts && { ...result, counts, missing, isNew: true };
  } finally {
    run.stop();
  }
}

const isIn = (pending: ReadonlySet<number>) => (line: ChunkLine) => pending.has(line.chunk);

/** Merges the chunks that the study lacks; its counts, undefined if the signal came first. */
async function mergeAll(
  run: MergeRun,
  { shards }: ShardSet,
  merged: NonNullable<Manifest['merged']>,
  pending: ReadonlySet<number>,
  { signal, showing }: MergeOptions,
): Promise<Counts | undefined> {
  const lacking = shards
    .map((shard) => ({ shard, lines: shard.lines.filter(isIn(pending)) }))
    .filter(({ lines }) => lines.length > 0);
  if (!(await showing('chunks checked', (onChunk) => checkAll(run, lacking, onChunk, signal)))) return undefined;
  run.begin(shards[0]!.facts);
  const isStored = await showing('chunks merged', async (onChunk) => {
    const chunks = lacking.reduce((sum, { lines }) => sum + lines.length, 0);
    let stored = 0;
    for (const { shard, lines } of lacking) {
      const onStored = () => onChunk(++stored, chunks);
      if (!(await mergeShard(run, shard, lines, onStored, signal))) return false;
      await setImmediate();
      if (signal?.aborted) return false;
    }
    return true;
  });
  if (!isStored) return undefined;
  if (merged.shards < merged.of) {
    run.markMerged(merged);
    return run.counts;
  }
  const counts = await showing('chunks in points.arrow', (onChunk) => run.finish(signal, onChunk));
  if (!counts && !signal?.aborted) throw runError(`${run.folder}: chunks of the study are in none of its shards`);
  return counts;
}

/** Checks the shards before anything is stored; false if the signal came first. */
async function checkAll(
  run: MergeRun,
  lacking: readonly { shard: ShardSource; lines: readonly ChunkLine[] }[],
  onChunk: OnChunk,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const chunks = lacking.reduce((sum, { lines }) => sum + lines.length, 0);
  let checked = 0;
  for (const { shard, lines } of lacking) {
    shard.checkDescription();
    shard.checkFront();
    if (shard.study.store === 'front' && lines.length < shard.lines.length)
      throw shard.problem(
        `${run.folder} has evaluated some of its chunks since`,
        'that run to finish: delta-sweep run',
      );
    for (const line of lines) {
      shard.checkBatch(line);
      onChunk(++checked, chunks);
      await setImmediate();
      if (signal?.aborted) return false;
    }
  }
  return true;
}

/** Stores the chunks of a shard, all or none; false if the signal came first. */
async function mergeShard(
  run: MergeRun,
  shard: ShardSource,
  lines: readonly ChunkLine[],
  onStored: () => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (shard.study.store === 'front') {
    const { front, marginals } = shard.readFront();
    run.appendFront(front, marginals, lines);
    lines.forEach(onStored);
    return true;
  }
  try {
    return await run.appendChunks(shard.folder, lines, onStored, signal);
  } catch (error) {
    if (error instanceof MissingRows) throw shard.problem(error.message, RUN_AGAIN);
    if (isDamage(error)) throw shard.databaseProblem(error as Error);
    throw error;
  }
}
