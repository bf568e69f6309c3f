/** Read-only SQL over a stored study. */
import Database from 'better-sqlite3';
import { inputError } from '../errors.js';

/** What SQLite hands out. */
export type SqlValue = number | string | null | Uint8Array;

export interface QueryResult {
  columns: string[];
  rows: IterableIterator<SqlValue[]>;
  close(): void;
}

/** Runs one statement that reads. Throws an input error for a wrong one, or one that would write. */
export function openQuery(file: string, sql: string): QueryResult {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const statement = db.prepare(sql);
    if (!statement.reader || !statement.readonly)
      throw inputError({ what: 'the statement does not read rows', got: sql, expected: 'a SELECT' });
    const rows = statement.safeIntegers(false).raw(true).iterate() as IterableIterator<SqlValue[]>;
    return { columns: statement.columns().map(({ name }) => name), rows, close: () => db.close() };
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError || error instanceof RangeError)
      throw inputError({ what: `SQL: ${error.message}`, got: sql });
    throw error;
  }
}
