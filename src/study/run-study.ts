/** Runs a study, or a shard of one, into its folder: here a store is wired into the engine. */
import { Engine } from '../engine/run.js';
import { showShard, type Shard } from '../engine/shards.js';
import { runError } from '../errors.js';
import { showNumber } from '../model/units.js';
import type { Study } from '../space/study.js';
import { loadStudy, type StudySource } from '../space/files/spec-file.js';
import { identify } from '../storage/folder/identity.js';
import { fullDiskError } from '../storage/folder/storage-error.js';
import { StudyRun } from '../storage/run/study-run.js';
import { checkNeighbours, neighboursOf, shardFolder } from '../storage/shards/shard-folders.js';
import { computeFront, knownFront } from './compute-front.js';
import { queryOf, type StudyFront } from './front-rows.js';
import {
  countIn,
  interrupted,
  progressIn,
  secondsSince,
  workersOf,
  type StudyOptions,
  type WorkerOptions,
} from './options.js';
import { checkRoom } from './room.js';
import { describeFailures, describeInterrupted, studyNotes, type RunCounts } from './run-messages.js';
import { toolVersion } from './version.js';

export interface RunStudyOptions extends StudyOptions, WorkerOptions {
  /** The study's folder, which the run makes. */
  out: string;
  /** Replaces the study in the folder once the new one has stored something; default: what an earlier run has stored is kept. */
  fresh?: boolean | undefined;
  /** Where relative paths in the spec start from, unless it is a file; default: the working folder. */
  directory?: string | undefined;
}

export interface RunResult {
  folder: string;
  study: Study;
  /** Points that the study holds, those that its constraints reject, and chunks that could not be evaluated. */
  counts: RunCounts;
  /** Whether anything was left to do. */
  isNew: boolean;
  /** Those of the run, without its front. */
  seconds: number;
}

/** Evaluates what the folder lacks of a study and stores it; the study's front. Throws where a signal or a failed chunk leaves some. */
export async function runStudy(
  source: StudySource,
  options: RunStudyOptions,
): Promise<RunResult & { front: StudyFront }> {
  const study = loadStudy(source, options.directory);
  const result = await storeWhatIsLeft(study, options.out, options);
  const { folder, isNew } = result;
  const front = isNew
    ? await computeFront(folder, study, queryOf(study), options)
    : await knownFront(folder, study, options);
  return { ...result, front };
}

export interface ShardResult extends RunResult {
  shard: Shard;
}

export interface RunShardOptions extends RunStudyOptions {
  shard: Shard;
}

/** Runs a shard of a study into `shards/I-of-N` of the study's folder; `mergeShards` puts them together. */
export async function runShard(source: StudySource, { shard, ...options }: RunShardOptions): Promise<ShardResult> {
  const study = loadStudy(source, options.directory);
  checkNeighbours(neighboursOf(options.out, shard, options.fresh ?? false), identify(study), shard);
  const result = await storeWhatIsLeft(study, shardFolder(options.out, shard), options, shard);
  return { ...result, shard };
}

/** Evaluates what the folder lacks. */
async function storeWhatIsLeft(
  study: Study,
  folder: string,
  options: RunStudyOptions,
  shard?: Shard,
): Promise<RunResult> {
  const { onNote, signal, fresh = false } = options;
  const start = performance.now();
  studyNotes(study).forEach((note) => onNote?.(note));
  const run = new StudyRun(folder, study, { toolVersion: toolVersion(), fresh, shard, onNote });
  try {
    await run.resume(signal, countIn('stored chunks checked', options));
    run.notes.forEach((note) => onNote?.(note));
    stopIfAborted(run, signal);
    const isNew = !run.isFinished;
    if (isNew) {
      checkRoom(study, folder, run.allPoints - run.donePoints, options.workers);
      await evaluate(study, run, options);
    } else {
      const held = shard ? `shard ${showShard(shard)} of this study` : 'this study';
      onNote?.(`${folder} holds ${held}, finished; nothing to do (--fresh starts anew)`);
    }
    return { folder, study, counts: await finish(run, options), isNew, seconds: secondsSince(start) };
  } catch (error) {
    run.stop();
    throw fullDiskError(folder, error, run.startsOver) ?? error;
  }
}

function stopIfAborted(run: StudyRun, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted(describeInterrupted(run.startsOver));
}

/** Evaluates and stores the chunks that are missing. */
async function evaluate(study: Study, run: StudyRun, options: RunStudyOptions): Promise<void> {
  const { chunkPoints, chunks, chunksFolder, donePoints: done } = run;
  const { signal, onNote } = options;
  if (done > 0) onNote?.(`resuming: ${showNumber(done)} points of the grid are stored`);
  const engine = await Engine.open(study, {
    ids: run.ids,
    ...workersOf(options),
    ...(chunksFolder === undefined ? {} : { chunksFolder }),
  });
  try {
    stopIfAborted(run, signal);
    run.begin(engine.facts);
    const onProgress = progressIn('points', options);
    await engine.run(run, {
      ...{ chunkPoints, chunks, pending: run.pending(), done, onProgress },
      ...(signal ? { signal } : {}),
    });
  } finally {
    await engine.close();
  }
  stopIfAborted(run, signal);
}

/** Finishes the files of a run. */
async function finish(run: StudyRun, options: RunStudyOptions): Promise<RunCounts> {
  const counts = await run.finish(options.signal, countIn('chunks in points.arrow', options));
  if (counts) return counts;
  stopIfAborted(run, options.signal);
  throw runError(describeFailures(run.folder, run.counts, run.failure, run.startsOver));
}
