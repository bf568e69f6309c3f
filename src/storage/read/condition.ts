/** SQL conditions of users on rows of `points`. */
import type Database from 'better-sqlite3';
import { inputError } from '../../errors.js';
import { describeSqlError } from './sql-error.js';
import { isSqliteError } from '../database/sqlite-errors.js';

/** The statement in which a condition is prepared. */
const BEFORE = 'SELECT 1 FROM points WHERE ';

/**
 * Throws an input error for a text that is not one expression over a row of `points`. It is put in brackets where it is
 * used; a text that is right only with them, or only without, would reach beyond them (`1) OR (1`, `1 LIMIT 5`).
 */
export function checkCondition(db: Database.Database, condition: string): void {
  withConditionErrors(db, condition, () => {
    db.prepare(`${BEFORE}${condition}\n`);
    // Run over no row: what is asked for by a parameter (`?1`) is missed as it runs.
    db.prepare(`${BEFORE}id < 0 AND (${condition}\n)`).get();
  });
}

/** better-sqlite3's own words about a text: it holds several statements, or asks for values. */
const isAboutText = (error: unknown) =>
  error instanceof RangeError || (error instanceof TypeError && /parameter/.test(error.message));

/** Runs code that uses a condition: SQLite's errors become the user's input errors. Some faults show only while rows are read. */
export function withConditionErrors<T>(db: Database.Database, condition: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isSqliteError(error) && !isAboutText(error)) throw error;
    const within = { name: '--where', start: BEFORE.length };
    const problem = describeSqlError(db, BEFORE + condition, (error as Error).message, within);
    throw inputError({ ...problem, expected: 'a condition in SQL on the columns of points' });
  }
}
