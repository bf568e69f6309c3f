/** Makes `points.arrow` of the record batches of a study's chunks, or of its rows where the front alone is stored. */
import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { runError } from '../../errors.js';
import { columnsOf } from '../../space/columns.js';
import { BatchEncoder } from '../arrow/batch-encoder.js';
import { batchFile } from '../arrow/batch-files.js';
import { PointsFile } from '../arrow/points-file.js';
import { StoredMessages } from '../arrow/stored-messages.js';
import { readLines } from '../database/chunk-table.js';
import { readPointBatches } from '../database/study-database.js';
import { studyFiles } from '../folder/study-files.js';
import type { StoredStudy } from './stored-study.js';

/** Bytes of `points.arrow` after which it is made durable, and the files of its chunks go: both take little more space than one. */
const BYTES_PER_SYNC = 256 * 2 ** 20;

/**
 * Writes the file; the files of chunks go as they are copied. Yields to other events; false if the signal came first.
 *
 * @param hash of the study
 * @param onBatch called for each record batch, with the number of chunks
 */
export async function assemblePoints(
  stored: StoredStudy,
  hash: string,
  signal: AbortSignal | undefined,
  onBatch: (batch: number, chunks: number) => void,
): Promise<boolean> {
  const { folder, study, chunks } = stored;
  const columns = columnsOf(study);
  const encoder = new BatchEncoder(columns);
  const file = new PointsFile(studyFiles(folder).points, columns, { study: study.name, hash });
  try {
    const messages = study.store === 'all' ? chunkMessages(stored, file) : rowMessages(stored, encoder);
    let added = 0;
    for (const batch of encoder.decode(messages)) {
      file.addRecordBatch(batch);
      onBatch(++added, chunks.to - chunks.from);
      await setImmediate();
      if (!signal?.aborted) continue;
      file.abandon();
      return false;
    }
    file.finish();
    return true;
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** The messages of all chunks, in order. */
function* chunkMessages({ folder, database }: StoredStudy, file: PointsFile): Generator<Buffer> {
  const { chunks, points } = studyFiles(folder);
  const messages = new StoredMessages(chunks, points);
  let copied: string[] = [];
  let unsynced = 0;
  for (const { chunk, sha256 } of readLines(database.db)) {
    if (sha256 === null) continue;
    if (unsynced >= BYTES_PER_SYNC) {
      file.sync();
      for (const name of copied) rmSync(name, { force: true });
      [unsynced, copied] = [0, []];
    }
    const message = messages.read(chunk, sha256);
    if (!message)
      throw runError(`${batchFile(chunks, chunk)}: missing or damaged; run without --fresh to write it again`);
    copied.push(batchFile(chunks, chunk));
    unsynced += message.length;
    yield message;
  }
}

/** The messages of the rows of a stored front. */
function* rowMessages({ database: { db }, study, chunkPoints }: StoredStudy, encoder: BatchEncoder): Generator<Buffer> {
  for (const batch of readPointBatches(db, study, chunkPoints)) yield encoder.encode(batch);
}
