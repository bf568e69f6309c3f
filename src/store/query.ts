/** Read-only SQL over a stored study. */
import { openDatabase } from './database.js';
import { inputError } from '../errors.js';
import { beginsAsRead } from './read-statement.js';
import { isSqliteError } from './sqlite-errors.js';

/** What SQLite hands out. */
export type SqlValue = number | string | null | Uint8Array;

export interface QueryResult {
  columns: string[];
  rows: IterableIterator<SqlValue[]>;
  close(): void;
}

const notARead = (sql: string) =>
  inputError({ what: 'the statement does not read rows', got: sql, expected: 'a SELECT' });

/**
 * Runs one statement that reads. Throws an input error for a wrong one, or one that would write: by its first words,
 * by what SQLite says of it, and because the database is open for reading alone.
 */
export function openQuery(file: string, sql: string): QueryResult {
  if (!beginsAsRead(sql)) throw notARead(sql);
  const db = openDatabase(file, { readonly: true, fileMustExist: true });
  try {
    db.pragma('query_only = 1');
    db.pragma('trusted_schema = 0'); // the file may be another's: its views and defaults call no unsafe function
    const statement = db.prepare(sql);
    if (!statement.reader || !statement.readonly) throw notARead(sql);
    const rows = statement.safeIntegers(false).raw(true).iterate() as IterableIterator<SqlValue[]>;
    return {
      columns: statement.columns().map(({ name }) => name),
      rows: checkedRows(rows, sql),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw asInputError(error, sql);
  }
}

/** The same rows; some faults show only when SQLite works a row out (`SELECT json('x')`). */
function* checkedRows(rows: Iterable<SqlValue[]>, sql: string): IterableIterator<SqlValue[]> {
  try {
    yield* rows;
  } catch (error) {
    throw asInputError(error, sql);
  }
}

/** What SQLite says of a statement, as the user's input error; a RangeError is about how many statements the text holds. */
function asInputError(error: unknown, sql: string): unknown {
  const { name, message } = error as Error;
  return isSqliteError(error) || name === 'RangeError' ? inputError({ what: `SQL: ${message}`, got: sql }) : error;
}
