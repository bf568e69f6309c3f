/** Studies run into folders, and what they hold, read with nothing of this program's own. */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { runStudy, type RunOptions } from '../../src/engine/run.js';
import type { Study } from '../../src/space/study.js';
import { StudyRun } from '../../src/store/study-run.js';

export type Row = Record<string, number | string | null>;

/** Runs what is left of a study into a folder; whether it got to the end. */
export async function storeStudy(folder: string, study: Study, options: RunOptions = {}): Promise<boolean> {
  const run = new StudyRun(folder, study, { toolVersion: 'test' });
  const finished = await runStudy(study, run, { workers: 2, ...options, from: run.nextId });
  if (finished) run.finish();
  else run.stop();
  return finished;
}

/** Rows of a query, straight from SQLite. */
export function rowsOf<T = Row>(folder: string, sql: string, ...parameters: unknown[]): T[] {
  const db = new Database(join(folder, 'study.db'), { readonly: true });
  try {
    return db.prepare(sql).all(...parameters) as T[];
  } finally {
    db.close();
  }
}
