/** A shard that is to be merged: its lines of `chunks`, checked, its record batches, and its front where that alone is stored. */
import type Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import type { Marginal } from '../../engine/sink.js';
import { DeltaSweepError, inputError } from '../../errors.js';
import type { WorkloadFacts } from '../../model/metrics.js';
import { columnsOf, storedColumns, type Batch } from '../../space/columns.js';
import { gridOf, type Study } from '../../space/study.js';
import { readBatchFile } from '../arrow/batch-files.js';
import { isLineSound, readLines, type ChunkLine } from '../database/chunk-table.js';
import { descriptionProblems, readFact, readFacts } from '../database/describe-study.js';
import { withReader } from '../database/open-database.js';
import { isSqliteError } from '../database/sqlite-errors.js';
import { frontProblems } from '../database/stored-front.js';
import { differences, hashOf, identify, type Identified } from '../folder/identity.js';
import { lockIfPossible } from '../folder/lock.js';
import { readManifest, type Manifest, type StoredShard } from '../folder/manifest.js';
import { studyFiles } from '../folder/study-files.js';
import { rowReader } from '../read/read-rows.js';

/** What to do about a shard that is damaged. */
export const RUN_AGAIN = 'the shard as it was stored: run it again with --fresh';

export class ShardSource {
  readonly manifest: Manifest & { shard: StoredShard };
  /** Its lines, and figures of its workloads; empty for a shard that has not finished: another machine may be writing them. */
  readonly lines: readonly ChunkLine[] = [];
  readonly facts: readonly WorkloadFacts[] = [];
  unlock: () => void = () => undefined;

  /** Throws an input error, which names the folder, where that is not a sound shard. */
  constructor(readonly folder: string) {
    if (!existsSync(studyFiles(folder).manifest)) throw this.problem('holds no shard', 'a folder of run --shard');
    const manifest = readManifest(folder);
    if (!manifest.shard) throw this.problem('holds a whole study', 'a shard of one');
    this.manifest = { ...manifest, shard: manifest.shard };
    this.checkIdentity();
    if (!this.isFinished) return;
    const { lines, facts, hash } = this.withDatabase((db) => ({
      lines: readLines(db),
      facts: readFacts(db, this.study),
      hash: readFact(db, 'hash'),
    }));
    if (hash !== manifest.hash) throw this.problem('study.db is of another study than study.json', RUN_AGAIN);
    this.lines = lines;
    this.facts = facts;
    this.checkLines();
  }

  /** The study must be what this version of the program makes of it. */
  private checkIdentity(): void {
    const { manifest, study } = this;
    if (hashOf(manifest) !== manifest.hash)
      throw this.problem('study.json: its hash is not that of the study in it', RUN_AGAIN);
    const now = identify(study);
    if (hashOf(now) !== manifest.hash)
      throw this.problem(
        `was stored by version ${manifest.tool_version} of the program (differs in ${differences(manifest, now).join(', ')})`,
        'shards of this version: run it again with --fresh',
      );
  }

  private checkLines(): void {
    const { lines, manifest, study } = this;
    const { chunks } = manifest.shard;
    const bounds = { gridSize: gridOf(study).size, chunkPoints: manifest.chunk_points, chunks };
    const damaged = lines.find((line) => !isLineSound(line, bounds));
    if (damaged) throw this.problem(`its line of chunks for chunk ${damaged.chunk} is damaged`, RUN_AGAIN);
    const count = chunks.to - chunks.from;
    if (lines.length !== count) throw this.problem(`it has ${lines.length} of ${count} chunks`, RUN_AGAIN);
  }

  get study(): Study {
    return this.manifest.study;
  }

  get identified(): Identified {
    return this.manifest;
  }

  get shard(): StoredShard {
    return this.manifest.shard;
  }

  get isFinished(): boolean {
    return this.manifest.finished !== null;
  }

  /** Keeps runs out until `unlock`. Throws an input error where one is at work, or was since the shard was read. */
  lock(): void {
    this.unlock = lockIfPossible(this.folder);
    const { started, finished } = readManifest(this.folder);
    if (started === this.manifest.started && finished === this.manifest.finished) return;
    this.unlock();
    throw this.problem('was run again while it was read', 'shards at rest: merge again');
  }

  /** Throws an input error where the record batch of a line is not as it was stored. */
  checkBatch({ chunk, sha256 }: ChunkLine): void {
    if (sha256 === null) return;
    const damaged = (fault: string) => this.problem(`its record batch of chunk ${chunk} ${fault}`, RUN_AGAIN);
    let isSound: boolean;
    try {
      isSound = readBatchFile(studyFiles(this.folder).chunks, chunk, sha256) !== undefined;
    } catch (error) {
      throw damaged(`cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
    }
    if (!isSound) throw damaged('is missing or damaged');
  }

  /** Throws an input error where the tables that follow from the study are not as they were stored. */
  checkDescription(): void {
    const [problem] = this.withDatabase((db) => descriptionProblems(db, this.manifest));
    if (problem !== undefined) throw this.problem(`study.db: ${problem}`, 'the shard as it was stored: run it again');
  }

  /** Throws an input error where the front alone is stored, and is not what was written. */
  checkFront(): void {
    if (this.study.store !== 'front') return;
    const [problem] = this.withDatabase((db) => frontProblems(db, this.study));
    if (problem !== undefined) throw this.problem(problem, RUN_AGAIN);
  }

  /** The stored front, and the sums along the axes beside it. */
  readFront(): { front: Batch; marginals: Marginal<bigint>[] } {
    const stored = storedColumns(columnsOf(this.study));
    return this.withDatabase((db) => ({
      front: rowReader(db, stored)(0, gridOf(this.study).size),
      marginals: readMarginals(db),
    }));
  }

  /** An error that says that the shard's database is not as it was stored. */
  databaseProblem(error: Error): DeltaSweepError {
    return this.problem(`its study.db cannot be read (${error.message})`, RUN_AGAIN);
  }

  problem(what: string, expected?: string): DeltaSweepError {
    return inputError({ what, file: this.folder, ...(expected === undefined ? {} : { expected }) });
  }

  private withDatabase<T>(read: (db: Database.Database) => T): T {
    try {
      return withReader(studyFiles(this.folder).database, read);
    } catch (error) {
      const cause = error instanceof DeltaSweepError ? error.cause : error;
      if (!isSqliteError(cause)) throw error;
      throw this.databaseProblem(cause as Error);
    }
  }
}

function readMarginals(db: Database.Database): Marginal<bigint>[] {
  const columns = 'workload, digit, position, points, infeasible, log_time, least_time_ms, least_time_id';
  const rows = db.prepare(`SELECT ${columns} FROM marginals`).safeIntegers().raw().all() as (
    bigint | number | null
  )[][];
  return rows.map((cells) => {
    const [workload, digit, position, points, infeasible, , leastTimeMs, leastTimeId] = cells.map(numberOrNull);
    return {
      ...{ workload: workload!, digit: digit!, position: position!, points: points!, infeasible: infeasible! },
      logTimeSum: cells[5] as bigint,
      leastTimeMs: leastTimeMs ?? Number.POSITIVE_INFINITY,
      leastTimeId: leastTimeId ?? -1,
    };
  });
}

const numberOrNull = (cell: bigint | number | null) => (cell === null ? null : Number(cell));
