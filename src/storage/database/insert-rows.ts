/** Rows of a study's stored columns into a table `evaluated`. */
import type Database from 'better-sqlite3';
import { cellOf, type Batch, type Column } from '../../space/columns.js';
import { namesOf } from './names.js';

/** Rows of one statement: more of them save nothing, and SQLite takes 32,766 parameters at most. */
const ROWS_PER_STATEMENT = 50;

/** Inserts rows of a batch, in the order given. */
export type InsertRows = (batch: Batch, rows: ArrayLike<number>) => void;

/** Prepares the statements for a database. */
export function rowInserter(db: Database.Database, columns: readonly Column[]): InsertRows {
  const row = `(${columns.map(() => '?').join(', ')})`;
  const prepare = (rows: number) =>
    db.prepare(`INSERT INTO evaluated (${namesOf(columns)}) VALUES ${Array(rows).fill(row).join(', ')}`);
  const [many, one] = [prepare(ROWS_PER_STATEMENT), prepare(1)];
  return (batch, rows) => {
    for (let from = 0; from < rows.length;) {
      const count = rows.length - from >= ROWS_PER_STATEMENT ? ROWS_PER_STATEMENT : 1;
      const cells = new Array<number | string | null>(count * columns.length);
      for (let r = 0; r < count; r++)
        for (let c = 0; c < columns.length; c++)
          cells[r * columns.length + c] = cellOf(columns[c]!, batch.columns[c]!, rows[from + r]!);
      (count === 1 ? one : many).run(cells);
      from += count;
    }
  };
}
