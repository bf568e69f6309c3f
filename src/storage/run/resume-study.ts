/** What a run finds in its folder: the database of an earlier run, and which of its chunks are valid. */
import type Database from 'better-sqlite3';
import { existsSync, renameSync } from 'node:fs';
import { basename } from 'node:path';
import type { Range } from '../../engine/chunks.js';
import { DeltaSweepError } from '../../errors.js';
import { gridOf, type Study } from '../../space/study.js';
import { batchFile } from '../arrow/batch-files.js';
import { areRejectedCounted, isLineSound, readLines, type ChunkLine } from '../database/chunk-table.js';
import { descriptionProblems } from '../database/describe-study.js';
import { isDamage } from '../database/sqlite-errors.js';
import { frontProblems } from '../database/stored-front.js';
import { DATABASE_LOGS, rowCounter, StudyDatabase } from '../database/study-database.js';
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
  /** Whether there is one that cannot be used: `keepDamaged` is to put it out of the way before another is made. */
  isDamaged?: boolean;
  /** What was wrong with the results, and what is done about it. */
  notes: string[];
}

/** The name under which a damaged database is kept: one that no earlier one has. */
function damagedFile(file: string): string {
  for (let n = 1; ; n++) {
    const name = `${file}.damaged${n === 1 ? '' : `-${n}`}`;
    if (!existsSync(name)) return name;
  }
}

/** Puts a damaged database out of the way, with its logs. */
export function keepDamaged(folder: string): void {
  const { database: file } = studyFiles(folder);
  const kept = damagedFile(file);
  for (const suffix of [...DATABASE_LOGS, '']) if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix);
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
    if (![manifest.hash, undefined].includes(database.hash as string | undefined))
      throw new Damage('it is of another study than study.json');
    const problems = descriptionProblems(database.db, manifest);
    database.createMissing();
    const stored = { folder, study, database, chunkPoints: manifest.chunk_points, chunks: chunksOf(manifest) };
    if (manifest.finished !== null && problems.length === 0 && isWhole(stored, manifest.shard !== undefined))
      return { ...nothing, database, isFinished: true };
    if (!database.isSound()) throw new Damage('SQLite finds it corrupt');
    const verified = await verifyChunks(stored, signal, onCheck);
    if (!verified) database.close();
    const notes = problems.map((problem) => `${file}: ${problem}; restored`);
    return verified && { ...nothing, database, done: verified.done, notes: [...notes, ...verified.notes] };
  } catch (error) {
    database?.close();
    const cause = error instanceof DeltaSweepError ? error.cause : error;
    if (!(cause instanceof Damage) && !isDamage(cause)) throw storageError(folder, error);
    const reason = (cause as Error).message;
    const kept = basename(damagedFile(file));
    const note = `${file} is damaged (${reason}): kept as ${kept}, and everything is made again`;
    return { ...nothing, isDamaged: true, notes: [note] };
  }
}

/** Whether a study that says that it is finished has all its chunks, rows and files. */
function isWhole(
  { folder, study, database: { db, rows }, chunkPoints, chunks }: StoredStudy,
  isShard: boolean,
): boolean {
  const files = studyFiles(folder);
  const lines = readLines(db);
  const bounds = { gridSize: gridOf(study).size, chunkPoints, chunks };
  if (lines.length !== chunks.to - chunks.from || !lines.every((line) => isLineSound(line, bounds))) return false;
  if (!areRejectedCounted(db)) return false;
  if (study.store === 'front' ? frontProblems(db, study).length > 0 : !hasAllRows(db, lines, rows)) return false;
  if (!isShard) return existsSync(files.points);
  const withBatches = lines.filter(({ sha256 }) => sha256 !== null);
  return withBatches.every(({ chunk }) => existsSync(batchFile(files.chunks, chunk)));
}

/** Whether each chunk has the rows that its line counts, and there are no others. */
function hasAllRows(db: Database.Database, lines: readonly ChunkLine[], rows: number): boolean {
  const countRows = rowCounter(db);
  const points = lines.reduce((sum, line) => sum + line.points, 0);
  return rows === points && lines.every((line) => countRows(line.first_id, line.end_id) === line.points);
}
