import type { StoreRows } from '../../engine/thread.js';
import { columnsOf } from '../../space/columns.js';
import type { Study } from '../../space/study.js';
import { BatchEncoder } from '../arrow/batch-encoder.js';
import { writeBatchFile } from '../arrow/batch-files.js';
import { writeChunkDatabase } from '../database/chunk-database.js';

/** Writes the rows of chunks into a folder: a record batch, and a database that the writer of the study attaches. */
export function chunkWriter(folder: string, study: Study): StoreRows {
  const columns = columnsOf(study);
  const encoder = new BatchEncoder(columns);
  return (chunk, stored, all) => {
    writeChunkDatabase(folder, chunk, columns, stored);
    return writeBatchFile(folder, chunk, encoder.encode(all));
  };
}
