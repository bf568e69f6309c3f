/** Shards into the folder of their study: chunk by chunk, each as its own run would have stored it, so that a merge resumes as a run does. */
import { linkSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { partFile, readPart, writePart } from '../arrow/part-files.js';
import { PartThreads } from '../engine/part-threads.js';
import type { Chunk, Sink } from '../engine/sink.js';
import { inputError, runError } from '../errors.js';
import type { Study } from '../space/study.js';
import type { LedgerLine } from './ledger.js';
import { checkWhole, closeShards, leadOf, missingShards, openShards, type ShardSet } from './shard-set.js';
import type { ShardSource } from './shard-source.js';
import { studyFiles } from './study-files.js';
import { StudyRun } from './study-run.js';

type OnChunk = (chunk: number, chunks: number) => void;

export interface MergeOptions {
  toolVersion: string;
  /** Takes the shards that are finished where others are missing: the study is marked, until the rest comes. */
  partial?: boolean;
  signal?: AbortSignal | undefined;
  /** Shows how far a step is: told of each chunk that is looked at, and of how many there are. */
  showing?: <T>(unit: string, step: (onChunk: OnChunk) => Promise<T>) => Promise<T>;
  /** Told what was found wrong with what the study held, and what is done about it. */
  note?: (text: string) => void;
  /** What takes the chunks of a study that has begun; default: its run. */
  sinkOf?: (run: StudyRun, study: Study) => Sink;
}

export interface Merged {
  study: Study;
  counts: StudyRun['counts'];
  /** Indices of the shards that the study lacks chunks of, and how many it was cut into. */
  missing: readonly number[];
  of: number;
  /** Whether anything was left to do. */
  isNew: boolean;
}

/**
 * Merges what a study's folder lacks of it from its shards, in which no run may be at work; undefined if the signal came first:
 * the next merge goes on. Throws an input error that names shards that are missing, damaged or of another study; nothing is
 * written then.
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
  const { toolVersion, partial = false, signal, showing = unshown, note = () => undefined } = options;
  const lead = leadOf(set);
  const { study } = lead;
  const { chunk_points: chunkPoints } = lead.manifest;
  const run = new StudyRun(folder, study, { toolVersion, chunkPoints });
  try {
    await showing('stored chunks checked', (onChunk) => run.resume(signal, onChunk));
    run.notes.forEach(note);
    if (signal?.aborted) return undefined;
    if (run.chunkPoints !== chunkPoints)
      throw lead.problem(`is cut into other chunks than ${folder}`, 'shards of the study in that folder');
    const result = { study, of: set.count };
    if (run.isFinished) return { ...result, counts: (await run.finish())!, missing: [], isNew: false };
    const missing = missingShards(set, run.pending());
    if (!partial) checkWhole(set, missing, folder);
    if (set.shards.length === 0) throw inputError({ what: 'no shard is finished', file: studyFiles(folder).shards });
    const counts = await mergeVerified(run, set, missing, options);
    return counts && { ...result, counts, missing, isNew: true };
  } finally {
    run.stop();
  }
}

/** Merges shards once all of them are found sound. */
async function mergeVerified(
  run: StudyRun,
  set: ShardSet,
  missing: readonly number[],
  options: MergeOptions,
): Promise<Merged['counts'] | undefined> {
  const { signal, showing = unshown } = options;
  const { shards } = set;
  const { study, facts } = shards[0]!;
  const threads = new PartThreads(study, facts, run.donePoints > 0 ? 'nothing' : 'front');
  try {
    const areSound = await showing('chunks verified', (onChunk) => verifyShards(shards, threads, signal, onChunk));
    return areSound ? await mergeInto(run, set, threads, missing, options) : undefined;
  } finally {
    await threads.close();
  }
}

/** What the study then holds; undefined if the signal came first. */
async function mergeInto(
  run: StudyRun,
  { shards, count }: ShardSet,
  threads: PartThreads,
  missing: readonly number[],
  { signal, showing = unshown, sinkOf = () => run }: MergeOptions,
): Promise<Merged['counts'] | undefined> {
  const { study, facts } = shards[0]!;
  run.begin(facts);
  if (missing.length > 0) run.markMerged({ shards: count - missing.length, of: count });
  const sink = sinkOf(run, study);
  const isTaken = await showing('chunks merged', (onChunk) => takeOver(run, sink, shards, threads, signal, onChunk));
  if (!isTaken) return undefined;
  if (missing.length > 0) return run.counts;
  const counts = await showing('chunks in points.arrow', (onChunk) => run.finish(signal, onChunk));
  if (!counts && !signal?.aborted) throw runError(`${run.folder}: chunks of the study are in none of its shards`);
  return counts;
}

const unshown: NonNullable<MergeOptions['showing']> = (_, step) => step(() => undefined);

/** Lines of the ledgers of shards, each with its shard. */
function* linesOf(shards: readonly ShardSource[]): Generator<{ shard: ShardSource; line: LedgerLine }> {
  for (const shard of shards) for (const line of shard.lines) yield { shard, line };
}

const partOf = ({ shard, line }: { shard: ShardSource; line: LedgerLine }) => shard.partOf(line);

/** Reads all that is to be merged, before anything is; false if the signal came first. Throws an input error that names a damaged shard. */
async function verifyShards(
  shards: readonly ShardSource[],
  threads: PartThreads,
  signal: AbortSignal | undefined,
  onChunk: OnChunk,
): Promise<boolean> {
  for (const shard of shards) shard.checkFront();
  const chunks = shards.reduce((sum, { lines }) => sum + lines.length, 0);
  let verified = 0;
  for await (const [{ shard, line }, { fault }] of threads.verify(linesOf(shards), partOf)) {
    shard.checkPart(line, fault);
    onChunk(++verified, chunks);
    await setImmediate(); // chunks without a part come without anything else having its turn
    if (signal?.aborted) return false;
  }
  return true;
}

/** Takes over what a study lacks, once it has begun; false if the signal came first. */
async function takeOver(
  run: StudyRun,
  sink: Sink,
  shards: readonly ShardSource[],
  threads: PartThreads,
  signal: AbortSignal | undefined,
  onChunk: OnChunk,
): Promise<boolean> {
  const pending = new Set(run.pending());
  const chunks = pending.size;
  let taken = 0;
  if (shards[0]!.study.store === 'front') {
    for (const shard of shards) {
      taken += takeFront(run, shard, pending);
      onChunk(taken, chunks);
      await setImmediate();
      if (signal?.aborted) return false;
    }
    return true;
  }
  const left = [...linesOf(shards)].filter(({ line }) => pending.has(line.chunk));
  for await (const [{ shard, line }, part] of threads.read(left, partOf)) {
    const chunk = shard.chunkOf(line, part);
    takePart(shard.folder, run.folder, chunk);
    sink.append(chunk);
    onChunk(++taken, chunks);
    await setImmediate();
    if (signal?.aborted) return false;
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
