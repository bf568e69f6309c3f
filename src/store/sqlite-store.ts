/** `study.db`: the one place that talks to SQLite for writing. */
import type Database from 'better-sqlite3';
import type { Chunk, Sink } from '../engine/sink.js';
import { evaluateWorkload } from '../model/evaluate.js';
import { baselineValue, toGpu } from '../model/gpu.js';
import { gemmOf, layerPasses, macsOf, type Layer } from '../model/layer.js';
import { AXIS_IDS, describeAxis } from '../model/resources.js';
import { MILLI } from '../model/units.js';
import { cellOf, columnsOf, makeBatch, type Batch, type Column } from '../space/columns.js';
import { sweptAxes, type Study } from '../space/study.js';
import { openDatabase } from './database.js';
import type { Manifest } from './study-folder.js';
import { pointsTable, quoted, STUDY_TABLES } from './schema.js';
import { isBusy } from './sqlite-errors.js';

/** A design on a stored front. */
export interface FrontRow {
  id: number;
  balanced: boolean;
  knee: boolean;
  imbalance: number;
}

type Cell = number | string | null;

/** The database of a study's run: takes chunks, one transaction each, and remembers how far it is. */
export class SqliteStore implements Sink {
  private readonly db: Database.Database;
  private readonly columns: Column[];
  private readonly insertPoint: Database.Statement;
  private readonly insertChunk: Database.Statement;
  private readonly addRejected: Database.Statement;

  constructor(file: string, manifest: Manifest) {
    const { study } = manifest;
    this.columns = columnsOf(study);
    this.db = openDatabase(file);
    this.db.pragma('journal_mode = WAL');
    this.db.pragma('synchronous = NORMAL');
    // Not by the file: a run that was killed early may have left it empty.
    if (!this.hasTables()) this.db.transaction(() => this.createTables(manifest))();
    const marks = this.columns.map(() => '?').join(', ');
    this.insertPoint = this.db.prepare(`INSERT INTO points VALUES (${marks})`);
    this.insertChunk = this.db.prepare('INSERT INTO chunks VALUES (?, ?, ?, ?)');
    this.addRejected = this.db.prepare('UPDATE constraints SET rejected = rejected + ? WHERE position = ?');
  }

  /** First id that no stored chunk covers. */
  get nextId(): number {
    return this.db.prepare('SELECT coalesce(max(end_id), 0) FROM chunks').pluck().get() as number;
  }

  /** Points stored, and points that constraints rejected. */
  get counts(): { points: number; rejected: number } {
    return this.db
      .prepare('SELECT coalesce(sum(points), 0) AS points, coalesce(sum(rejected), 0) AS rejected FROM chunks')
      .get() as { points: number; rejected: number };
  }

  /** Stores a chunk: all of it or, if anything fails, nothing. */
  append(chunk: Chunk): void {
    this.db.transaction(() => {
      this.insertRows(chunk.batch);
      this.insertChunk.run(chunk.from, chunk.to, chunk.batch.rows, chunk.rejected);
      chunk.rejectedBy.forEach((count, position) => this.addRejected.run(count, position));
    })();
  }

  private insertRows({ rows, columns }: Batch): void {
    const cells = new Array<Cell>(this.columns.length);
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < cells.length; c++) cells[c] = cellOf(this.columns[c]!, columns[c]!, row);
      this.insertPoint.run(cells);
    }
  }

  /** Stored rows in the order of their ids, in batches of at most `rows`. */
  *readBatches(rows: number): Generator<Batch> {
    let batch = makeBatch(this.columns, rows);
    const codes = this.columns.map((column) =>
      column.type === 'text'
        ? new Map<unknown, number>(column.dictionary.map((text, code) => [text, code]))
        : undefined,
    );
    const statement = this.db.prepare('SELECT * FROM points ORDER BY id').raw(true);
    for (const cells of statement.iterate() as IterableIterator<Cell[]>) {
      cells.forEach((cell, c) => {
        const code = codes[c];
        batch.columns[c]![batch.rows] = code ? (code.get(cell) ?? -1) : cell === null ? Number.NaN : (cell as number);
      });
      if (++batch.rows === rows) {
        yield batch;
        batch = makeBatch(this.columns, rows);
      }
    }
    if (batch.rows > 0) yield batch;
  }

  /** Forgets stored fronts: they are over fewer points than a run that goes on will have. */
  forgetFronts(): void {
    this.db.exec('DELETE FROM pareto');
  }

  /** Closes the database with everything in its one file: it can be read where nothing can be written. */
  finish(): void {
    try {
      this.db.pragma('journal_mode = DELETE');
    } catch (error) {
      // Someone is reading it right now. It stays as it is, whole, with its -wal file beside it until the last one leaves.
      if (!isBusy(error)) throw error;
    }
    this.db.close();
  }

  /** Closes the database of a run that goes on another time. */
  stop(): void {
    this.db.close();
  }

  private hasTables(): boolean {
    return this.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'points'").get() !== undefined;
  }

  private createTables(manifest: Manifest): void {
    const { study } = manifest;
    this.db.exec(STUDY_TABLES);
    this.db.exec(pointsTable(this.columns));
    this.describeStudy(manifest);
    this.describeAxes(study);
    this.describeWorkloads(study);
    const insert = this.db.prepare('INSERT INTO constraints (position, expression) VALUES (?, ?)');
    study.constraints.forEach((expression, position) => insert.run(position, expression));
  }

  private describeStudy({ name, hash, tool_version, model_version, started, study }: Manifest): void {
    const swept = new Set(sweptAxes(study).map((axis) => axis.id));
    const fixed = AXIS_IDS.filter((id) => !swept.has(id)).map((id) => [id, baselineValue(study.baseline, id)] as const);
    const facts = { name, hash, tool_version, model: study.model, model_version, baseline: study.baseline.id, started };
    const insert = this.db.prepare('INSERT INTO study VALUES (?, ?)');
    for (const [key, value] of [...Object.entries(facts), ['study', JSON.stringify(study)], ...fixed])
      insert.run(key, value);
  }

  private describeAxes(study: Study): void {
    const insert = this.db.prepare('INSERT INTO axes VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    for (const id of AXIS_IDS) {
      const { unit, meaning } = describeAxis(id);
      const baseline = baselineValue(study.baseline, id);
      const digit = study.dimensions.findIndex((dimension) => dimension.some((axis) => axis.id === id));
      const axis = study.dimensions[digit]?.find((candidate) => candidate.id === id);
      (axis?.values ?? [baseline]).forEach((value, position) =>
        insert.run(id, position, value, unit, meaning, baseline, axis ? 1 : 0, axis ? digit + 1 : null),
      );
    }
  }

  private describeWorkloads(study: Study): void {
    const { workloads, baseline } = study;
    const insertWorkload = this.db.prepare('INSERT INTO workloads VALUES (?, ?, ?, ?, ?, ?)');
    const insertLayer = this.db.prepare(`INSERT INTO layers VALUES (${Array(19).fill('?').join(', ')})`);
    const gpu = toGpu(baseline);
    workloads.forEach((workload, w) => {
      const { network, batch, pass } = workload;
      const result = evaluateWorkload(gpu, workload, study.model);
      const baselineMs = 'infeasible' in result ? null : result.seconds / MILLI;
      let macs = 0;
      network.layers.forEach((layer, position) => {
        for (const layerPass of layerPasses(pass, position)) {
          const gemm = gemmOf(layer, batch, layerPass);
          macs += layer.count * macsOf(gemm);
          insertLayer.run(w, position, layerPass, ...layerCells(layer), gemm.m, gemm.n, gemm.k);
        }
      });
      insertWorkload.run(w, network.name, batch, pass, macs, baselineMs);
    });
  }
}

/** Cells of `layers` that describe a layer's shape, in the table's order. */
function layerCells({ name, count, ...shape }: Layer): (string | number)[] {
  const { inChannels, inHeight, inWidth, outChannels, filterHeight, filterWidth, groups } = shape;
  const { strideHeight, strideWidth, padHeight, padWidth } = shape;
  return [
    ...[name, count, inChannels, inHeight, inWidth, outChannels, filterHeight, filterWidth],
    ...[strideHeight, strideWidth, padHeight, padWidth, groups],
  ];
}

/** Stores a front under the name of its objectives, in place of an earlier one. */
export function storeFront(file: string, objectives: string, front: readonly FrontRow[]): void {
  const db = openDatabase(file);
  try {
    const insert = db.prepare('INSERT INTO pareto VALUES (?, ?, ?, ?, ?)');
    db.transaction(() => {
      db.prepare('DELETE FROM pareto WHERE objectives = ?').run(objectives);
      for (const { id, balanced, knee, imbalance } of front)
        insert.run(objectives, id, Number(balanced), Number(knee), imbalance);
    })();
  } finally {
    db.close();
  }
}

/** The metrics' values of all feasible points, by id; points where one of them is NULL are left out. */
export function readMetrics(file: string, metrics: readonly string[]): { ids: Float64Array; values: Float64Array[] } {
  const db = openDatabase(file, { readonly: true });
  try {
    const names = metrics.map(quoted);
    const present = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
    const count = db.prepare('SELECT count(*) FROM points').pluck().get() as number;
    const ids = new Float64Array(count);
    const values = metrics.map(() => new Float64Array(count));
    const rows = db.prepare(`SELECT id, ${names.join(', ')} FROM points WHERE ${present} ORDER BY id`).raw(true);
    let n = 0;
    for (const [id, ...cells] of rows.iterate() as IterableIterator<number[]>) {
      ids[n] = id!;
      cells.forEach((cell, m) => (values[m]![n] = cell));
      n++;
    }
    return { ids: ids.subarray(0, n), values: values.map((column) => column.subarray(0, n)) };
  } finally {
    db.close();
  }
}

/** A row of `points`, by column. */
export type PointRow = Record<string, Cell> & { id: number };

/** The stored front of these objectives, by id; empty if none is stored. */
export function readFront(file: string, objectives: string): FrontRow[] {
  return readAll(file, 'SELECT id, balanced, knee, imbalance FROM pareto WHERE objectives = ? ORDER BY id', [
    objectives,
  ]).map((row) => ({ ...row, balanced: row['balanced'] === 1, knee: row['knee'] === 1 }) as FrontRow);
}

/** Full rows of some points, in the order of the ids given. */
export function readPoints(file: string, ids: readonly number[]): PointRow[] {
  const db = openDatabase(file, { readonly: true });
  try {
    const select = db.prepare('SELECT * FROM points WHERE id = ?');
    return ids.map((id) => select.get(id) as PointRow);
  } finally {
    db.close();
  }
}

/** Points stored in a study. */
export function countPoints(file: string): number {
  return readAll(file, 'SELECT coalesce(sum(points), 0) AS points FROM chunks', [])[0]!['points'] as number;
}

function readAll(file: string, sql: string, parameters: readonly unknown[]): Record<string, Cell>[] {
  const db = openDatabase(file, { readonly: true });
  try {
    return db.prepare(sql).all(...parameters) as Record<string, Cell>[];
  } finally {
    db.close();
  }
}
