/** Points of two studies that are the same design, side by side. */
import type Database from 'better-sqlite3';
import { openReader } from '../database/open-database.js';
import { quoted } from '../database/names.js';
import type { PointRow } from './results.js';

/** The id of the same design in the other study; negative where there is none. */
type Matcher = (id: number) => number;

/** The points of two studies, open for reading, as they are when this is opened. */
export class MatchedPoints {
  private readonly db: Database.Database;

  constructor(before: string, after: string) {
    openReader(after).close();
    this.db = openReader(before);
    this.db.prepare('ATTACH ? AS other').run(after);
    this.db.exec('BEGIN'); // runs in the meantime change nothing here
  }

  /**
   * Ids and cells of the points that both studies have, in the order of the first one's ids: both ids, then each column before
   * and after. The array is SQLite's own, a new one a row.
   */
  rows(columns: readonly string[], match: Matcher): IterableIterator<(number | string | null)[]> {
    this.db.function('matched', { deterministic: true }, (id: unknown) => match(id as number));
    const cells = columns.map((name) => `b.${quoted(name)}, a.${quoted(name)}`).join(', ');
    // CROSS JOIN keeps the order: one study is read from end to end, the other one by id.
    return this.db
      .prepare(`SELECT b.id, a.id, ${cells} FROM main.points b CROSS JOIN other.points a WHERE a.id = matched(b.id)`)
      .raw(true)
      .iterate() as IterableIterator<(number | string | null)[]>;
  }

  /** Points that a study has stored, by workload: of several that are the same design, one. */
  count(side: 'before' | 'after', workloads: number, pointsPerWorkload: number, canonical?: Matcher): number[] {
    if (canonical)
      this.db.function('first_of_kind', { deterministic: true }, (id) => Number(canonical(id as number) === id));
    const counts = this.db
      .prepare(
        `SELECT count(*) FROM ${side === 'before' ? 'main' : 'other'}.points WHERE id >= ? AND id < ?` +
          (canonical ? ' AND first_of_kind(id)' : ''),
      )
      .pluck();
    return Array.from(
      { length: workloads },
      (_, w) => counts.get(w * pointsPerWorkload, (w + 1) * pointsPerWorkload) as number,
    );
  }

  /** The row of one point; undefined where there is none. */
  pointReader(side: 'before' | 'after'): (id: number) => PointRow | undefined {
    const select = this.db.prepare(`SELECT * FROM ${side === 'before' ? 'main' : 'other'}.points WHERE id = ?`);
    return (id) => select.get(id) as PointRow | undefined;
  }

  close(): void {
    this.db.close();
  }
}
