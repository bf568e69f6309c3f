/** What commands read from a stored study, and the fronts that they store in it. */
import { LOG_UNIT } from '../engine/marginals.js';
import type Database from 'better-sqlite3';
import { REASONS } from '../model/reasons.js';
import { openDatabase } from './database.js';
import { quoted } from './generated.js';

type Cell = number | string | null;

/** A design on a stored front. */
export interface FrontRow {
  id: number;
  balanced: boolean;
  knee: boolean;
  imbalance: number;
  /** Why it takes its time, by column (`REASONS`); none where all points have them, or an older study has not. */
  reasons?: Record<string, Cell>;
}

/** Stores a front under the name of its objectives, in place of an earlier one; of reasons, what the table has columns for. */
export function storeFront(file: string, objectives: string, front: readonly FrontRow[]): void {
  const db = openDatabase(file);
  try {
    const names = reasonNames(db);
    const columns = ['objectives', 'id', 'balanced', 'knee', 'imbalance', ...names].map(quoted);
    const insert = db.prepare(
      `INSERT INTO pareto (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    db.transaction(() => {
      db.prepare('DELETE FROM pareto WHERE objectives = ?').run(objectives);
      for (const { id, balanced, knee, imbalance, reasons } of front) {
        const cells = names.map((name) => reasons?.[name] ?? null);
        insert.run(objectives, id, Number(balanced), Number(knee), imbalance, ...cells);
      }
    })();
  } finally {
    db.close();
  }
}

/** The columns of reasons that a study's table of fronts has. */
function reasonNames(db: Database.Database): string[] {
  const columns = new Set(db.prepare("SELECT name FROM pragma_table_info('pareto')").pluck().all() as string[]);
  return REASONS.map(({ name }) => name).filter((name) => columns.has(name));
}

/** Metrics of some points, one array each, ids ascending. */
export interface MetricBatch {
  ids: Float64Array;
  values: Float64Array[];
}

/** Rows of a batch of metrics. */
const BATCH_ROWS = 65_536;

/**
 * The metrics' values of all points, batch by batch; points where one of them is NULL are left out.
 *
 * @param alike instead of by id alone: first by `floor(id / (stride x radix))` and `id mod stride`
 */
export function* readMetrics(
  file: string,
  metrics: readonly string[],
  alike?: { stride: number; radix: number },
): Generator<MetricBatch> {
  const db = openDatabase(file, { readonly: true });
  try {
    const names = metrics.map(quoted);
    const present = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
    const order = alike ? `id / ${alike.stride * alike.radix}, id % ${alike.stride}, id` : 'id';
    const rows = db.prepare(`SELECT id, ${names.join(', ')} FROM points WHERE ${present} ORDER BY ${order}`).raw(true);
    const columns = [new Float64Array(BATCH_ROWS), ...metrics.map(() => new Float64Array(BATCH_ROWS))];
    let used = 0;
    const filled = (): MetricBatch => {
      const [ids, ...values] = columns.map((column) => column.subarray(0, used));
      return { ids: ids!, values };
    };
    for (const cells of rows.iterate() as IterableIterator<number[]>) {
      for (let c = 0; c < columns.length; c++) columns[c]![used] = cells[c]!;
      if (++used < BATCH_ROWS) continue;
      yield filled();
      used = 0;
    }
    if (used > 0) yield filled();
  } finally {
    db.close();
  }
}

/** A row of `points`, by column. */
export type PointRow = Record<string, Cell> & { id: number };

/** The stored front of these objectives, by id; empty if none is stored. */
export function readFront(file: string, objectives: string): FrontRow[] {
  return readAll(file, 'SELECT * FROM pareto WHERE objectives = ? ORDER BY id', [objectives]).map(
    ({ objectives: _, id, balanced, knee, imbalance, ...reasons }) =>
      ({ id, balanced: balanced === 1, knee: knee === 1, imbalance, reasons }) as FrontRow,
  );
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

/** Along each axis, sums over the feasible points with one value: what a study holds that keeps its front alone. */
export interface MarginalRow {
  workload: number;
  digit: number;
  position: number;
  points: number;
  /** Sum of ln(time_ms). */
  logTime: number;
}

export function readMarginals(file: string): MarginalRow[] {
  const sql = `SELECT workload, digit, position, points - infeasible AS points, log_time * ${LOG_UNIT} AS logTime FROM marginals`;
  return readAll(file, sql, []) as unknown as MarginalRow[];
}

/** Full rows of all stored points, by id: of studies with few. */
export function readAllPoints(file: string): PointRow[] {
  return readAll(file, 'SELECT * FROM points ORDER BY id', []) as PointRow[];
}

/** Points of a study that were evaluated: stored, but where the front alone is. */
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
