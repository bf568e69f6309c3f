import Database from 'better-sqlite3';
import { runError } from '../errors.js';

/** Opens a SQLite file; a run error says what to do where better-sqlite3 has been installed without being built. */
export function openDatabase(file: string, options: Database.Options = {}): Database.Database {
  try {
    return new Database(file, options);
  } catch (error) {
    if (!/locate the bindings file|ERR_DLOPEN_FAILED|was compiled against/.test(String(error))) throw error;
    throw runError('better-sqlite3 is installed but not built for this Node: run npm rebuild better-sqlite3', error);
  }
}
