import { existsSync } from 'node:fs';
import { runError } from '../../errors.js';
import { syncBatchFiles } from '../arrow/batch-files.js';
import type { Manifest } from '../folder/manifest.js';
import { storageError, withStorageErrors } from '../folder/storage-error.js';
import { studyFiles } from '../folder/study-files.js';
import { assemblePoints } from './assemble-points.js';
import type { StoredStudy } from './stored-study.js';

/**
 * Makes `points.arrow` of a study whose chunks are all stored; makes the record batches of a shard durable. Yields to other events;
 * false if the signal came first.
 *
 * @param run whether the same command would start anew, and whether it has stored chunks of shards
 * @param onBatch called for each record batch that is added to `points.arrow`
 */
export async function finishPoints(
  stored: StoredStudy,
  { hash, shard }: Manifest,
  { startsOver, hasMerged }: { startsOver: boolean; hasMerged: boolean },
  signal: AbortSignal | undefined,
  onBatch: (batch: number, chunks: number) => void,
): Promise<boolean> {
  const { folder, database } = stored;
  const { chunks } = studyFiles(folder);
  withStorageErrors(
    folder,
    () => {
      database.settle();
      database.markMerged(undefined);
    },
    startsOver,
  );
  if (hasMerged && !database.isSound())
    throw runError(`${folder}: SQLite finds study.db corrupt after the merge; merge into an empty folder`);
  try {
    if (!shard) return await assemblePoints(stored, hash, signal, onBatch);
    if (existsSync(chunks)) syncBatchFiles(chunks);
    return true;
  } catch (error) {
    throw storageError(folder, error, startsOver);
  }
}
