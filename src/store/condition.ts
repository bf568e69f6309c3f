/** Conditions that users set on rows of `points`, in SQL. */
import type Database from 'better-sqlite3';
import { inputError } from '../errors.js';
import { nearestName } from '../space/nearest.js';
import { isSqliteError } from './sqlite-errors.js';

/**
 * Throws an input error for a text that is not one expression over a row of `points`. It is put in brackets where it is
 * used; a text that is right only with them, or only without, would reach beyond them (`1) OR (1`, `1 LIMIT 5`).
 *
 * @param columns names that a misspelt one may stand for
 */
export function checkCondition(db: Database.Database, condition: string, columns: readonly string[]): void {
  tellingOfCondition(condition, columns, () => {
    db.prepare(`SELECT 1 FROM points WHERE ${condition}\n`);
    // Run over no row: what is asked for by a parameter (`?1`) is missed as it runs.
    db.prepare(`SELECT 1 FROM points WHERE id < 0 AND (${condition}\n)`).get();
  });
}

/** better-sqlite3's own words about a text: it holds several statements, or asks for values. */
const isAboutText = (error: unknown) =>
  error instanceof RangeError || (error instanceof TypeError && /parameter/.test(error.message));

/** Does what works with a condition; what SQLite says of it is the user's input error. Some faults show only as rows are read. */
export function tellingOfCondition<T>(condition: string, columns: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isSqliteError(error) && !isAboutText(error)) throw error;
    const { message } = error as Error;
    const [, misspelt] = /no such column: (?:points\.)?"?(.*?)"?(?: - .*)?$/.exec(message) ?? [];
    const nearest = misspelt === undefined ? undefined : nearestName(misspelt, columns);
    throw inputError({
      ...{ what: `--where: ${message}`, got: condition, expected: 'a condition in SQL on the columns of points' },
      ...(nearest ? { nearest } : {}),
    });
  }
}
