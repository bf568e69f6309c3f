/** `run`: what is left of a study, into its folder. Only here a store is wired into the engine. */
import { frontOf } from '../analysis/front.js';
import { WorkloadFronts } from '../analysis/workload-fronts.js';
import { progressOf } from '../engine/progress.js';
import { Engine } from '../engine/run.js';
import type { Chunk, Sink } from '../engine/sink.js';
import { DeltaSweepError, runError } from '../errors.js';
import { showNumber } from '../model/units.js';
import { planNotes } from '../report/plan.js';
import { describeFailures, describeInterrupted, describeRun, type RunCounts } from '../report/run.js';
import { unreadAxes, workloadNames, type Study } from '../space/study.js';
import { fullDiskError } from '../store/full-disk.js';
import { StudyRun } from '../store/study-run.js';
import { computeFront, keepFront, queryOf, storedFront, type StudyFront } from './fronts.js';
import { note } from './output.js';
import { progressLine } from './progress.js';
import { checkRoom } from './room.js';
import { stopOnSignals } from './signals.js';
import { toolVersion } from './version.js';

interface RunStudyOptions {
  fresh: boolean;
  /** Threads; default: one a core. */
  workers?: number;
}

/** Runs what is left of a study into its folder, and returns its front. */
export async function evaluateAndStore(study: Study, folder: string, options: RunStudyOptions): Promise<StudyFront> {
  planNotes({ model: study.model, unread_axes: unreadAxes(study), workloads: workloadNames(study) }).forEach(note);
  const start = performance.now();
  const query = queryOf(study);
  const signals = stopOnSignals();
  let result: RunResult | undefined;
  try {
    result = await evaluateWhatIsLeft(study, folder, options, signals.signal);
  } finally {
    signals.dispose();
  }
  if (!result) {
    note(`${folder} holds this study, finished; nothing to do (--fresh starts anew)`);
    return storedFront(folder, study, query) ?? computeFront(folder, study, query);
  }
  const seconds = (performance.now() - start) / 1000;
  const { counts, fronts } = result;
  const front = fronts
    ? keepFront(folder, study, query, frontOf(study, fronts), 0)
    : computeFront(folder, study, query);
  note(describeRun(folder, study, counts, front.front.length, seconds));
  return front;
}

/** Shows how far work on chunks is, under what it does. */
function chunkProgress(unit: string) {
  const progress = progressLine(process.stderr, unit);
  const start = performance.now();
  return {
    ...progress,
    onChunk: (chunk: number, chunks: number) => progress.update(progressOf(0, chunk, chunks, start, performance.now())),
  };
}

/** Evaluates what the folder lacks of the study; undefined if that is nothing. Throws where a signal or a failed chunk leaves some. */
async function evaluateWhatIsLeft(
  study: Study,
  folder: string,
  { fresh, workers }: RunStudyOptions,
  signal: AbortSignal,
): Promise<RunResult | undefined> {
  const run = new StudyRun(folder, study, { toolVersion: toolVersion(), fresh });
  try {
    await resume(run, signal);
    run.notes.forEach(note);
    stopIfTold(run, signal);
    if (!run.isFinished) {
      checkRoom(study, folder, run.donePoints, workers);
      return await evaluate(study, run, workers, signal);
    }
    await run.finish();
    return undefined;
  } catch (error) {
    run.stop();
    throw fullDiskError(folder, error, run.startsOver) ?? error;
  }
}

/** Checks what an earlier run has stored, and shows how far it is. */
async function resume(run: StudyRun, signal: AbortSignal): Promise<void> {
  const progress = chunkProgress('stored chunks checked');
  try {
    await run.resume(signal, progress.onChunk);
  } finally {
    progress.clear();
  }
}

function stopIfTold(run: StudyRun, signal: AbortSignal): void {
  if (signal.aborted) throw new DeltaSweepError('interrupted', [{ what: describeInterrupted(run.startsOver) }]);
}

/** Finishes the files of a run, and shows how far it is. */
async function finish(run: StudyRun, signal: AbortSignal): Promise<RunCounts | undefined> {
  const progress = chunkProgress('chunks in points.arrow');
  try {
    return await run.finish(signal, progress.onChunk);
  } finally {
    progress.clear();
  }
}

interface RunResult {
  /** What the study's files hold. */
  counts: RunCounts;
  /** The fronts, where all points came by: not in a run that went on with another one's results, or stores nothing else. */
  fronts: WorkloadFronts | undefined;
}

/** Passes chunks on, and gathers the front of all from theirs. */
function gatherFronts(study: Study, sink: Sink): { sink: Sink; fronts: WorkloadFronts } {
  const fronts = new WorkloadFronts(study, study.objectives);
  const append = (chunk: Chunk) => {
    sink.append(chunk);
    if (chunk.front) fronts.add(chunk.front);
  };
  return { fronts, sink: { append, fail: sink.fail.bind(sink) } };
}

/** Evaluates and stores the chunks that are missing, and finishes the files. */
async function evaluate(
  study: Study,
  run: StudyRun,
  workers: number | undefined,
  signal: AbortSignal,
): Promise<RunResult> {
  const { chunkPoints, partsFolder, donePoints: done } = run;
  if (done > 0) note(`going on where an earlier run stopped: ${showNumber(done)} points of the grid are done`);
  const progress = progressLine(process.stderr);
  const gathered = partsFolder !== undefined && done === 0 ? gatherFronts(study, run) : undefined;
  const engine = await Engine.open(study, {
    brings: gathered ? 'front' : 'nothing',
    ...(workers === undefined ? {} : { workers }),
    ...(partsFolder === undefined ? {} : { partsFolder }),
  });
  try {
    stopIfTold(run, signal);
    run.begin(engine.facts);
    const onProgress = progress.update.bind(progress);
    await engine.run(gathered?.sink ?? run, { chunkPoints, pending: run.pending(), done, signal, onProgress });
  } finally {
    progress.clear();
    await engine.close();
  }
  const counts = signal.aborted ? undefined : await finish(run, signal);
  stopIfTold(run, signal);
  if (!counts) throw runError(describeFailures(run.folder, run.counts, run.failure, run.startsOver));
  return { counts, fronts: gathered?.fronts };
}
