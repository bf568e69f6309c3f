/** A study, or a shard of one, that a run stores in its folder; the next run resumes where one stopped. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { chunkPointsOf, pointsOfChunks, type Range } from '../../engine/chunks.js';
import { shardChunks, type Shard } from '../../engine/shards.js';
import type { Chunk, FailedChunk, Sink } from '../../engine/sink.js';
import type { WorkloadFacts } from '../../model/metrics.js';
import { gridOf, type Study } from '../../space/study.js';
import { chunkDatabaseFile } from '../database/chunk-database.js';
import { numbersOutside } from '../database/chunk-table.js';
import { StudyDatabase, type Counts } from '../database/study-database.js';
import { storageError, withStorageErrors } from '../folder/storage-error.js';
import { identify } from '../folder/identity.js';
import { chunksOf, newManifest, writeManifest, type Manifest } from '../folder/manifest.js';
import { PreviousStudy } from '../folder/previous.js';
import { ProgressFile } from '../folder/run-progress.js';
import { studyFiles } from '../folder/study-files.js';
import { openFolder } from '../folder/study-folder.js';
import { finishPoints } from './finish-points.js';
import { keepDamaged, resumeStudy } from './resume-study.js';
import { retryWhileBusy } from './retry-while-busy.js';
import type { StoredStudy } from './stored-study.js';

export interface StudyRunOptions {
  toolVersion: string;
  /** Replaces the study in the folder; that stays until the new one has stored something. */
  fresh?: boolean;
  /** Points of a chunk of a new study; default: the study's own. */
  chunkPoints?: number;
  /** The shard that the folder is for; default: the whole study. */
  shard?: Shard | undefined;
  /** Gets what a person should know while the run stores chunks, a line each. */
  onNote?: ((note: string) => void) | undefined;
}

export class StudyRun implements Sink {
  /** Whether the folder held the whole study, or shard, before the run; known after `resume`. */
  isFinished = false;
  /** What was wrong with an earlier run's results, and what is done about it. */
  readonly notes: string[] = [];
  private readonly unlock: () => void;
  private readonly found: Manifest | undefined;
  protected manifest: Manifest;
  protected database: StudyDatabase | undefined;
  private done: Range[] = [];
  /** Whether the folder has a database that cannot be used. */
  private isDamaged = false;
  private progress: ProgressFile | undefined;
  private readonly previous: PreviousStudy;
  private signal: AbortSignal | undefined;
  /** Whether the run has stored anything itself. */
  private hasStored = false;
  private hasNotedLock = false;
  /** Whether it has stored chunks of shards. */
  protected hasMerged = false;

  /**
   * Opens and locks a study's folder; makes it if it does not exist; brings back a study that a killed run had set aside. Call
   * `resume` next. Throws an input error if the folder holds anything else, or if another run works in it.
   */
  constructor(
    readonly folder: string,
    private readonly study: Study,
    private readonly options: StudyRunOptions,
  ) {
    const identified = identify(study);
    const { fresh = false, shard, toolVersion, chunkPoints = chunkPointsOf(study) } = options;
    const { found, unlock } = this.guarded(() => openFolder(folder, { ...identified, shard }, fresh));
    this.found = found;
    this.unlock = unlock;
    this.previous = new PreviousStudy(folder);
    this.manifest =
      found ??
      newManifest(
        identified,
        toolVersion,
        chunkPoints,
        shard && { ...shard, chunks: shardChunks(study, shard, chunkPoints) },
      );
  }

  /**
   * Finds out which chunks of an earlier run are valid. Yields to other events; false if the signal came first.
   *
   * @param onCheck called for each stored chunk, with the number of chunks
   */
  async resume(
    signal?: AbortSignal,
    onCheck: (chunk: number, chunks: number) => void = () => undefined,
  ): Promise<boolean> {
    this.signal = signal;
    if (!this.found) return true;
    const resumed = await resumeStudy(this.folder, this.study, this.found, signal, onCheck);
    if (!resumed) return false;
    this.database = resumed.database;
    this.isFinished = resumed.isFinished;
    this.done = resumed.done;
    this.isDamaged = resumed.isDamaged ?? false;
    this.notes.push(...resumed.notes);
    return true;
  }

  /** Whether the same command would throw away what this run has stored. */
  get startsOver(): boolean {
    return this.options.fresh === true && this.hasStored;
  }

  get chunkPoints(): number {
    return this.manifest.chunk_points;
  }

  /** The chunks that the folder is for. */
  get chunks(): Range {
    return chunksOf(this.manifest);
  }

  /** Numbers of the chunks that are not stored, ascending. */
  pending(): Iterable<number> {
    return numbersOutside(this.done, this.chunks);
  }

  /** Points of the grid in chunks that were stored before the run. */
  get donePoints(): number {
    return this.done.reduce((sum, range) => sum + this.pointsOf(range), 0);
  }

  /** The ids of the folder's chunks. */
  get ids(): Range {
    const { chunks, chunkPoints } = this;
    return { from: chunks.from * chunkPoints, to: Math.min(chunks.to * chunkPoints, gridOf(this.study).size) };
  }

  /** Points of the grid that the folder is for. */
  get allPoints(): number {
    return this.pointsOf(this.chunks);
  }

  /** Where threads write rows and record batches of chunks; undefined where the front alone is stored. */
  get chunksFolder(): string | undefined {
    return this.study.store === 'all' ? studyFiles(this.folder).chunks : undefined;
  }

  /** Chunks, points and rejected points that are stored, and chunks that could not be evaluated. */
  get counts(): Counts {
    return this.database!.counts;
  }

  /** A chunk that could not be evaluated, and why; undefined if there is none. */
  get failure(): StudyDatabase['failure'] {
    return this.database!.failure;
  }

  /** Makes the folder this study's and prepares to store chunks. */
  begin(facts: readonly WorkloadFacts[]): void {
    const files = studyFiles(this.folder);
    this.guarded(() => {
      if (!this.found && existsSync(files.manifest)) this.previous.setAside();
      if (!this.found || this.found.finished !== null) {
        this.manifest = { ...this.manifest, finished: null };
        writeManifest(this.folder, this.manifest);
      }
      if (this.chunksFolder !== undefined) {
        mkdirSync(this.chunksFolder, { recursive: true });
        removeChunkDatabases(this.chunksFolder);
      }
      if (this.isDamaged) keepDamaged(this.folder);
      this.isDamaged = false;
      this.database ??= new StudyDatabase(files.database, this.study);
      this.database.begin(this.manifest, facts, this.done);
    });
    const now = Date.now();
    this.progress = new ProgressFile(this.folder, {
      ...{ host: hostname(), pid: process.pid, since: now, written: now },
      ...{ resumed_at: this.donePoints, done: this.donePoints, failed_chunks: 0 },
    });
  }

  async append(chunk: Chunk): Promise<void> {
    const { database, chunksFolder } = this;
    const rows =
      chunksFolder !== undefined && chunk.points > 0 ? chunkDatabaseFile(chunksFolder, chunk.chunk) : undefined;
    try {
      await retryWhileBusy(
        () => database!.append(chunk, rows),
        () => this.noteLock(),
        this.signal,
      );
    } catch (error) {
      throw storageError(this.folder, error, this.startsOver);
    }
    if (rows !== undefined) rmSync(rows, { force: true });
    this.hasStoredPoints(chunk.to - chunk.from);
  }

  fail(chunk: FailedChunk): void {
    this.guarded(() => this.database!.fail(chunk));
    this.progress?.add(0, 1);
  }

  /**
   * Finishes the files of a run if every chunk is stored: the counts, undefined if chunks are missing or the signal came first. A
   * shard keeps its record batches for the merge. Yields to other events.
   *
   * @param onBatch called for each record batch that is added to `points.arrow`
   */
  async finish(
    signal?: AbortSignal,
    onBatch: (batch: number, chunks: number) => void = () => undefined,
  ): Promise<Counts | undefined> {
    const { database, counts, chunks, folder } = this;
    const files = studyFiles(folder);
    if (counts.chunks < chunks.to - chunks.from) return undefined;
    const { manifest, isFinished, startsOver, hasMerged } = this;
    if (
      !isFinished &&
      !(await finishPoints(this.stored(database!), manifest, { startsOver, hasMerged }, signal, onBatch))
    )
      return undefined;
    this.guarded(() => {
      database!.finish();
      const { merged: _, ...whole } = manifest;
      if (whole.finished === null) writeManifest(folder, { ...whole, finished: new Date().toISOString() });
    });
    this.database = undefined;
    this.previous.discard();
    rmSync(files.progress, { force: true });
    if (!manifest.shard) rmSync(files.chunks, { recursive: true, force: true });
    this.unlock();
    return counts;
  }

  /** Closes the files of a run that stopped before its end; the next run resumes it. A study that it has replaced by nothing is back. */
  stop(): void {
    if (this.database) this.progress?.write();
    this.database?.close();
    this.database = undefined;
    if (!this.hasStored) this.previous.giveBack();
    this.unlock();
  }

  private pointsOf(chunks: Range): number {
    return pointsOfChunks(chunks, gridOf(this.study).size, this.chunkPoints);
  }

  private stored(database: StudyDatabase): StoredStudy {
    const { folder, study, chunkPoints, chunks } = this;
    return { folder, study, database, chunkPoints, chunks };
  }

  protected hasStoredPoints(points: number): void {
    this.hasStored = true;
    this.previous.discard();
    this.progress?.add(points);
  }

  private noteLock(): void {
    if (!this.hasNotedLock)
      this.options.onNote?.(
        `${studyFiles(this.folder).database} is locked by another program; waiting until it is free`,
      );
    this.hasNotedLock = true;
  }

  /** Runs code that writes; its errors say what to do. */
  protected guarded<T>(write: () => T): T {
    return withStorageErrors(this.folder, write, this.startsOver);
  }
}

/** Removes the databases of chunks that a killed run did not store. */
function removeChunkDatabases(folder: string): void {
  for (const name of readdirSync(folder)) if (!name.endsWith('.batch')) rmSync(`${folder}/${name}`, { force: true });
}
