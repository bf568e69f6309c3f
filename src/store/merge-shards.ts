/** Shards into the folder of their study: what one run would have made. */
import { inputError } from '../errors.js';
import { mergeFronts } from './merge-fronts.js';
import type { Merged, MergeOptions } from './merge-options.js';
import { mergePoints } from './merge-points.js';
import { checkWhole, closeShards, leadOf, missingShards, openShards, type ShardSet } from './shard-set.js';
import { studyFiles } from './study-files.js';
import { StudyRun } from './study-run.js';

/**
 * Merges what a study's folder lacks of it from its shards, in which no run may be at work; undefined if the signal came first:
 * the next merge goes on. Throws an input error that names shards that are missing, damaged or of another study; the study is
 * then as it was.
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
  const { toolVersion, partial, signal, showing, note = () => undefined } = options;
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
    if (run.isFinished)
      return { ...result, counts: (await run.finish())!, missing: [], isNew: false, sawAllChunks: false };
    const missing = missingShards(set, run.pending());
    if (!partial) checkWhole(set, missing, folder);
    if (set.shards.length === 0) throw inputError({ what: 'no shard is finished', file: studyFiles(folder).shards });
    const merged = missing.length > 0 ? { shards: set.count - missing.length, of: set.count } : undefined;
    if (merged && run.isMarked(merged) && !lacksAny(run, set))
      return { ...result, counts: run.counts, missing, isNew: false, sawAllChunks: false };
    const merge = study.store === 'all' ? mergePoints : mergeFronts;
    const done = await merge(run, set, merged, options);
    return done && { ...result, ...done, missing, isNew: true };
  } finally {
    run.stop();
  }
}

/** Whether a study lacks a chunk that one of its shards has. */
function lacksAny(run: StudyRun, { shards }: ShardSet): boolean {
  const pending = new Set(run.pending());
  return shards.some(({ lines }) => lines.some(({ chunk }) => pending.has(chunk)));
}
