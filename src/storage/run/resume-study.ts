/** What a run finds in its folder: the database of an earlier run, and which of its chunks are valid. */
import { existsSync, renameSync } from 'node:fs';
import type { Range } from '../../engine/chunks.js';
import { DeltaSweepError } from '../../errors.js';
import type { Study } from '../../space/study.js';
import { batchFile } from '../arrow/batch-files.js';
import { readLines } from '../database/chunk-table.js';
import { isDamage } from '../database/sqlite-errors.js';
import { frontProblems } from '../database/stored-front.js';
import { DATABASE_LOGS, StudyDatabase } from '../database/study-database.js';
import { chunksOf, type Manifest } from '../folder/manifest.js';
import { storageError, withStorageErrors } from '../folder/storage-error.js';
import { studyFiles } from '../folder/study-files.js';
import type { StoredStudy } from './stored-study.js';
import { verifyChunks } from './verify-chunks.js';

export interface Resumed {
  /** Absent where there is none that can be used. */
  database?: StudyDatabase;
  /** Whether the folder holds the whole study, or shard. */
  isFinished: boolean;
  /** The chunks that are stored and valid. */
  done: Range[];
  /** What was wrong with the results, and what is done about it. */
  notes: string[];
}

/** Why a database that SQLite can read is not used. */
class Damage extends Error {}

/**
 * Opens what an earlier run has left. Yields to other events; undefined if the signal came first.
 *
 * @param onCheck called for each stored chunk, with the number of chunks
 */
export async function resumeStudy(
  folder: string,
  study: Study,
  manifest: Manifest,
  signal: AbortSignal | undefined,
  onCheck: (chunk: number, chunks: number) => void,
): Promise<Resumed | undefined> {
  const { database: file } = studyFiles(folder);
  const nothing = { isFinished: false, done: [], notes: [] };
  if (!existsSync(file)) return nothing;
  let database: StudyDatabase | undefined;
  try {
    database = withStorageErrors(folder, () => new StudyDatabase(file, study));
    if (!database.hasTables) return { ...nothing, database };
    if (database.hash !== manifest.hash) throw new Damage('it is of another study than study.json');
    const stored = { folder, study, database, chunkPoints: manifest.chunk_points, chunks: chunksOf(manifest) };
    if (manifest.finished !== null && isWhole(stored, manifest.shard !== undefined))
      return { ...nothing, database, isFinished: true };
    if (!database.isSound()) throw new Damage('SQLite finds it corrupt');
    const verified = await verifyChunks(stored, signal, onCheck);
    if (!verified) database.close();
    return verified && { ...nothing, database, ...verified };
  } catch (error) {
    database?.close();
    const cause = error instanceof DeltaSweepError ? error.cause : error;
    if (!(cause instanceof Damage) && !isDamage(cause)) throw storageError(folder, error);
    for (const suffix of [...DATABASE_LOGS, ''])
      if (existsSync(file + suffix)) renameSync(file + suffix, `${file}.damaged${suffix}`);
    const reason = (cause as Error).message;
    const note = `${file} is damaged (${reason}): kept as study.db.damaged, and everything is evaluated again`;
    return { ...nothing, notes: [note] };
  }
}

/** Whether a study that says that it is finished has all its chunks, rows and files. */
function isWhole({ folder, study, database, chunks }: StoredStudy, isShard: boolean): boolean {
  const files = studyFiles(folder);
  const stored = database.counts;
  if (stored.chunks !== chunks.to - chunks.from) return false;
  if (study.store === 'front' ? frontProblems(database.db, study).length > 0 : database.rows !== stored.points)
    return false;
  if (!isShard) return existsSync(files.points);
  const withBatches = readLines(database.db).filter(({ sha256 }) => sha256 !== null);
  return withBatches.every(({ chunk }) => existsSync(batchFile(files.chunks, chunk)));
}
