import Database from 'better-sqlite3';
import { runError } from '../../errors.js';
import { isBusy, isCutOff } from './sqlite-errors.js';

/** Reads the file's header; throws if it is no database. A lock is left to the first statement. */
function probe(db: Database.Database): Database.Database {
  try {
    db.pragma('schema_version');
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
  return db;
}

/** Opens a SQLite file; a run error names a file that is none, and says what to do where better-sqlite3 is not built. */
export function openDatabase(file: string, options: Database.Options = {}): Database.Database {
  try {
    return probe(new Database(file, options));
  } catch (error) {
    if (isCutOff(error)) {
      // A writer was killed; SQLite undoes what it left where the file is opened for writing.
      probe(new Database(file)).close();
      return openDatabase(file, options);
    }
    const { code, message } = error as { code?: unknown; message: string };
    if (/^SQLITE_(NOTADB|CANTOPEN|CORRUPT)/.test(String(code)))
      throw runError(
        `${file}: cannot be read as a study's database (${message}); --fresh evaluates the study again`,
        error,
      );
    if (/locate the bindings file|ERR_DLOPEN_FAILED|was compiled against/.test(String(error)))
      throw runError('better-sqlite3 is installed but not built for this Node: run npm rebuild better-sqlite3', error);
    throw error;
  }
}

/** Opens a database for reading alone. Its schema may be another's: it calls no function that has effects. */
export function openReader(file: string): Database.Database {
  const db = openDatabase(file, { readonly: true, fileMustExist: true });
  db.pragma('trusted_schema = 0');
  return db;
}

/** Reads a database, and closes it. */
export function withReader<T>(file: string, read: (db: Database.Database) => T): T {
  const db = openReader(file);
  try {
    return read(db);
  } finally {
    db.close();
  }
}
