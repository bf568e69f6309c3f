/** `study.db` of a run: takes chunks, one transaction each, with their lines of the ledger. */
import type Database from 'better-sqlite3';
import type { Chunk, FailedChunk } from '../engine/sink.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { columnsOf, type Batch, type Column } from '../space/columns.js';
import { gridOf, type Study } from '../space/study.js';
import { runError } from '../errors.js';
import { PAGE_BYTES } from '../pages/row-pages.js';
import { openDatabase } from './database.js';
import { describeStudy, readFact } from './describe-study.js';
import { frontProblems } from './front-digest.js';
import { derivedSql, exactNumbers } from './generated.js';
import { lineOf, type LedgerLine } from './ledger.js';
import type { Manifest } from './manifest.js';
import { readBatches, rowReader } from './read-rows.js';
import { RowTransfer } from './row-transfer.js';
import { paretoTable } from './pareto-table.js';
import { pointsTable, STUDY_TABLES } from './schema.js';
import { isBusy } from './sqlite-errors.js';
import { StoredFront } from './stored-front.js';

/** Pages of the write-ahead log before it goes into the database: 32 MiB, chunks' worth, not every chunk. */
const WAL_PAGES = 2048;

export class StudyDatabase {
  private readonly db: Database.Database;
  private readonly columns: Column[];
  private writes: Writes | undefined;

  /** Opens the file; it has no tables before `begin`. */
  constructor(
    file: string,
    private readonly study: Study,
  ) {
    this.db = openDatabase(file);
    this.columns = columnsOf(study);
  }

  /** Whether the study was begun here. */
  get hasTables(): boolean {
    return this.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'points'").get() !== undefined;
  }

  /** The hash of the study that was begun here. */
  get hash(): unknown {
    return readFact(this.db, 'hash');
  }

  /** Whether SQLite finds the file sound. Reads all of it. */
  isSound(): boolean {
    return this.db.pragma('quick_check(1)', { simple: true }) === 'ok';
  }

  /**
   * Makes the tables, if they are not there, and gets ready to take chunks.
   *
   * @param incoming the file by which rows come, where all points are stored; without it, the front alone is
   */
  begin(manifest: Manifest, facts: readonly WorkloadFacts[], incoming: string | undefined): void {
    if (!this.hasTables) this.db.pragma(`page_size = ${PAGE_BYTES}`);
    this.writeAhead();
    this.db.pragma('synchronous = FULL');
    this.db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
    if (!this.hasTables) this.db.transaction(() => this.createTables(manifest, facts))();
    this.writes = prepareWrites(this.db, this.study, facts, incoming);
    this.forgetFronts();
  }

  /**
   * Makes the tables, with a ledger whose rows are not there yet, in a file that is thrown away if anything fails; the root page of
   * the table of points.
   */
  beginWith(manifest: Manifest, facts: readonly WorkloadFacts[], lines: Iterable<LedgerLine>): number {
    this.db.pragma(`page_size = ${PAGE_BYTES}`);
    this.db.pragma('journal_mode = OFF');
    this.db.pragma('synchronous = OFF');
    this.db.transaction(() => {
      this.createTables(manifest, facts);
      const insertLine = this.db.prepare(INSERT_LINE);
      for (const line of lines) insertLine.run(line);
      this.db.exec(RECOUNT_REJECTED);
      this.markMerged(manifest.merged);
    })();
    return this.db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'points'").pluck().get() as number;
  }

  /** Lines of the ledger, by chunk. */
  ledger(): IterableIterator<LedgerLine> {
    return this.db.prepare('SELECT * FROM chunks ORDER BY chunk').iterate() as IterableIterator<LedgerLine>;
  }

  /** Chunks that have a part. */
  get partCount(): number {
    return this.db.prepare('SELECT count(sha256) FROM chunks').pluck().get() as number;
  }

  /** How the stored front differs from what was written, where nothing else is stored. */
  frontProblems(): string[] {
    return frontProblems(this.db, this.study);
  }

  get counts(): { chunks: number; points: number; rejected: number; failed: number } {
    return this.db
      .prepare(
        `SELECT count(*) AS chunks, coalesce(sum(points), 0) AS points, coalesce(sum(rejected), 0) AS rejected,
          (SELECT count(*) FROM failures) AS failed FROM chunks`,
      )
      .get() as { chunks: number; points: number; rejected: number; failed: number };
  }

  /** A chunk that could not be evaluated, and why; undefined if there is none. */
  get failure(): { first_id: number; end_id: number; cause: string } | undefined {
    return this.db.prepare('SELECT first_id, end_id, cause FROM failures ORDER BY chunk').get() as
      { first_id: number; end_id: number; cause: string } | undefined;
  }

  /** Stores a chunk: all of it or, if anything fails, nothing. */
  append(chunk: Chunk): void {
    if (chunk.pages) this.writes!.transfer?.offer(chunk.pages);
    this.db.transaction(() => this.add(chunk))();
  }

  /** Stores chunks of which the front alone is kept: all of them or, if anything fails, none. */
  appendTogether(chunks: readonly Chunk[]): void {
    this.db.transaction(() => chunks.forEach((chunk) => this.add(chunk)))();
  }

  private add(chunk: Chunk): void {
    const { transfer, insertLine, addRejected, removeFailure, front } = this.writes!;
    front?.append(chunk.batch, chunk.marginals ?? []);
    if (chunk.pages) transfer?.takeOver();
    insertLine.run(lineOf(chunk));
    chunk.rejectedBy.forEach((count, position) => addRejected.run(count, position));
    removeFailure.run(chunk.chunk);
  }

  /** Records a chunk that could not be evaluated. */
  fail({ chunk, from, to, attempts, cause }: FailedChunk): void {
    this.db.prepare('INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)').run(chunk, from, to, attempts, cause);
  }

  /** Removes a chunk whose rows, part or line cannot be believed: it is to be evaluated again. */
  forget(chunk: number, { from, to }: { from: number; to: number }): void {
    this.db.transaction(() => {
      this.db.prepare('DELETE FROM points WHERE id >= ? AND id < ?').run(from, to);
      this.db.prepare('DELETE FROM chunks WHERE chunk = ?').run(chunk);
      this.db.exec(RECOUNT_REJECTED);
    })();
  }

  /** Writes into the table `study` what the study was merged from, where that is not all of it. */
  markMerged(merged: Manifest['merged']): void {
    this.db.prepare("DELETE FROM study WHERE key = 'merged'").run();
    if (!merged) return;
    const text = `${merged.shards} of ${merged.of} shards`;
    this.db.prepare("INSERT INTO study VALUES ('merged', ?)").run(text);
  }

  /** A counter of the rows with ids in a range. */
  rowCounter(): (from: number, to: number) => number {
    const count = this.db.prepare('SELECT count(*) FROM points WHERE id >= ? AND id < ?').pluck();
    return (from, to) => count.get(from, to) as number;
  }

  /** A reader of all columns of the rows with ids in a range. */
  rowReader(): (from: number, to: number) => Batch {
    return rowReader(this.db, this.columns);
  }

  /** All columns of all rows, in batches of at most so many rows. */
  readBatches(rows: number): Generator<Batch> {
    return readBatches(this.db, this.columns, rows);
  }

  /** Forgets stored fronts: they are over fewer points than a run that goes on will have. */
  forgetFronts(): void {
    this.db.exec('DELETE FROM pareto');
  }

  /** Lets others read while this writes. Not before it does: a run that finds nothing to do would be in the way of readers. */
  private writeAhead(): void {
    try {
      this.db.pragma('journal_mode = WAL');
    } catch (error) {
      if (!isBusy(error)) throw error;
      throw runError(
        `${this.db.name}: another program is reading it, and it cannot be written to before that one is done`,
      );
    }
  }

  /** Closes the database with everything in its one file: it can be read where nothing can be written. */
  finish(): void {
    try {
      this.db.pragma('journal_mode = DELETE');
    } catch (error) {
      // Someone is reading it right now. It stays as it is, whole, with its -wal file beside it until the last one leaves.
      if (!isBusy(error)) throw error;
    }
    this.close();
  }

  /**
   * Closes the database for good as `replace` puts another file in its place. Throws a run error before that if another program is
   * in it: its log, or a journal, must not be read into the other file.
   */
  giveWay(replace: () => void): void {
    try {
      this.db.pragma('journal_mode = DELETE');
      this.db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      if (!isBusy(error)) throw error;
      throw runError(`${this.db.name}: another program is using it, and it cannot be replaced before that one is done`);
    }
    replace();
    this.close();
  }

  /** Closes the database of a run that goes on another time. */
  close(): void {
    this.writes?.transfer?.close();
    this.writes = undefined; // a second call finds nothing to close
    this.db.close();
  }

  private createTables(manifest: Manifest, facts: readonly WorkloadFacts[]): void {
    const grid = gridOf(this.study);
    const showNumber = exactNumbers((sql) => this.db.prepare(`SELECT ${sql}`).pluck().get() as number);
    this.db.exec(STUDY_TABLES);
    this.db.exec(paretoTable(this.study.reasons === 'front'));
    this.db.exec(pointsTable(this.columns, (column) => derivedSql(column, grid, facts, showNumber)));
    describeStudy(this.db, manifest, facts);
  }
}

const INSERT_LINE = `INSERT INTO chunks VALUES
  ($chunk, $first_id, $end_id, $points, $rejected, $rejected_by, $sha256, $checksum)`;

const RECOUNT_REJECTED = `UPDATE constraints SET rejected =
  (SELECT coalesce(sum(json_extract(rejected_by, '$[' || position || ']')), 0) FROM chunks)`;

interface Writes {
  insertLine: Database.Statement;
  addRejected: Database.Statement;
  removeFailure: Database.Statement;
  /** Where the study keeps all points. */
  transfer: RowTransfer | undefined;
  /** Where it keeps the front alone. */
  front: StoredFront | undefined;
}

function prepareWrites(
  db: Database.Database,
  study: Study,
  facts: readonly WorkloadFacts[],
  incoming: string | undefined,
): Writes {
  return {
    insertLine: db.prepare(INSERT_LINE),
    addRejected: db.prepare('UPDATE constraints SET rejected = rejected + ? WHERE position = ?'),
    removeFailure: db.prepare('DELETE FROM failures WHERE chunk = ?'),
    transfer: incoming === undefined ? undefined : new RowTransfer(db, incoming),
    front: incoming === undefined ? new StoredFront(db, study, facts) : undefined,
  };
}
