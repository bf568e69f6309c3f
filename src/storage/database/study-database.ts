/** `study.db` of a run: stores chunks, one transaction each, with their lines of the table `chunks`. */
import type Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Range } from '../../engine/chunks.js';
import type { Chunk, FailedChunk, Marginal } from '../../engine/sink.js';
import { runError } from '../../errors.js';
import type { WorkloadFacts } from '../../model/metrics.js';
import { columnsOf, storedColumns, type Batch } from '../../space/columns.js';
import { completeBatch } from '../../space/derive.js';
import { gridOf, type Study } from '../../space/study.js';
import type { Manifest } from '../folder/manifest.js';
import { readBatches, rowReader } from '../read/read-rows.js';
import { INSERT_LINE, lineOf, RECOUNT_REJECTED, type ChunkLine } from './chunk-table.js';
import { readFact, readFacts, restoreDescription } from './describe-study.js';
import { namesOf } from './names.js';
import { openDatabase } from './open-database.js';
import { createMissing, hasItems, integrityProblems, missingItems } from './schema.js';
import { isBusy } from './sqlite-errors.js';
import { forgetFront, StoredFront } from './stored-front.js';

/** How long a statement waits for another program's lock: a chunk's, which is tried again, and any other. */
const SHORT_WAIT_MS = 100;
const LONG_WAIT_MS = 5000;

const PAGE_BYTES = 16_384;

/** Pages of the write-ahead log at which SQLite moves them into the database: 32 MiB, several chunks. */
const WAL_PAGES = 2048;

/** SQLite's companions of a database file, by their endings. */
export const DATABASE_LOGS = ['-wal', '-shm', '-journal'];

export interface Counts {
  chunks: number;
  points: number;
  rejected: number;
  failed: number;
}

export class StudyDatabase {
  readonly db: Database.Database;
  /** SQL that copies a chunk's rows from the attached database. */
  private readonly insertRows: string;
  /** The front, where the study stores nothing else; from `begin` on. */
  private front: StoredFront | undefined;

  /** Opens the file; a new one has no tables before `begin`. */
  constructor(
    file: string,
    private readonly study: Study,
  ) {
    this.db = openDatabase(file);
    const names = namesOf(storedColumns(columnsOf(study)));
    this.insertRows = `INSERT INTO main.evaluated (${names}) SELECT ${names} FROM source.evaluated WHERE id >= ? AND id < ?`;
    this.db.pragma('foreign_keys = OFF'); // rows that are evaluated again may be referred to by a user's table
  }

  /** Whether a study was begun here. */
  get hasTables(): boolean {
    return hasItems(this.db, this.study);
  }

  /** Makes tables and views that a user has dropped. */
  createMissing(): void {
    createMissing(this.db, this.study);
  }

  /** The hash of the study that was begun here; undefined where a user has deleted it. */
  get hash(): unknown {
    const isMissing = missingItems(this.db, this.study).some(({ name }) => name === 'study');
    return isMissing ? undefined : readFact(this.db, 'hash');
  }

  /** Whether SQLite finds the program's own tables sound. Reads all of them. */
  isSound(): boolean {
    return integrityProblems(this.db, this.study, 'quick_check').length === 0;
  }

  /**
   * Makes what is missing of the tables and of their rows that describe the study, and prepares to store chunks.
   *
   * @param done the chunks that are valid; rows and lines of all others are removed
   */
  begin(manifest: Manifest, facts: readonly WorkloadFacts[], done: readonly Range[]): void {
    if (!this.hasTables) this.db.pragma(`page_size = ${PAGE_BYTES}`);
    this.writeAhead();
    this.db.pragma('synchronous = FULL');
    this.db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
    this.db
      .transaction(() => {
        this.createMissing();
        restoreDescription(this.db, manifest, facts);
        this.keepOnly(done, manifest.chunk_points);
        this.settle();
      })
      .immediate();
    if (this.study.store === 'front') this.front = new StoredFront(this.db, this.study, facts);
  }

  get counts(): Counts {
    return this.db
      .prepare(
        `SELECT count(*) AS chunks, coalesce(sum(points), 0) AS points, coalesce(sum(rejected), 0) AS rejected,
          (SELECT count(*) FROM failures) AS failed FROM chunks`,
      )
      .get() as Counts;
  }

  /** Rows that are stored. */
  get rows(): number {
    return this.db.prepare('SELECT count(*) FROM evaluated').pluck().get() as number;
  }

  /** A chunk that could not be evaluated, and why; undefined if there is none. */
  get failure(): { first_id: number; end_id: number; cause: string } | undefined {
    return this.db.prepare('SELECT first_id, end_id, cause FROM failures ORDER BY chunk').get() as
      { first_id: number; end_id: number; cause: string } | undefined;
  }

  /**
   * Stores a chunk: all of it or, if anything fails, nothing.
   *
   * @param database the file with its rows, where all points are stored
   */
  append(chunk: Chunk, database?: string): void {
    const store = () =>
      this.db
        .transaction(() => {
          this.front?.append(chunk.batch, chunk.marginals ?? []);
          this.addChunk(lineOf(chunk), database !== undefined);
        })
        .immediate();
    this.db.pragma(`busy_timeout = ${SHORT_WAIT_MS}`); // the caller tries again
    try {
      if (database !== undefined) this.attach(database);
      store();
    } finally {
      if (database !== undefined) this.detach();
      this.db.pragma(`busy_timeout = ${LONG_WAIT_MS}`);
    }
  }

  /**
   * Stores chunks of a shard: all of them or, if anything fails or the signal comes first, none; false if it came.
   *
   * @param database the shard's
   */
  async appendChunks(
    database: string,
    lines: readonly ChunkLine[],
    onChunk: () => void,
    signal?: AbortSignal,
  ): Promise<boolean> {
    this.attach(database);
    try {
      this.db.exec('BEGIN IMMEDIATE');
      for (const line of lines) {
        this.addChunk(line, true);
        onChunk();
        await setImmediate();
        if (signal?.aborted) return false;
      }
      this.db.exec('COMMIT');
      return true;
    } finally {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      this.detach();
    }
  }

  /** Stores a shard's front, and the lines of its chunks: all of it or, if anything fails, nothing. */
  appendFront(front: Batch, marginals: readonly Marginal<bigint>[], lines: readonly ChunkLine[]): void {
    this.db.transaction(() => {
      this.front!.append(front, marginals);
      for (const line of lines) this.addChunk(line, false);
    })();
  }

  /** Adds the line of a chunk, with its rows from the attached database where they are in one. */
  private addChunk(line: ChunkLine, isAttached: boolean): void {
    const { db } = this;
    if (isAttached) {
      const { changes } = db.prepare(this.insertRows).run(line.first_id, line.end_id);
      if (changes !== line.points) {
        const count = db.prepare('SELECT count(*) FROM source.evaluated WHERE id >= ? AND id < ?').pluck();
        const lost = `${changes} of the ${line.points} rows of chunk ${line.chunk}`;
        if (count.get(line.first_id, line.end_id) !== line.points) throw new MissingRows(`its study.db has ${lost}`);
        throw runError(`${db.name}: took ${lost}: a trigger that was added drops rows; drop the trigger and run again`);
      }
    }
    db.prepare(INSERT_LINE).run(line);
    db.prepare('DELETE FROM failures WHERE chunk = ?').run(line.chunk);
  }

  /** Attaches the database of a chunk, or of a shard, as `source`. */
  private attach(database: string): void {
    if (!existsSync(database)) throw runError(`${database} is missing; run again`); // ATTACH would make it
    this.db.prepare('ATTACH ? AS source').run(database);
  }

  private detach(): void {
    this.db.exec('DETACH source');
  }

  /** Records a chunk that could not be evaluated. */
  fail({ chunk, from, to, attempts, cause }: FailedChunk): void {
    this.db
      .prepare('INSERT OR REPLACE INTO failures (chunk, first_id, end_id, attempts, cause) VALUES (?, ?, ?, ?, ?)')
      .run(chunk, from, to, attempts, cause);
  }

  /** Removes the rows and lines of all chunks but those of some ranges, and rows that no chunk has. */
  private keepOnly(done: readonly Range[], chunkPoints: number): void {
    const removeRows = this.db.prepare('DELETE FROM evaluated WHERE id >= ? AND id < ?');
    const removeLines = this.db.prepare('DELETE FROM chunks WHERE chunk >= ? AND chunk < ?');
    const { size } = gridOf(this.study);
    const end = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    let from = Number.NEGATIVE_INFINITY;
    for (const range of [...done, end]) {
      removeRows.run(Math.min(from * chunkPoints, size), range.from * chunkPoints);
      removeLines.run(from, range.from);
      from = range.to;
    }
    if (done.length === 0) forgetFront(this.db);
  }

  /** Writes into the table `study` which shards the study was merged from, until it has all. */
  markMerged(merged: Manifest['merged']): void {
    this.db.prepare("DELETE FROM study WHERE key = 'merged'").run();
    if (!merged) return;
    const text = `${merged.shards} of ${merged.of} shards`;
    this.db.prepare("INSERT INTO study (key, value) VALUES ('merged', ?)").run(text);
  }

  /** Counts what constraints reject, and removes stored fronts, which are over a part of the points. */
  settle(): void {
    this.db.exec(RECOUNT_REJECTED);
    this.db.exec('DELETE FROM pareto');
  }

  /** Lets others read while this writes. Only `begin` asks for it: a run that has nothing to do must not disturb readers. */
  private writeAhead(): void {
    try {
      this.db.pragma('journal_mode = WAL');
    } catch (error) {
      if (!isBusy(error)) throw error;
      throw runError(`${this.db.name}: another program is reading it; run again when that program is done`, error);
    }
  }

  /** Closes the database with everything in its one file, so that it can be read where nothing can be written. */
  finish(): void {
    try {
      this.db.pragma('journal_mode = DELETE');
    } catch (error) {
      // Another program is reading: the file stays whole with its -wal beside it until that program leaves.
      if (!isBusy(error)) throw error;
    }
    this.close();
  }

  close(): void {
    this.db.close();
  }
}

/** The database of a chunk, or of its shard, lacks rows that its line counts. */
export class MissingRows extends Error {}

/** A counter of the rows with ids from one up to, not including, another. */
export function rowCounter(db: Database.Database): (from: number, to: number) => number {
  const count = db.prepare('SELECT count(*) FROM evaluated WHERE id >= ? AND id < ?').pluck();
  return (from, to) => count.get(from, to) as number;
}

/** A reader of all columns of the points with ids in a range: the derived ones are computed as threads do it. */
export function pointReader(db: Database.Database, study: Study): (from: number, to: number) => Batch {
  const columns = columnsOf(study);
  const [read, facts, grid] = [rowReader(db, storedColumns(columns)), readFacts(db, study), gridOf(study)];
  return (from, to) => completeBatch(columns, read(from, to), grid, facts);
}

/** All columns of all points, ids ascending, in batches of at most `rows`. */
export function* readPointBatches(db: Database.Database, study: Study, rows: number): Generator<Batch> {
  const columns = columnsOf(study);
  const [facts, grid] = [readFacts(db, study), gridOf(study)];
  for (const batch of readBatches(db, storedColumns(columns), rows)) yield completeBatch(columns, batch, grid, facts);
}
