/** What commands read from a stored study. */
import { LOG_UNIT } from '../../engine/marginals.js';
import { openReader, withReader } from '../database/open-database.js';
import { selectMetrics } from './read-metrics.js';

type Cell = number | string | null;

/**
 * The metrics of designs that have all of them for every workload: the rows of each, one a workload, id first. A cursor a
 * workload walks its points, in step with the others, so that memory does not grow with the study. The list that holds the
 * rows is used again.
 *
 * @param pointsPerWorkload how far apart in id the points of a design are
 */
export function* readDesigns(
  file: string,
  metrics: readonly string[],
  workloads: number,
  pointsPerWorkload: number,
): Generator<readonly (readonly number[])[]> {
  const db = openReader(file);
  const cursors = Array.from({ length: workloads }, (_, workload) => {
    const rows = db.prepare(`${selectMetrics(metrics)} AND id >= ? AND id < ? ORDER BY id`).raw(true);
    const from = workload * pointsPerWorkload;
    return rows.iterate(from, from + pointsPerWorkload) as IterableIterator<number[]>;
  });
  try {
    const rows: number[][] = [];
    const positions = new Float64Array(workloads).fill(-1);
    for (let target = 0; ;) {
      for (let w = 0; w < workloads; w++) {
        while (positions[w]! < target) {
          const next = cursors[w]!.next() as IteratorResult<number[], undefined>;
          if (next.done) return;
          rows[w] = next.value;
          positions[w] = next.value[0]! - w * pointsPerWorkload;
        }
      }
      const furthest = Math.max(...positions);
      if (furthest === target) yield rows;
      target = furthest === target ? target + 1 : furthest;
    }
  } finally {
    for (const cursor of cursors) cursor.return!();
    db.close();
  }
}

/** A row of `points`, by column. */
export type PointRow = Record<string, Cell> & { id: number };

/** Full rows of some points, in the order of the ids given. */
export function readPoints(file: string, ids: readonly number[]): PointRow[] {
  return withReader(file, (db) => {
    const select = db.prepare('SELECT * FROM points WHERE id = ?');
    return ids.map((id) => select.get(id) as PointRow);
  });
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
  return withReader(file, (db) => db.prepare(sql).all() as MarginalRow[]);
}

/** Full rows of all stored points, by id: of studies with few. */
export function readAllPoints(file: string): PointRow[] {
  return withReader(file, (db) => db.prepare('SELECT * FROM points ORDER BY id').all() as PointRow[]);
}

/** Points of a study that were evaluated: stored, but where the front alone is. */
export function countPoints(file: string): number {
  return withReader(file, (db) => db.prepare('SELECT coalesce(sum(points), 0) FROM chunks').pluck().get() as number);
}
