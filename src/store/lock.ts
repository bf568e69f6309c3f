/** One writer a study: a second run of it would write into the first one's files. */
import { openDatabase } from './database.js';
import { rmSync } from 'node:fs';
import { inputError } from '../errors.js';
import { isBusy } from './sqlite-errors.js';

/**
 * Locks a study's folder through a file in it, and returns what gives it free. The lock is SQLite's own, so the system
 * drops it with the process, however that ends. Throws an input error if another run holds it.
 */
export function lockFolder(folder: string, file: string): () => void {
  const db = openDatabase(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw inputError({ what: 'another run is at work on this study', file: folder, expected: 'one run at a time' });
  }
  return () => {
    rmSync(file, { force: true });
    db.close();
  };
}
