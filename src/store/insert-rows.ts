/** Rows of a study's stored columns into `points`, one by one: of a front, of which there are few. */
import type Database from 'better-sqlite3';
import { cellOf, type Batch, type Column } from '../space/columns.js';
import { quoted } from './generated.js';

/** Inserts the rows of a batch whose ids are wanted. */
export type InsertRows = (batch: Batch, isWanted: (id: number) => boolean) => void;

export function rowInserter(db: Database.Database, columns: readonly Column[]): InsertRows {
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const insert = db.prepare(`INSERT INTO points (${names}) VALUES (${columns.map(() => '?').join(', ')})`);
  return (batch, isWanted) => {
    for (let row = 0; row < batch.rows; row++)
      if (isWanted(batch.columns[0]![row]!))
        insert.run(columns.map((column, c) => cellOf(column, batch.columns[c]!, row)));
  };
}
