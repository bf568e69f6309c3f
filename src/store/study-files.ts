/** The files of a study's folder. */
import { join } from 'node:path';

export function studyFiles(folder: string) {
  return {
    manifest: join(folder, 'study.json'),
    database: join(folder, 'study.db'),
    points: join(folder, 'points.arrow'),
    /** Record batches that `points.arrow` will be put together from, one a chunk. */
    parts: join(folder, 'parts'),
    /** The rows of one chunk, for SQLite. */
    incoming: join(folder, 'parts', 'incoming.db'),
    /** What a merge has made so far. */
    merging: join(folder, 'merging'),
    /** Shares of the study, each in a folder like this one. */
    shards: join(folder, 'shards'),
    lock: join(folder, 'study.lock'),
    /** Who holds the lock. */
    owner: join(folder, 'study.owner'),
    /** How far the run is. */
    progress: join(folder, 'study.progress'),
    /** An earlier study, until the one that replaces it has begun. */
    previous: join(folder, 'previous'),
  };
}

/** What a study is made of, as names in its folder; the manifest, which makes it one, comes last. */
export const STUDY_PARTS = [
  'points.arrow',
  'points.arrow.partial',
  'parts',
  'merging',
  'study.db-wal',
  'study.db-shm',
  'study.db-journal',
  'study.db',
  'study.json',
] as const;
