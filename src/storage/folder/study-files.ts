/** The files of a study's folder. */
import { join } from 'node:path';

/** Of these files, as `study.json` says; studies of other formats are not read. */
export const STUDY_FORMAT = 2;

export function studyFiles(folder: string) {
  return {
    manifest: join(folder, 'study.json'),
    database: join(folder, 'study.db'),
    points: join(folder, 'points.arrow'),
    /** Record batches of stored chunks, until `points.arrow` is made of them, and rows on their way into the database. */
    chunks: join(folder, 'chunks'),
    /** Shards of the study, each in a folder like this one. */
    shards: join(folder, 'shards'),
    lock: join(folder, 'study.lock'),
    /** The process that holds the lock. */
    owner: join(folder, 'study.owner'),
    /** The progress of the run. */
    progress: join(folder, 'study.progress'),
    /** An earlier study, until the one that replaces it has stored something. */
    previous: join(folder, 'previous'),
  };
}

/** Names of a study's own files in its folder; the manifest, which makes the folder a study, comes last. */
export const OWN_FILES = [
  'points.arrow',
  'points.arrow.partial',
  'chunks',
  'study.db-wal',
  'study.db-shm',
  'study.db-journal',
  'study.db',
  'study.json',
] as const;
