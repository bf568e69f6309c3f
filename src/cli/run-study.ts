/** `run`: what is left of a study, into its folder. Only here a store is wired into the engine. */
import { Engine } from '../engine/run.js';
import type { Shard } from '../engine/shards.js';
import { DeltaSweepError, runError } from '../errors.js';
import { showNumber } from '../model/units.js';
import { planNotes } from '../report/plan.js';
import { describeFailures, describeInterrupted, describeRun, type RunCounts } from '../report/run.js';
import { unreadAxes, workloadNames, type Study } from '../space/study.js';
import { fullDiskError } from '../storage/folder/storage-error.js';
import { StudyRun } from '../storage/run/study-run.js';
import { computeFront, knownFront, queryOf, type StudyFront } from './fronts.js';
import { note } from './output.js';
import { progressLine, showingChunks } from './progress.js';
import { checkRoom } from './room.js';
import { stopOnSignals } from './signals.js';
import { toolVersion } from './version.js';

export interface RunStudyOptions {
  fresh: boolean;
  /** Threads; default: one a core. */
  workers?: number;
}

/** Runs what is left of a study into its folder, and returns its front. */
export async function evaluateAndStore(study: Study, folder: string, options: RunStudyOptions): Promise<StudyFront> {
  const start = performance.now();
  const { counts, isNew } = await storeWhatIsLeft(study, folder, options);
  if (!isNew) {
    note(`${folder} holds this study, finished; nothing to do (--fresh starts anew)`);
    return knownFront(folder, study);
  }
  const seconds = (performance.now() - start) / 1000;
  const front = computeFront(folder, study, queryOf(study));
  note(describeRun(folder, study, counts, front.front.length, seconds));
  return front;
}

/** Stores what a study's folder lacks of it, or of a shard of it, until it is done or a signal comes. */
export async function storeWhatIsLeft(
  study: Study,
  folder: string,
  options: RunStudyOptions & { shard?: Shard },
): Promise<RunResult> {
  planNotes({ model: study.model, unread_axes: unreadAxes(study), workloads: workloadNames(study) }).forEach(note);
  const signals = stopOnSignals();
  try {
    return await evaluateWhatIsLeft(study, folder, options, signals.signal);
  } finally {
    signals.dispose();
  }
}

/** Evaluates what the folder lacks. Throws where a signal or a failed chunk leaves some. */
async function evaluateWhatIsLeft(
  study: Study,
  folder: string,
  { fresh, workers, shard }: RunStudyOptions & { shard?: Shard },
  signal: AbortSignal,
): Promise<RunResult> {
  const run = new StudyRun(folder, study, { toolVersion: toolVersion(), fresh, shard });
  try {
    await resume(run, signal);
    run.notes.forEach(note);
    stopIfTold(run, signal);
    if (!run.isFinished) {
      checkRoom(study, folder, run.allPoints - run.donePoints, workers);
      return await evaluate(study, run, workers, signal);
    }
    return { counts: (await run.finish())!, isNew: false };
  } catch (error) {
    run.stop();
    throw fullDiskError(folder, error, run.startsOver) ?? error;
  }
}

/** Checks what an earlier run has stored, and shows how far it is. */
async function resume(run: StudyRun, signal: AbortSignal): Promise<void> {
  await showingChunks('stored chunks checked', (onChunk) => run.resume(signal, onChunk));
}

function stopIfTold(run: StudyRun, signal: AbortSignal): void {
  if (signal.aborted) throw new DeltaSweepError('interrupted', [{ what: describeInterrupted(run.startsOver) }]);
}

/** Finishes the files of a run, and shows how far it is. */
function finish(run: StudyRun, signal: AbortSignal): Promise<RunCounts | undefined> {
  return showingChunks('chunks in points.arrow', (onChunk) => run.finish(signal, onChunk));
}

interface RunResult {
  /** What the study's files hold. */
  counts: RunCounts;
  /** Whether anything was left to do. */
  isNew: boolean;
}

/** Evaluates and stores the chunks that are missing, and finishes the files. */
async function evaluate(
  study: Study,
  run: StudyRun,
  workers: number | undefined,
  signal: AbortSignal,
): Promise<RunResult> {
  const { chunkPoints, chunks, chunksFolder, donePoints: done } = run;
  if (done > 0) note(`resuming: ${showNumber(done)} points of the grid are stored`);
  const progress = progressLine(process.stderr);
  const engine = await Engine.open(study, {
    ids: run.ids,
    ...(workers === undefined ? {} : { workers }),
    ...(chunksFolder === undefined ? {} : { chunksFolder }),
  });
  try {
    stopIfTold(run, signal);
    run.begin(engine.facts);
    const onProgress = progress.update.bind(progress);
    await engine.run(run, { chunkPoints, chunks, pending: run.pending(), done, signal, onProgress });
  } finally {
    progress.clear();
    await engine.close();
  }
  const counts = signal.aborted ? undefined : await finish(run, signal);
  stopIfTold(run, signal);
  if (!counts) throw runError(describeFailures(run.folder, run.counts, run.failure, run.startsOver));
  return { counts, isNew: true };
}
