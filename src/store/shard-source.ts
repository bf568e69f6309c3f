/** A shard as it is merged: its ledger, verified, and its front, where that alone is stored. */
import type Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { showShard } from '../engine/shards.js';
import type { Chunk, Marginal } from '../engine/sink.js';
import { DeltaSweepError, inputError } from '../errors.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { columnsOf, makeBatch, storedColumns, type Batch, type Column } from '../space/columns.js';
import { workloadFacts } from '../space/facts.js';
import { gridOf, type Study } from '../space/study.js';
import { openDatabase } from './database.js';
import { readFact } from './describe-study.js';
import { frontProblems } from './front-digest.js';
import { differences, hashOf, identify } from './identity.js';
import { isSound, type LedgerLine } from './ledger.js';
import { lockIfPossible } from './lock.js';
import { readManifest, type Manifest, type StoredShard } from './manifest.js';
import { rowReader } from './read-rows.js';
import { isSqliteError } from './sqlite-errors.js';
import { studyFiles } from './study-files.js';

export class ShardSource {
  readonly manifest: Manifest & { shard: StoredShard };
  /** Its ledger, and facts of its workloads; nothing of a shard that has not finished: another machine may be writing them. */
  readonly lines: readonly LedgerLine[] = [];
  readonly facts: readonly WorkloadFacts[] = [];
  private readonly columns: readonly Column[];
  /** Lets runs in again. */
  unlock: () => void = () => undefined;

  /** Reads what a folder says of itself. Throws an input error, which names the folder, where that is not a sound shard. */
  constructor(readonly folder: string) {
    if (!existsSync(studyFiles(folder).manifest)) throw this.problem('holds no shard', 'a folder of run --shard');
    const manifest = readManifest(folder);
    if (!manifest.shard) throw this.problem('holds a whole study', 'a shard of one');
    this.manifest = { ...manifest, shard: manifest.shard };
    this.checkIdentity();
    this.columns = columnsOf(this.study);
    if (!this.isFinished) return;
    const { lines, facts, hash } = this.withDatabase((db) => ({
      lines: readLines(db),
      facts: readFacts(db, this.study),
      hash: readFact(db, 'hash'),
    }));
    if (hash !== manifest.hash) throw this.problem('study.db is of another study than study.json', AGAIN);
    this.lines = lines;
    this.facts = facts;
    this.checkLedger();
  }

  /** Its points are to be those of the study that is in it, as this version of the program makes them. */
  private checkIdentity(): void {
    const { manifest, study } = this;
    if (hashOf(manifest) !== manifest.hash)
      throw this.problem('study.json: its hash is not that of the study in it', AGAIN);
    const now = identify(study);
    if (hashOf(now) !== manifest.hash)
      throw this.problem(
        `was stored by version ${manifest.tool_version} of the program (differs in ${differences(manifest, now).join(', ')})`,
        'shards of this version: run it again with --fresh',
      );
  }

  private checkLedger(): void {
    const { lines, manifest } = this;
    const { from, to } = manifest.shard.chunks;
    const { size } = gridOf(this.study);
    const isGood = (line: LedgerLine) =>
      isSound(line, size, manifest.chunk_points) && line.chunk >= from && line.chunk < to;
    const bad = lines.find((line) => !isGood(line));
    if (bad) throw this.problem(`its line of the ledger for chunk ${bad.chunk} is damaged`, AGAIN);
    if (lines.length !== to - from) throw this.problem(`its ledger has ${lines.length} of ${to - from} chunks`, AGAIN);
  }

  get study(): Study {
    return this.manifest.study;
  }

  get isFinished(): boolean {
    return this.manifest.finished !== null;
  }

  get name(): string {
    return showShard(this.manifest.shard);
  }

  /** Keeps runs out until `unlock`. Throws an input error where one is at work, or has been since the shard was read. */
  lock(): void {
    this.unlock = lockIfPossible(this.folder);
    const { started, finished } = readManifest(this.folder);
    if (started === this.manifest.started && finished === this.manifest.finished) return;
    this.unlock();
    throw this.problem('was run again as it was read', 'shards at rest: merge again');
  }

  /** Throws an input error where the front alone is stored, and is not what was written. */
  checkFront(): void {
    if (this.study.store !== 'front') return;
    const [problem] = this.withDatabase((db) => frontProblems(db, this.study));
    if (problem !== undefined) throw this.problem(problem, AGAIN);
  }

  /** All chunks, of which the front alone is kept: what is left of their rows comes with the first. */
  frontChunks(): Chunk[] {
    const stored = storedColumns(this.columns);
    const { batch, marginals } = this.withDatabase((db) => ({
      batch: rowReader(db, stored)(0, gridOf(this.study).size),
      marginals: readMarginals(db),
    }));
    const [first, ...others] = this.lines;
    if (!first) return [];
    const none = makeBatch(stored, 0);
    return [{ ...chunkOf(first, batch), marginals }, ...others.map((line) => chunkOf(line, none))];
  }

  problem(what: string, expected?: string): DeltaSweepError {
    return inputError({ what, file: this.folder, ...(expected === undefined ? {} : { expected }) });
  }

  private withDatabase<T>(read: (db: Database.Database) => T): T {
    let db: Database.Database | undefined;
    try {
      db = openDatabase(studyFiles(this.folder).database, { readonly: true, fileMustExist: true });
      return read(db);
    } catch (error) {
      const cause = error instanceof DeltaSweepError ? error.cause : error;
      if (!isSqliteError(cause)) throw error;
      throw this.problem(`its study.db cannot be read (${(cause as Error).message})`, AGAIN);
    } finally {
      db?.close();
    }
  }
}

/** What to do about a shard that is damaged. */
export const AGAIN = 'the shard as it was stored: run it again with --fresh';

const readLines = (db: Database.Database) => db.prepare('SELECT * FROM chunks ORDER BY chunk').all() as LedgerLine[];

function readFacts(db: Database.Database, { workloads }: Study): WorkloadFacts[] {
  const times = db.prepare('SELECT baseline_ms FROM workloads ORDER BY workload').pluck().all() as (number | null)[];
  return workloads.map((workload, w) => workloadFacts(workload, times[w] ?? Number.NaN));
}

function chunkOf(
  { chunk, first_id: from, end_id: to, points, rejected, rejected_by }: LedgerLine,
  batch: Batch,
): Chunk {
  return { chunk, from, to, points, rejected, rejectedBy: JSON.parse(rejected_by) as number[], batch };
}

function readMarginals(db: Database.Database): Marginal<bigint>[] {
  const rows = db.prepare('SELECT * FROM marginals').safeIntegers().raw().all() as (bigint | number | null)[][];
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
