/** All rows of all tables of a database, whatever tables there are. */
import type Database from 'better-sqlite3';

/** Names of the tables, sorted. */
export const tablesOf = (db: Database.Database): string[] =>
  db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all() as string[];

/** SQL of all rows of a table, in order, but for when a study was begun. */
export function sortedRows(db: Database.Database, table: string): string {
  const columns = db.prepare('SELECT count(*) FROM pragma_table_info(?)').pluck().get(table) as number;
  const order = Array.from({ length: columns }, (_, i) => i + 1).join(', ');
  return `SELECT * FROM ${table} ${table === 'study' ? "WHERE key <> 'started'" : ''} ORDER BY ${order}`;
}
