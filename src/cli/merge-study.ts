/** `merge`: shards into their study, then the front as after a run. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { frontOf } from '../analysis/front.js';
import { WorkloadFronts } from '../analysis/workload-fronts.js';
import { showIndices } from '../engine/shards.js';
import type { Chunk, Sink } from '../engine/sink.js';
import { inputError } from '../errors.js';
import { describeRun, type RunCounts } from '../report/run.js';
import { objectiveReader } from '../space/objectives.js';
import type { Study } from '../space/study.js';
import { fullDiskError } from '../store/full-disk.js';
import { takeOver, verifyShards } from '../store/merge-shards.js';
import { shardFolders } from '../store/shard-folders.js';
import { checkWhole, openShards, type ShardSet } from '../store/shard-set.js';
import { RESULTS_DIR } from '../store/study-folder.js';
import { studyFiles } from '../store/study-files.js';
import { StudyRun } from '../store/study-run.js';
import { computeFront, keepFront, queryOf, storedFront, type StudyFront } from './fronts.js';
import { note } from './output.js';
import { showingChunks } from './progress.js';
import { finish, resume, stopIfTold } from './run-study.js';
import { stopOnSignals } from './signals.js';
import { toolVersion } from './version.js';

/** What a study's folder has that shards of it, or shares of its frontier, have begun in. */
const SHARDED = ['shards', 'frontier/shards'];

/** Merges shards into a study's folder, all of them or, with `partial`, those that are finished; the study's front. */
export async function mergeStudy(folder: string, shards: readonly string[], partial: boolean): Promise<StudyFront> {
  const start = performance.now();
  const folders = shards.length > 0 ? shards : shardFolders(folder);
  if (folders.length === 0)
    throw inputError({
      what: 'no shards to merge',
      file: studyFiles(folder).shards,
      expected: 'folders of run --shard',
    });
  const set = openShards(folders);
  if (!partial) checkWhole(set, folder);
  if (set.shards.length === 0) throw inputError({ what: 'no shard is finished', file: studyFiles(folder).shards });
  const { study } = set.shards[0]!;
  const query = queryOf(study);
  const signals = stopOnSignals();
  let merged: Merged;
  try {
    merged = await mergeWhatIsLeft(study, folder, set, signals.signal);
  } finally {
    signals.dispose();
  }
  const { counts, fronts, isNew } = merged;
  if (!isNew) {
    note(`${folder} is already merged; nothing to do`);
    return storedFront(folder, study, query) ?? computeFront(folder, study, query);
  }
  const seconds = (performance.now() - start) / 1000;
  const front = fronts
    ? keepFront(folder, study, query, frontOf(study, fronts), 0)
    : computeFront(folder, study, query);
  note(describeRun(folder, study, counts, front.front.length, seconds));
  if (set.missing.length > 0)
    note(`partial: shards ${showIndices(set.missing)} of ${set.count} are missing; merge or run completes the study`);
  return front;
}

/** Where a study is merged that may not be there yet. */
export function mergedFolder(name: string): string {
  const hasStudy = (folder: string) =>
    existsSync(folder) &&
    (existsSync(studyFiles(folder).manifest) || SHARDED.some((name) => existsSync(join(folder, name))));
  const stored = join(RESULTS_DIR, name);
  return !hasStudy(name) && (hasStudy(stored) || basename(name) === name) ? stored : name;
}

interface Merged {
  counts: RunCounts;
  /** The fronts, where all points came by. */
  fronts: WorkloadFronts | undefined;
  /** Whether anything was left to do. */
  isNew: boolean;
}

async function mergeWhatIsLeft(study: Study, folder: string, set: ShardSet, signal: AbortSignal): Promise<Merged> {
  const chunkPoints = set.shards[0]!.manifest.chunk_points;
  const run = new StudyRun(folder, study, { toolVersion: toolVersion(), chunkPoints });
  try {
    await resume(run, signal);
    run.notes.forEach(note);
    stopIfTold(run, signal);
    if (run.chunkPoints !== chunkPoints)
      throw set.shards[0]!.problem(`is cut into other chunks than ${folder}`, 'shards of the study in that folder');
    if (run.isFinished) return { counts: (await run.finish())!, fronts: undefined, isNew: false };
    await showingChunks('chunks verified', (onChunk) => verifyShards(set.shards, { signal, onChunk }));
    stopIfTold(run, signal);
    return await merge(study, run, set, signal);
  } catch (error) {
    run.stop();
    throw fullDiskError(folder, error) ?? error;
  }
}

async function merge(study: Study, run: StudyRun, set: ShardSet, signal: AbortSignal): Promise<Merged> {
  const { facts } = set.shards[0]!;
  const isPartial = set.missing.length > 0;
  const gathered = study.store === 'all' && run.donePoints === 0 ? gatherFronts(study, run, facts) : undefined;
  run.begin(facts);
  if (isPartial) run.markMerged({ shards: set.shards.length, of: set.count });
  const sink = gathered?.sink ?? run;
  await showingChunks('chunks merged', (onChunk) => takeOver(run, sink, set.shards, { signal, onChunk }));
  stopIfTold(run, signal);
  const counts = isPartial ? run.counts : await finish(run, signal);
  stopIfTold(run, signal);
  run.stop();
  return { counts: counts!, fronts: gathered?.fronts, isNew: true };
}

/** Passes chunks on, and gathers the front of all from their rows. */
function gatherFronts(study: Study, sink: Sink, facts: Parameters<typeof objectiveReader>[1]) {
  const fronts = new WorkloadFronts(study, study.objectives);
  const read = objectiveReader(study, facts);
  const append = (chunk: Chunk) => {
    sink.append(chunk);
    if (chunk.batch.rows > 0) fronts.add({ ids: chunk.batch.columns[0] as Float64Array, values: read(chunk.batch) });
  };
  return { fronts, sink: { append, fail: sink.fail.bind(sink) } };
}
