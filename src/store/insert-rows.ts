/** Rows of a study's stored columns into `points`. */
import type Database from 'better-sqlite3';
import { cellOf, type Batch, type Column } from '../space/columns.js';
import { quoted } from './generated.js';

/** Inserts the rows of a batch, or those whose ids are wanted. */
export type InsertRows = (batch: Batch, isWanted?: (id: number) => boolean) => void;

/** Rows of one statement: SQLite's own overhead is per statement. */
const ROWS_PER_STATEMENT = 64;

export function rowInserter(db: Database.Database, columns: readonly Column[]): InsertRows {
  const width = columns.length;
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const marks = `(${columns.map(() => '?').join(', ')})`;
  const statementFor = (rows: number) =>
    db.prepare(`INSERT INTO points (${names}) VALUES ${Array<string>(rows).fill(marks).join(', ')}`);
  const many = statementFor(ROWS_PER_STATEMENT);
  const one = statementFor(1);
  const cells = new Array<number | string | null>(width * ROWS_PER_STATEMENT);
  return ({ rows, columns: values }, isWanted) => {
    let used = 0;
    for (let row = 0; row < rows; row++) {
      if (isWanted && !isWanted(values[0]![row]!)) continue;
      for (let c = 0; c < width; c++) cells[used + c] = cellOf(columns[c]!, values[c]!, row);
      used += width;
      if (used < cells.length) continue;
      many.run(cells);
      used = 0;
    }
    for (let from = 0; from < used; from += width) one.run(cells.slice(from, from + width));
  };
}
