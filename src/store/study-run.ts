/** A study on its way into its folder: rows and ledger in SQLite, record batches as parts; resumed where a run stopped. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { partFile, readPart, writePart } from '../arrow/part-files.js';
import { PartEncoder, sha256Of } from '../arrow/part.js';
import { PointsFile } from '../arrow/points-file.js';
import { chunkCount, chunkPointsOf, chunkRange } from '../engine/chunks.js';
import type { Chunk, FailedChunk, Sink } from '../engine/sink.js';
import { DeltaSweepError, runError } from '../errors.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { showNumber } from '../model/units.js';
import { columnsOf } from '../space/columns.js';
import { gridOf, type Study } from '../space/study.js';
import { tellingOfFullDisk } from './full-disk.js';
import { identify } from './identity.js';
import { addNumber, isSound, numbersOutside, type LedgerLine, type Stretches } from './ledger.js';
import { newManifest, writeManifest, type Manifest } from './manifest.js';
import { discard, giveBack, hasPrevious, setAside } from './previous.js';
import { isDamage } from './sqlite-errors.js';
import { StudyDatabase } from './study-database.js';
import { studyFiles } from './study-files.js';
import { openFolder } from './study-folder.js';

export interface StudyRunOptions {
  toolVersion: string;
  /** Replaces what the folder holds; that stays until the new study has begun. */
  fresh?: boolean;
  /** Points of a chunk of a study that begins; default: what the study's are. */
  chunkPoints?: number;
}

/** Bytes of `points.arrow` that are written before they are on the disk and their parts go. */
const BYTES_PER_SYNC = 256 * 2 ** 20;

export class StudyRun implements Sink {
  private readonly unlock: () => void;
  private readonly found: Manifest | undefined;
  private manifest: Manifest;
  private database: StudyDatabase | undefined;
  private done: Stretches = [];
  private hasPrevious: boolean;
  /** Whether this run has set an earlier study aside, and whether it has stored anything itself. */
  private hasSetAside = false;
  private hasStored = false;
  /** Whether the folder held the whole study already; known after `resume`. */
  isFinished = false;
  /** What was found wrong with an earlier run's results, and what is done about it. */
  readonly notes: string[] = [];

  /**
   * Opens and locks a study's folder, where a study that was set aside comes back that a killed run was to replace; makes
   * the folder if it is not there. `resume` is to come next. Throws an input error if the folder holds anything else, or if
   * another run is at work in it.
   */
  constructor(
    readonly folder: string,
    private readonly study: Study,
    private readonly options: StudyRunOptions,
  ) {
    const identified = identify(study);
    const { found, unlock } = this.guarded(() => openFolder(folder, identified, options.fresh === true));
    this.found = found;
    this.unlock = unlock;
    this.hasPrevious = hasPrevious(folder);
    this.manifest = found ?? newManifest(identified, options.toolVersion, options.chunkPoints ?? chunkPointsOf(study));
  }

  /**
   * Finds out what of an earlier run can be believed; what cannot is forgotten, or put aside. Gives way to other events now
   * and then; false if the signal came first.
   *
   * @param onCheck told of each chunk that is checked, and of how many there are
   */
  async resume(
    signal?: AbortSignal,
    onCheck: (chunk: number, chunks: number) => void = () => undefined,
  ): Promise<boolean> {
    const files = studyFiles(this.folder);
    if (!this.found || !existsSync(files.database)) return true;
    try {
      const database = this.guarded(() => new StudyDatabase(files.database, this.study));
      this.database = database;
      if (!database.hasTables) return true;
      if (database.hash !== this.found.hash) throw new Damage('it is of another study than study.json');
      const isWhole = this.found.finished !== null && existsSync(files.points);
      this.isFinished = isWhole && database.counts.chunks === this.chunkCount;
      if (this.isFinished) return true;
      if (!this.guarded(() => database.isSound())) throw new Damage('SQLite finds it corrupt');
      return await this.checkLedger(database, signal, onCheck);
    } catch (error) {
      const cause = error instanceof DeltaSweepError ? error.cause : error;
      if (!(cause instanceof Damage) && !isDamage(cause)) throw error;
      this.replaceDatabase((cause as Error).message);
      return true;
    }
  }

  /** Whether the same command would throw away what this run has stored, as it starts anew. */
  get startsOver(): boolean {
    return this.options.fresh === true && this.hasStored;
  }

  get chunkPoints(): number {
    return this.manifest.chunk_points;
  }

  /** Numbers of the chunks that are not stored, ascending. */
  pending(): Iterable<number> {
    return numbersOutside(this.done, this.chunkCount);
  }

  /** Points of the grid in chunks that are stored. */
  get donePoints(): number {
    const { size } = gridOf(this.study);
    return this.done.reduce(
      (sum, { from, to }) => sum + Math.min(to * this.chunkPoints, size) - from * this.chunkPoints,
      0,
    );
  }

  /** Where the engine's threads write the chunks' parts; undefined where the front alone is stored. */
  get partsFolder(): string | undefined {
    return this.study.store === 'all' ? studyFiles(this.folder).parts : undefined;
  }

  /** Chunks, points and rejected points so far, those of an earlier run included; and chunks that could not be evaluated. */
  get counts(): StudyDatabase['counts'] {
    return this.database!.counts;
  }

  /** A chunk that could not be evaluated, and why; undefined if there is none. */
  get failure(): StudyDatabase['failure'] {
    return this.database!.failure;
  }

  /** Makes the folder this study's, and gets ready to take chunks. What `fresh` replaces is gone once the first one is stored. */
  begin(facts: readonly WorkloadFacts[]): void {
    const files = studyFiles(this.folder);
    this.guarded(() => {
      if (!this.found && existsSync(files.manifest)) {
        setAside(this.folder);
        this.hasPrevious = this.hasSetAside = true;
      }
      if (!this.found || this.found.finished !== null) {
        this.manifest = { ...this.manifest, finished: null };
        writeManifest(this.folder, this.manifest);
      }
      if (this.partsFolder !== undefined) mkdirSync(this.partsFolder, { recursive: true });
      this.database ??= new StudyDatabase(files.database, this.study);
      this.database.begin(this.manifest, facts, this.partsFolder);
    });
  }

  append(chunk: Chunk): void {
    this.guarded(() => this.database!.append(chunk));
    this.hasStored = true;
    this.discardPrevious();
  }

  fail(chunk: FailedChunk): void {
    this.guarded(() => this.database!.fail(chunk));
  }

  /**
   * Finishes the files of a run, if every chunk is stored: what they hold, undefined if chunks are missing. Gives way to
   * other events now and then; a signal stops it, and the next run finishes.
   *
   * @param onPart told of each chunk that goes into `points.arrow`
   */
  async finish(
    signal?: AbortSignal,
    onPart: (chunk: number, chunks: number) => void = () => undefined,
  ): Promise<StudyDatabase['counts'] | undefined> {
    const { database, counts } = this;
    if (counts.chunks < this.chunkCount) return undefined;
    if (!this.isFinished) {
      if (!(await this.writePoints(signal, onPart))) return undefined;
      // A front stored by `pareto` while the run was at work is of a part of the points.
      this.guarded(() => database!.forgetFronts());
    }
    this.guarded(() => {
      database!.finish();
      if (this.manifest.finished === null)
        writeManifest(this.folder, { ...this.manifest, finished: new Date().toISOString() });
    });
    this.database = undefined;
    this.discardPrevious();
    rmSync(studyFiles(this.folder).parts, { recursive: true, force: true });
    this.unlock();
    return counts;
  }

  /** Closes the files of a run that stopped before its end; the next run goes on from there. What it has replaced with nothing is back. */
  stop(): void {
    this.database?.close();
    this.database = undefined;
    if (this.hasSetAside && !this.hasStored) giveBack(this.folder);
    this.hasSetAside = false;
    this.unlock();
  }

  /** Removes what `fresh` has replaced, once something of the new study is stored. */
  private discardPrevious(): void {
    if (this.hasPrevious) discard(this.folder);
    this.hasPrevious = false;
  }

  private get chunkCount(): number {
    return chunkCount(gridOf(this.study).size, this.chunkPoints);
  }

  /** Puts a damaged database aside: everything is evaluated again. */
  private replaceDatabase(reason: string): void {
    const { database: file } = studyFiles(this.folder);
    this.database?.close();
    this.database = undefined;
    this.done = [];
    for (const suffix of ['-wal', '-shm', '-journal', ''])
      if (existsSync(file + suffix)) renameSync(file + suffix, `${file}.damaged${suffix}`);
    this.notes.push(`${file} is damaged (${reason}): kept as study.db.damaged, and everything is evaluated again`);
  }

  /** Goes through the ledger: chunks that cannot be believed are forgotten, and evaluated again. False if the signal came first. */
  private async checkLedger(
    database: StudyDatabase,
    signal: AbortSignal | undefined,
    onCheck: (chunk: number, chunks: number) => void,
  ): Promise<boolean> {
    const { size } = gridOf(this.study);
    const isAll = this.study.store === 'all';
    const check = isAll ? this.chunkChecker(database) : () => undefined;
    const { chunks } = database.counts;
    const believed: Stretches = [];
    const bad: { chunk: number; wrong: string }[] = [];
    let checked = 0;
    for (const line of database.ledger()) {
      onCheck(checked++, chunks);
      const wrong = isSound(line, size, this.chunkPoints) ? check(line) : 'its line of the ledger is damaged';
      if (wrong === undefined) addNumber(believed, line.chunk);
      else if (isAll) bad.push({ chunk: line.chunk, wrong });
      else throw new Damage(`chunk ${line.chunk}: ${wrong}`);
      await setImmediate();
      if (signal?.aborted) return false;
    }
    const [problem] = isAll ? [] : database.frontProblems();
    if (problem !== undefined) throw new Damage(problem);
    this.done = believed;
    // Not before: SQLite writes nothing while the ledger is being read.
    for (const { chunk, wrong } of bad) this.forget(database, chunk, wrong);
    if (isAll) this.forgetLooseRows(database);
    return true;
  }

  private forget(database: StudyDatabase, chunk: number, wrong: string): void {
    const { from, to } = chunkRange(chunk, gridOf(this.study).size, this.chunkPoints);
    this.guarded(() => database.forget(chunk, { from, to }));
    this.notes.push(
      `chunk ${chunk} (ids ${showNumber(from)} to ${showNumber(to - 1)}): ${wrong}; it is evaluated again`,
    );
  }

  /** Removes rows of chunks that the ledger does not know. */
  private forgetLooseRows(database: StudyDatabase): void {
    const { size } = gridOf(this.study);
    const countRows = database.rowCounter();
    if (countRows(0, size) === database.counts.points) return;
    for (const chunk of this.pending()) {
      const range = chunkRange(chunk, size, this.chunkPoints);
      if (countRows(range.from, range.to) > 0) this.guarded(() => database.forget(chunk, range));
    }
  }

  /** What is wrong with a chunk's rows or part; a part that is lost is written again from the rows where those are as they were. */
  private chunkChecker(database: StudyDatabase): (line: LedgerLine) => string | undefined {
    const { parts } = studyFiles(this.folder);
    const readRows = database.rowReader();
    const countRows = database.rowCounter();
    const encoder = new PartEncoder(columnsOf(this.study));
    return ({ chunk, first_id, end_id, points, sha256 }) => {
      if (countRows(first_id, end_id) !== points) return 'rows of it are missing';
      if (sha256 === null) return points === 0 ? undefined : 'its line of the ledger names no part';
      if (readPart(parts, chunk, sha256)) return undefined;
      const part = encoder.encode(readRows(first_id, end_id));
      if (sha256Of(part) !== sha256) return `its part of points.arrow is missing or damaged`;
      mkdirSync(parts, { recursive: true });
      this.guarded(() => writePart(parts, chunk, part));
      return undefined;
    };
  }

  /** Puts `points.arrow` together; false if the signal came first. */
  private async writePoints(
    signal: AbortSignal | undefined,
    onPart: (chunk: number, chunks: number) => void,
  ): Promise<boolean> {
    const metadata = { study: this.study.name, hash: this.manifest.hash };
    const { points } = studyFiles(this.folder);
    const file = this.guarded(() => new PointsFile(points, columnsOf(this.study), metadata));
    try {
      const addParts = this.study.store === 'all' ? this.addStoredParts(file) : this.addRowsAsParts(file);
      let added = 0;
      for (const _ of addParts) {
        onPart(++added, this.chunkCount);
        await setImmediate();
        if (!signal?.aborted) continue;
        file.abandon();
        return false;
      }
      this.guarded(() => file.finish());
      return true;
    } catch (error) {
      file.abandon();
      throw error;
    }
  }

  /** Adds the parts of all chunks, in order; parts go when the file has them on the disk, so that both need no more room than one. */
  private *addStoredParts(file: PointsFile): Generator<void> {
    const { parts } = studyFiles(this.folder);
    let unsynced = 0;
    let added: number[] = [];
    for (const { chunk, sha256 } of this.database!.ledger()) {
      if (sha256 === null) continue;
      const part = readPart(parts, chunk, sha256);
      if (!part) throw runError(`${partFile(parts, chunk)}: missing or damaged; a run without --fresh writes it again`);
      this.guarded(() => file.addPart(part));
      added.push(chunk);
      unsynced += part.byteLength;
      if (unsynced >= BYTES_PER_SYNC) {
        this.guarded(() => file.sync());
        for (const number of added) rmSync(partFile(parts, number), { force: true });
        [unsynced, added] = [0, []];
      }
      yield;
    }
  }

  /** Adds the rows of `points`, where no parts were kept. */
  private *addRowsAsParts(file: PointsFile): Generator<void> {
    const encoder = new PartEncoder(columnsOf(this.study));
    for (const batch of this.database!.readBatches(this.chunkPoints)) {
      this.guarded(() => file.addPart(encoder.encode(batch)));
      yield;
    }
  }

  /** Does what writes; a full disk is told as such. */
  private guarded<T>(write: () => T): T {
    return tellingOfFullDisk(this.folder, write, this.startsOver);
  }
}

/** Why a database that SQLite can read is not to be believed. */
class Damage extends Error {}
