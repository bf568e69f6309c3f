import type { StoreRows } from '../../engine/thread.js';
import { columnsOf } from '../../space/columns.js';
import type { Study } from '../../space/study.js';
import { BatchEncoder } from '../arrow/batch-encoder.js';
import { writeBatchFile } from '../arrow/batch-files.js';
import { writeChunkDatabase } from '../database/chunk-database.js';
import { isIoFailure } from '../database/sqlite-errors.js';
import { fullDiskError } from '../folder/storage-error.js';

/** Writes the rows of chunks into a folder: a record batch, and a database that the writer of the study attaches. */
export function chunkWriter(folder: string, study: Study): StoreRows {
  const columns = columnsOf(study);
  const encoder = new BatchEncoder(columns);
  return (chunk, stored, all) => {
    try {
      writeChunkDatabase(folder, chunk, columns, stored);
      return writeBatchFile(folder, chunk, encoder.encode(all));
    } catch (error) {
      // Found out here: by the time that the run hears of it, other chunks' files may have gone and left space.
      if (isIoFailure(error) && fullDiskError(folder, error))
        throw Object.assign(error as Error, { code: 'SQLITE_FULL' });
      throw error;
    }
  };
}
