/** Studies run into folders, and what they hold, read with nothing of this program's own. */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { Engine, type EngineOptions, type RunOptions } from '../../src/engine/run.js';
import type { Sink } from '../../src/engine/sink.js';
import type { Study } from '../../src/space/study.js';
import { StudyRun, type StudyRunOptions } from '../../src/storage/run/study-run.js';

export type Row = Record<string, number | string | null>;

type Options = Pick<RunOptions, 'signal'> &
  Pick<EngineOptions, 'workers' | 'workerFile'> &
  Partial<StudyRunOptions> & {
    /** Stands between the engine and the run. */
    through?: (run: StudyRun) => Sink;
  };

/** Runs what is left of a study into a folder; whether it got to the end. */
export async function storeStudy(folder: string, study: Study, options: Options = {}): Promise<boolean> {
  // Small studies are one chunk, which has work for one thread.
  const {
    workers = options.chunkPoints === undefined ? 1 : 2,
    workerFile,
    signal,
    through = (run) => run,
    ...rest
  } = options;
  const run = new StudyRun(folder, study, { toolVersion: 'test', ...rest });
  try {
    await run.resume(signal);
    if (run.isFinished) return (await run.finish()) !== undefined;
    const { chunksFolder, chunkPoints, donePoints: done } = run;
    const engine = await Engine.open(study, {
      workers,
      ...(chunksFolder === undefined ? {} : { chunksFolder }),
      ...(workerFile === undefined ? {} : { workerFile }),
    });
    try {
      run.begin(engine.facts);
      await engine.run(through(run), { chunkPoints, pending: run.pending(), done, ...(signal ? { signal } : {}) });
    } finally {
      await engine.close();
    }
    return !signal?.aborted && (await run.finish()) !== undefined;
  } finally {
    run.stop();
  }
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
