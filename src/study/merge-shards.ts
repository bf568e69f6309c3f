/** Merges shards into their study, then computes the front as after a run. */
import { existsSync } from 'node:fs';
import { inputError } from '../errors.js';
import type { Study } from '../space/study.js';
import { readManifest } from '../storage/folder/manifest.js';
import { fullDiskError } from '../storage/folder/storage-error.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { mergeShards as storeShards, type Merged } from '../storage/shards/merge-shards.js';
import { shardFolders } from '../storage/shards/shard-folders.js';
import { computeFront, knownFront } from './compute-front.js';
import { queryOf, type StudyFront } from './front-rows.js';
import { countIn, interrupted, secondsSince, type StudyOptions } from './options.js';
import { describeInterrupted } from './run-messages.js';
import type { RunResult } from './run-study.js';
import { toolVersion } from './version.js';

export interface MergeOptions extends StudyOptions {
  /** Folders of the shards; default: all under `shards/` in the study's folder. */
  shards?: readonly string[] | undefined;
  /** Merges the shards that are finished where others are missing; the study is marked as partial. */
  partial?: boolean | undefined;
}

/** A study with all that is stored of it; `counts` is absent where it was merged before and its shards are gone. */
export interface MergeResult extends Omit<RunResult, 'counts'> {
  counts?: RunResult['counts'] | undefined;
  /** Indices of the shards that the study lacks, and the number of its shards; 0 where none is left to be counted. */
  missing: readonly number[];
  of: number;
  front: StudyFront;
}

/** Merges shards into a study's folder: the result is what one run would have stored. */
export async function mergeShards(folder: string, options: MergeOptions = {}): Promise<MergeResult> {
  const start = performance.now();
  const { shards = shardFolders(folder), onNote } = options;
  const merged = shards.length > 0 ? await mergeWhatIsLeft(folder, shards, options) : wholeStudy(folder);
  const result = { folder, ...merged, seconds: secondsSince(start) };
  if (result.isNew)
    return { ...result, front: await computeFront(folder, merged.study, queryOf(merged.study), options) };
  onNote?.(`${folder} is already merged; nothing to do`);
  return { ...result, front: await knownFront(folder, merged.study, options) };
}

/** The study in a folder without shards: they may be removed once it is whole. */
function wholeStudy(folder: string): { study: Study; missing: number[]; of: number; isNew: boolean } {
  const manifest = existsSync(studyFiles(folder).manifest) ? readManifest(folder) : undefined;
  if (!manifest?.finished || manifest.shard)
    throw inputError({
      what: 'no shards to merge',
      file: studyFiles(folder).shards,
      expected: 'folders of run --shard',
    });
  return { study: manifest.study, missing: [], of: 0, isNew: false };
}

/** Merges until it is done or a signal comes. */
async function mergeWhatIsLeft(folder: string, shards: readonly string[], options: MergeOptions): Promise<Merged> {
  const { partial = false, signal, onNote } = options;
  try {
    const merged = await storeShards(folder, shards, {
      ...{ toolVersion: toolVersion(), partial, signal },
      showing: (unit, step) => step(countIn(unit, options)),
      ...(onNote ? { onNote } : {}),
    });
    if (!merged) throw interrupted(describeInterrupted(false));
    return merged;
  } catch (error) {
    throw fullDiskError(folder, error) ?? error;
  }
}
