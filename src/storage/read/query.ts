/** Read-only SQL over stored studies. */
import type Database from 'better-sqlite3';
import { inputError } from '../../errors.js';
import { openReader } from '../database/open-database.js';
import { beginsAsRead } from './read-statement.js';
import { describeSqlError } from './sql-error.js';
import { isSqliteError } from '../database/sqlite-errors.js';

/** What SQLite hands out. */
export type SqlValue = number | string | null | Uint8Array;

export interface QueryResult {
  columns: string[];
  /** Each iteration runs the statement again. */
  rows: Iterable<SqlValue[]>;
  close: () => void;
}

export interface QueryOptions {
  /** Databases of other studies, by the names that the statement has for them. */
  attached?: ReadonlyMap<string, string>;
  /** What the statement calls `@name`. */
  values?: Readonly<Record<string, number | string>>;
}

const notARead = (sql: string) =>
  inputError({ what: 'the statement does not read rows', got: sql, expected: 'a SELECT' });

/** Opens a database for reading alone, with others beside it. */
function openForReading(file: string, attached: ReadonlyMap<string, string>): Database.Database {
  for (const other of attached.values()) openReader(other).close();
  const db = openReader(file);
  // What a connection for reading attaches is open for reading alone as well.
  for (const [name, other] of attached) db.prepare(`ATTACH ? AS "${name}"`).run(other);
  db.pragma('query_only = 1');
  db.exec('BEGIN'); // a second iteration gives the same rows, whatever a run writes in between
  return db;
}

/**
 * Runs one statement that reads. Throws an input error for a wrong one, or one that would write: by its first words,
 * by what SQLite says of it, and because the databases are open for reading alone.
 */
export function openQuery(
  file: string,
  sql: string,
  { attached = new Map(), values = {} }: QueryOptions = {},
): QueryResult {
  if (!beginsAsRead(sql)) throw notARead(sql);
  const db = openForReading(file, attached);
  try {
    const statement = db.prepare(sql).safeIntegers(false);
    if (!statement.reader || !statement.readonly) throw notARead(sql);
    statement.raw(true);
    statement.bind(values);
    return {
      columns: statement.columns().map(({ name }) => name),
      rows: { [Symbol.iterator]: () => checkedRows(db, sql, statement) },
      close: () => db.close(),
    };
  } catch (error) {
    const wrong = asInputError(db, sql, error);
    db.close();
    throw wrong;
  }
}

/** The rows; some faults show only when SQLite works a row out (`SELECT json('x')`). */
function* checkedRows(db: Database.Database, sql: string, statement: Database.Statement): IterableIterator<SqlValue[]> {
  try {
    yield* statement.iterate() as IterableIterator<SqlValue[]>;
  } catch (error) {
    throw asInputError(db, sql, error);
  }
}

/** What SQLite says of a statement, as the user's input error; a RangeError is about how many statements the text holds. */
function asInputError(db: Database.Database, sql: string, error: unknown): unknown {
  const { name, message } = error as Error;
  return isSqliteError(error) || name === 'RangeError' ? inputError(describeSqlError(db, sql, message)) : error;
}
