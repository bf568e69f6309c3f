/** What a study's folder holds, as its `study.json` says. */
import type { Shard } from '../engine/shards.js';
import { columnsOf, type Column } from '../space/columns.js';
import type { Study } from '../space/study.js';
import { readManifest } from '../storage/folder/manifest.js';

/** A stored study. */
export interface StoredStudy {
  folder: string;
  study: Study;
  /** SHA-256 of all that the results depend on. */
  hash: string;
  /** Columns of `points`. */
  columns: readonly Column[];
  /** Whether its run has finished; otherwise it holds what is stored so far. */
  isFinished: boolean;
  /** Which shard of the study the folder holds; undefined where it holds the study itself. */
  shard: Shard | undefined;
}

/** Reads what a folder holds; no file stays open. Throws an input error where it holds no study. */
export function openStudy(folder: string): StoredStudy {
  const { study, hash, finished, shard } = readManifest(folder);
  return {
    ...{ folder, study, hash, columns: columnsOf(study), isFinished: finished !== null },
    shard: shard && { index: shard.index, count: shard.count },
  };
}
