/** Shards into the folder of their study: what one run would have made. */
import type { MetricRows } from '../analysis/workload-fronts.js';
import { inputError } from '../errors.js';
import type { Study } from '../space/study.js';
import { mergeFronts } from './merge-fronts.js';
import { mergePoints } from './merge-points.js';
import { checkWhole, closeShards, leadOf, missingShards, openShards, type ShardSet } from './shard-set.js';
import { studyFiles } from './study-files.js';
import { StudyRun } from './study-run.js';

export type OnChunk = (chunk: number, chunks: number) => void;

export interface MergeOptions {
  toolVersion: string;
  /** Takes the shards that are finished where others are missing: the study is marked, until the rest comes. */
  partial: boolean;
  signal?: AbortSignal | undefined;
  /** Shows how far a step is: told of each chunk that is looked at, and of how many there are. */
  showing: <T>(unit: string, step: (onChunk: OnChunk) => Promise<T>) => Promise<T>;
  /** Bytes of parts that are merged before a merge that is killed can go on behind them. */
  bytesPerSave?: number;
  /** Told what was found wrong with what the study held, and what is done about it. */
  note?: (text: string) => void;
  /** Told what chunks may add to the front, where all points are stored and this merge began at the first chunk. */
  onFront?: (front: MetricRows, study: Study) => void;
}

export interface Merged {
  study: Study;
  counts: StudyRun['counts'];
  /** Indices of the shards that the study lacks chunks of, and how many it was cut into. */
  missing: readonly number[];
  of: number;
  /** Whether anything was left to do. */
  isNew: boolean;
  /** Whether `onFront` was told of all chunks. */
  sawAllChunks: boolean;
}

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
    const merge = study.store === 'all' ? mergePoints : mergeFronts;
    const merged = await merge(run, set, missing, options);
    return merged && { ...result, ...merged, missing, isNew: true };
  } finally {
    run.stop();
  }
}
