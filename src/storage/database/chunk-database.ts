/** The rows of one chunk in a database of their own: what a thread hands to the writer. */
import Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { storedColumns, type Batch, type Column } from '../../space/columns.js';
import { rowInserter } from './insert-rows.js';
import { evaluatedTable } from './tables.js';

/** The largest pages that SQLite has: the fewest calls to write and read the file. */
const PAGE_BYTES = 65_536;

export const chunkDatabaseFile = (folder: string, chunk: number): string => join(folder, `${chunk}.db`);

/** Writes a chunk's rows of the stored columns. Not durable: a file that is not whole belongs to a chunk that is not stored. */
export function writeChunkDatabase(folder: string, chunk: number, columns: readonly Column[], batch: Batch): void {
  const file = chunkDatabaseFile(folder, chunk);
  rmSync(file, { force: true });
  const db = new Database(file);
  try {
    db.pragma(`page_size = ${PAGE_BYTES}`);
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec(evaluatedTable(columns));
    const insert = rowInserter(db, storedColumns(columns));
    const rows = Uint32Array.from({ length: batch.rows }, (_, row) => row);
    db.transaction(() => insert(batch, rows))();
  } finally {
    db.close();
  }
}
