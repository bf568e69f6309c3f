/** A study, or a shard of one, on its way into its folder: rows and ledger in SQLite, record batches as parts; resumed where a run stopped. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { syncParts } from '../arrow/part-files.js';
import { chunkPointsOf, pointsOfChunks, type Range } from '../engine/chunks.js';
import { shardChunks, type Shard } from '../engine/shards.js';
import type { Chunk, FailedChunk, Sink } from '../engine/sink.js';
import { DeltaSweepError } from '../errors.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { gridOf, type Study } from '../space/study.js';
import { assemblePoints } from './assemble-points.js';
import { believeLedger, Damage, type Left } from './believe.js';
import { tellingOfFullDisk } from './full-disk.js';
import { identify } from './identity.js';
import { numbersOutside, type LedgerLine, type Stretches } from './ledger.js';
import type { MergeFiles } from './merge-files.js';
import { chunksOf, newManifest, writeManifest, type Manifest } from './manifest.js';
import { discard, giveBack, hasPrevious, setAside } from './previous.js';
import { ProgressFile } from './run-progress.js';
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
  /** The share of the study that the folder is for; default: all of it. */
  shard?: Shard | undefined;
}

export class StudyRun implements Sink {
  private readonly unlock: () => void;
  private readonly found: Manifest | undefined;
  private manifest: Manifest;
  private database: StudyDatabase | undefined;
  private done: Stretches = [];
  private progress: ProgressFile | undefined;
  private hasPrevious: boolean;
  /** Whether this run has set an earlier study aside, and whether it has stored anything itself. */
  private hasSetAside = false;
  private hasStored = false;
  /** Whether the folder held the whole study, or shard, already; known after `resume`. */
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
    const { fresh = false, shard, toolVersion, chunkPoints = chunkPointsOf(study) } = options;
    const { found, unlock } = this.guarded(() => openFolder(folder, { ...identified, shard }, fresh));
    this.found = found;
    this.unlock = unlock;
    this.hasPrevious = hasPrevious(folder);
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
      this.isFinished = this.found.finished !== null && this.isWhole(database);
      if (this.isFinished) return true;
      if (!this.guarded(() => database.isSound())) throw new Damage('SQLite finds it corrupt');
      const believed = await believeLedger(this.left(database), signal, onCheck);
      this.done = believed?.done ?? [];
      this.notes.push(...(believed?.notes ?? []));
      return believed !== undefined;
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

  /** The chunks that the folder is for. */
  get chunks(): Range {
    return chunksOf(this.manifest);
  }

  /** Numbers of those that are not stored, ascending. */
  pending(): Iterable<number> {
    return numbersOutside(this.done, this.chunks);
  }

  /** Points of the grid in chunks that are stored. */
  get donePoints(): number {
    return this.done.reduce((sum, stretch) => sum + this.pointsOf(stretch), 0);
  }

  /** The ids of its chunks. */
  get ids(): Range {
    const { chunks, chunkPoints } = this;
    return { from: chunks.from * chunkPoints, to: Math.min(chunks.to * chunkPoints, gridOf(this.study).size) };
  }

  /** Points of the grid that the folder is for. */
  get allPoints(): number {
    return this.pointsOf(this.chunks);
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
      this.database.begin(this.manifest, facts, this.partsFolder === undefined ? undefined : files.incoming);
    });
    this.progress = this.startProgress(this.donePoints);
  }

  /** How far a run is that starts with so many points of the grid. */
  private startProgress(done: number): ProgressFile {
    const now = Date.now();
    return new ProgressFile(this.folder, {
      ...{ host: hostname(), pid: process.pid, since: now, written: now },
      ...{ resumed_at: done, done, failed_chunks: 0 },
    });
  }

  /** Says in the study how many of its shards it holds, until it is whole. */
  markMerged(merged: NonNullable<Manifest['merged']>): void {
    this.guarded(() => {
      this.manifest = { ...this.manifest, merged };
      writeManifest(this.folder, this.manifest);
      this.database!.markMerged(merged);
    });
  }

  /** The manifest of the study with some of its shards or, without that, with all of them. */
  manifestOf(merged: Manifest['merged']): Manifest {
    const { merged: _, ...manifest } = this.manifest;
    return { ...manifest, finished: null, ...(merged ? { merged } : {}) };
  }

  /** Whether the study holds so many of its shards, and says so. */
  isMarked({ shards, of }: NonNullable<Manifest['merged']>): boolean {
    const { merged } = this.manifest;
    return merged?.shards === shards && merged.of === of;
  }

  /** Lines of the ledger that can be believed, by chunk. */
  ledger(): LedgerLine[] {
    return this.database?.hasTables ? [...this.database.ledger()] : [];
  }

  /** What the folder holds gives way to the files of a merge; the study is finished unless shards are missing. */
  replaceBy(files: MergeFiles, lines: readonly LedgerLine[]): void {
    const { database: file, parts, progress } = studyFiles(this.folder);
    this.guarded(() => {
      // Of a study that is there, the manifest tells what it holds until it holds something else.
      if (!this.found) writeManifest(this.folder, files.manifest);
      if (this.database) this.database.giveWay(() => files.publish());
      else {
        for (const suffix of DATABASE_LOGS) rmSync(file + suffix, { force: true });
        files.publish();
      }
      this.database = undefined;
      this.manifest = files.manifest;
      const finished = this.manifest.merged ? null : new Date().toISOString();
      writeManifest(this.folder, { ...this.manifest, finished });
    });
    this.hasStored = true;
    this.discardPrevious();
    const points = lines.reduce((sum, { first_id, end_id }) => sum + end_id - first_id, 0);
    if (this.manifest.merged) this.startProgress(points).write();
    else for (const name of [parts, progress]) rmSync(name, { recursive: true, force: true });
    files.remove();
  }

  append(chunk: Chunk): void {
    this.store(() => this.database!.append(chunk));
    this.progress?.add(chunk.to - chunk.from);
  }

  /** Stores chunks of which the front alone is kept: all of them or, if anything fails, none. */
  appendTogether(chunks: readonly Chunk[]): void {
    this.store(() => this.database!.appendTogether(chunks));
    this.progress?.add(chunks.reduce((sum, { from, to }) => sum + to - from, 0));
  }

  private store(write: () => void): void {
    this.guarded(write);
    this.hasStored = true;
    this.discardPrevious();
  }

  fail(chunk: FailedChunk): void {
    this.guarded(() => this.database!.fail(chunk));
    this.progress?.add(0, 1);
  }

  /**
   * Finishes the files of a run, if every chunk is stored: what they hold, undefined if chunks are missing. A shard keeps its
   * parts, for the study that it is to be merged into. Gives way to other events now and then; a signal stops it, and the next
   * run finishes.
   *
   * @param onPart told of each chunk that goes into `points.arrow`
   */
  async finish(
    signal?: AbortSignal,
    onPart: (chunk: number, chunks: number) => void = () => undefined,
  ): Promise<StudyDatabase['counts'] | undefined> {
    const { database, counts, chunks } = this;
    const isShard = this.manifest.shard !== undefined;
    if (counts.chunks < chunks.to - chunks.from) return undefined;
    if (!this.isFinished) {
      const stored = { ...this.left(database!), hash: this.manifest.hash, fresh: this.startsOver };
      if (isShard) this.syncParts();
      else if (!(await assemblePoints(stored, signal, onPart))) return undefined;
      // A front stored by `pareto` while the run was at work is of a part of the points.
      this.guarded(() => {
        database!.forgetFronts();
        database!.markMerged(undefined);
      });
    }
    this.guarded(() => {
      database!.finish();
      const { merged: _, ...manifest } = this.manifest;
      if (manifest.finished === null) writeManifest(this.folder, { ...manifest, finished: new Date().toISOString() });
    });
    this.database = undefined;
    this.discardPrevious();
    rmSync(studyFiles(this.folder).progress, { force: true });
    const { incoming, parts, merging } = studyFiles(this.folder);
    for (const name of isShard ? [incoming] : [parts, merging]) rmSync(name, { recursive: true, force: true });
    this.unlock();
    return counts;
  }

  /** Has the parts of a shard on the disk before it says that it is finished. */
  private syncParts(): void {
    const { parts } = studyFiles(this.folder);
    this.guarded(() => {
      if (existsSync(parts)) syncParts(parts);
    });
  }

  /** Closes the files of a run that stopped before its end; the next run goes on from there. What it has replaced with nothing is back. */
  stop(): void {
    if (this.database) this.progress?.write();
    this.database?.close();
    this.database = undefined;
    if (this.hasSetAside && !this.hasStored) {
      giveBack(this.folder);
      rmSync(studyFiles(this.folder).progress, { force: true });
    }
    this.hasSetAside = false;
    this.unlock();
  }

  private pointsOf(chunks: Range): number {
    return pointsOfChunks(chunks, gridOf(this.study).size, this.chunkPoints);
  }

  /** What an earlier run, or this one, has left. */
  private left(database: StudyDatabase): Left {
    const { folder, study, chunkPoints, chunks } = this;
    return { folder, study, database, chunkPoints, chunks };
  }

  /** Whether a study that says that it is finished has all that it should. */
  private isWhole(database: StudyDatabase): boolean {
    const { points, parts } = studyFiles(this.folder);
    const { chunks, manifest } = this;
    if (database.counts.chunks !== chunks.to - chunks.from) return false;
    if (!manifest.shard) return existsSync(points);
    return this.partsFolder === undefined || countFiles(parts) >= database.partCount;
  }

  /** Removes what `fresh` has replaced, once something of the new study is stored. */
  private discardPrevious(): void {
    if (this.hasPrevious) discard(this.folder);
    this.hasPrevious = false;
  }

  /** Puts a damaged database aside: everything is evaluated again. */
  private replaceDatabase(reason: string): void {
    const { database: file } = studyFiles(this.folder);
    this.database?.close();
    this.database = undefined;
    this.done = [];
    for (const suffix of [...DATABASE_LOGS, ''])
      if (existsSync(file + suffix)) renameSync(file + suffix, `${file}.damaged${suffix}`);
    this.notes.push(`${file} is damaged (${reason}): kept as study.db.damaged, and everything is evaluated again`);
  }

  /** Does what writes; a full disk is told as such. */
  private guarded<T>(write: () => T): T {
    return tellingOfFullDisk(this.folder, write, this.startsOver);
  }
}

/** What SQLite may leave beside a database. */
const DATABASE_LOGS = ['-wal', '-shm', '-journal'];

const countFiles = (folder: string) => (existsSync(folder) ? readdirSync(folder).length : 0);
