/** `study.db` of a run: stores chunks, one transaction each, with their lines of the table `chunks`. */
import type Database from 'better-sqlite3';
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
import { describeStudy, readFact, readFacts } from './describe-study.js';
import { namesOf } from './names.js';
import { openDatabase } from './open-database.js';
import { paretoTable } from './pareto-table.js';
import { pointsView } from './points-view.js';
import { isBusy } from './sqlite-errors.js';
import { StoredFront } from './stored-front.js';
import { baselineTable, evaluatedTable, STUDY_TABLES } from './tables.js';

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
    return this.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'evaluated'").get() !== undefined;
  }

  /** The hash of the study that was begun here. */
  get hash(): unknown {
    return readFact(this.db, 'hash');
  }

  /** Whether SQLite finds the file sound. Reads all of it. */
  isSound(): boolean {
    return this.db.pragma('quick_check(1)', { simple: true }) === 'ok';
  }

  /** Makes the tables, if there are none, and prepares to store chunks. */
  begin(manifest: Manifest, facts: readonly WorkloadFacts[]): void {
    if (!this.hasTables) this.db.pragma(`page_size = ${PAGE_BYTES}`);
    this.writeAhead();
    this.db.pragma('synchronous = FULL');
    this.db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
    if (!this.hasTables) this.db.transaction(() => this.createTables(manifest, facts))();
    if (this.study.store === 'front') this.front = new StoredFront(this.db, this.study, facts);
    this.forgetFronts();
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
      this.db.transaction(() => {
        this.front?.append(chunk.batch, chunk.marginals ?? []);
        this.addChunk(lineOf(chunk), database !== undefined);
      })();
    if (database === undefined) return store();
    this.attach(database);
    try {
      store();
    } finally {
      this.detach();
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
    const addRejected = db.prepare('UPDATE constraints SET rejected = rejected + ? WHERE position = ?');
    (JSON.parse(line.rejected_by) as number[]).forEach((count, position) => addRejected.run(count, position));
    db.prepare('DELETE FROM failures WHERE chunk = ?').run(line.chunk);
  }

  /** Attaches the database of a chunk, or of a shard, as `source`. */
  private attach(database: string): void {
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

  /** Removes the rows and the line of a chunk, which is to be evaluated again. */
  removeChunk(chunk: number, { from, to }: Range): void {
    this.db.transaction(() => {
      this.db.prepare('DELETE FROM evaluated WHERE id >= ? AND id < ?').run(from, to);
      this.db.prepare('DELETE FROM chunks WHERE chunk = ?').run(chunk);
      this.db.exec(RECOUNT_REJECTED);
    })();
  }

  /** Removes rows with ids outside a range. */
  removeOutside({ from, to }: Range): void {
    this.db.prepare('DELETE FROM evaluated WHERE id < ? OR id >= ?').run(from, to);
  }

  /** Removes all rows and lines: everything is to be evaluated again. */
  removeAll(): void {
    this.db.transaction(() => {
      for (const table of ['evaluated', 'chunks', 'marginals', 'failures']) this.db.exec(`DELETE FROM ${table}`);
      this.db.exec(RECOUNT_REJECTED);
    })();
  }

  /** Writes into the table `study` which shards the study was merged from, until it has all. */
  markMerged(merged: Manifest['merged']): void {
    this.db.prepare("DELETE FROM study WHERE key = 'merged'").run();
    if (!merged) return;
    const text = `${merged.shards} of ${merged.of} shards`;
    this.db.prepare("INSERT INTO study (key, value) VALUES ('merged', ?)").run(text);
  }

  /** Removes stored fronts: a run that resumes will have more points than they are over. */
  forgetFronts(): void {
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

  private createTables(manifest: Manifest, facts: readonly WorkloadFacts[]): void {
    this.db.exec(STUDY_TABLES);
    this.db.exec(baselineTable());
    this.db.exec(paretoTable(this.study.reasons === 'front'));
    this.db.exec(evaluatedTable(columnsOf(this.study)));
    describeStudy(this.db, manifest, facts);
    this.db.exec(pointsView(this.study));
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
