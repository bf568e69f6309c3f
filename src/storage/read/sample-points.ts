/** Some of a study's points, to stand for all of them: the same ones each time. */
import { withReader } from '../database/open-database.js';
import type { PointRow } from './results.js';

/** Ids that are tried for each point that is wanted: enough where constraints leave one in 200. */
const TRIES = 200;

/** Multiples of this, modulo 1, are spread evenly however many there are, and fall in step with no digit of an id. */
const GOLDEN = 0.618033988749895;

export interface Sample {
  /** Feasible points, ids ascending. */
  rows: PointRow[];
  /** All points that are stored in the range, infeasible ones too. */
  stored: number;
  /** The feasible ones among them. */
  feasible: number;
  /** Whether the rows are all feasible points of the range. */
  isWhole: boolean;
}

/** Feasible points with ids from `from` up to, not including, `to`: all, or some `most` of them, spread evenly over the ids. */
export function samplePoints(file: string, from: number, to: number, most: number): Sample {
  return withReader(file, (db) => {
    const counts = db.prepare(
      'SELECT count(*) AS stored, count(*) - count(infeasible) AS feasible FROM points WHERE id >= ? AND id < ?',
    );
    const { stored, feasible } = counts.get(from, to) as Pick<Sample, 'stored' | 'feasible'>;
    if (stored <= most) {
      const all = db.prepare('SELECT * FROM points WHERE id >= ? AND id < ? AND infeasible IS NULL ORDER BY id');
      return { rows: all.all(from, to) as PointRow[], stored, feasible, isWhole: true };
    }
    const one = db.prepare('SELECT * FROM points WHERE id = ? AND infeasible IS NULL');
    const rows = new Map<number, PointRow>();
    for (let i = 1; i <= TRIES * most && rows.size < most; i++) {
      const id = from + Math.floor(((i * GOLDEN) % 1) * (to - from));
      const row = rows.has(id) ? undefined : (one.get(id) as PointRow | undefined);
      if (row) rows.set(id, row);
    }
    return { rows: [...rows.values()].sort((a, b) => a.id - b.id), stored, feasible, isWhole: false };
  });
}

const REASONS = `SELECT infeasible AS reason, count(*) AS points FROM points
  WHERE id >= ? AND id < ? AND infeasible IS NOT NULL GROUP BY infeasible ORDER BY points DESC`;

/** Why designs of a range cannot run, and how many; the reason of most first. */
export function countInfeasible(file: string, from: number, to: number): { reason: string; points: number }[] {
  return withReader(file, (db) => db.prepare(REASONS).all(from, to) as { reason: string; points: number }[]);
}
