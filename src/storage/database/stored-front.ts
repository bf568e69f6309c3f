/** The front in `points`, where a study keeps nothing else: exact for the chunks so far, after each one. */
import type Database from 'better-sqlite3';
import { WorkloadFronts } from '../../analysis/workload-fronts.js';
import type { Marginal } from '../../engine/sink.js';
import type { WorkloadFacts } from '../../model/metrics.js';
import { showNumber } from '../../model/units.js';
import { columnsOf, storedColumns, type Batch } from '../../space/columns.js';
import { objectiveReader } from '../../space/objectives.js';
import { gridOf, type Study } from '../../space/study.js';
import { readFact } from './describe-study.js';
import { rowInserter, type InsertRows } from './insert-rows.js';
import { rowReader } from '../read/read-rows.js';

/** The row of the table `study` with the number of points on the front and the sum of their ids: rows that a user deleted or added are noticed. */
const FRONT_ROWS = 'front_points';

const WRITE_ROWS = `INSERT OR REPLACE INTO study (key, value)
  SELECT '${FRONT_ROWS}', count(*) || ' points, ids sum to ' || coalesce(sum(CAST(id AS INTEGER)), 0) FROM evaluated`;

/** How a stored front, or the sums along the axes beside it, differs from what its run has stored. */
export function frontProblems(db: Database.Database, study: Study): string[] {
  const count = (sql: string) => db.prepare(sql).pluck().get() as number;
  const [rows, ids] = db
    .prepare('SELECT count(*), coalesce(sum(CAST(id AS INTEGER)), 0) FROM evaluated')
    .raw()
    .get() as [number, number];
  const written = (readFact(db, FRONT_ROWS) as string | undefined) ?? '0 points, ids sum to 0';
  const isSame = `${rows} points, ids sum to ${ids}` === written;
  const problems = isSame ? [] : [`the front has ${showNumber(rows)} rows, not those that were stored (${written})`];
  const points = count('SELECT coalesce(sum(points), 0) FROM chunks');
  const sums = db.prepare('SELECT digit, sum(points) FROM marginals GROUP BY digit').raw().all() as [number, number][];
  const ofDigit = new Map(sums);
  for (let digit = 1; digit < gridOf(study).radices.length; digit++) {
    const sum = ofDigit.get(digit) ?? 0;
    if (sum !== points)
      problems.push(`marginals has ${showNumber(sum)} points along digit ${digit}, chunks has ${showNumber(points)}`);
  }
  return problems;
}

/** Removes what is stored beside the rows of a front that is evaluated again. */
export function forgetFront(db: Database.Database): void {
  db.exec('DELETE FROM marginals');
  db.prepare('DELETE FROM study WHERE key = ?').run(FRONT_ROWS);
}

export class StoredFront {
  private readonly fronts: WorkloadFronts;
  /** Stored points of each workload. */
  private readonly stored: Set<number>[];
  private readonly writeCount: Database.Statement;
  private readonly objectivesOf: (batch: Batch) => Float64Array[];
  private readonly insert: InsertRows;
  private readonly remove: Database.Statement;
  private readonly addMarginal: Database.Statement;

  constructor(db: Database.Database, study: Study, facts: readonly WorkloadFacts[]) {
    this.insert = rowInserter(db, storedColumns(columnsOf(study)));
    this.fronts = new WorkloadFronts(study, study.objectives);
    this.objectivesOf = objectiveReader(study, facts);
    this.remove = db.prepare('DELETE FROM evaluated WHERE id = ?');
    this.addMarginal = db.prepare(`
      INSERT INTO marginals (workload, digit, position, points, infeasible, log_time, least_time_ms, least_time_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
        points = points + excluded.points, infeasible = infeasible + excluded.infeasible,
        log_time = log_time + excluded.log_time,
        least_time_id = CASE WHEN ${IS_LESS} THEN excluded.least_time_id ELSE least_time_id END,
        least_time_ms = CASE WHEN ${IS_LESS} THEN excluded.least_time_ms ELSE least_time_ms END`);
    this.writeCount = db.prepare(WRITE_ROWS);
    this.add(rowReader(db, storedColumns(columnsOf(study)))(0, gridOf(study).size));
    this.stored = study.workloads.map((_, workload) => new Set(this.fronts.of(workload).ids));
  }

  /** Adds a chunk's own front and summaries: points that it dominates go, those that are dominated never come. */
  append(batch: Batch, marginals: readonly Marginal<number | bigint>[]): void {
    for (const workload of this.add(batch)) this.update(workload, batch);
    for (const { workload, digit, position, ...sums } of marginals) {
      const { points, infeasible, logTimeSum, leastTimeMs, leastTimeId } = sums;
      const least = leastTimeId < 0 ? [null, null] : [leastTimeMs, leastTimeId];
      // As BigInt: numbers are bound as doubles, and the sum must stay exact.
      this.addMarginal.run(workload, digit, position, points, infeasible, BigInt(logTimeSum), ...least);
    }
  }

  /** Puts rows into the archives; the workloads whose fronts may have changed. */
  private add(batch: Batch): number[] {
    return this.fronts.add({ ids: batch.columns[0] as Float64Array, values: this.objectivesOf(batch) });
  }

  /** Makes the stored rows of a workload those of its archive; new ones are in the batch. */
  private update(workload: number, batch: Batch): void {
    const coming = new Set(batch.columns[0]);
    const front = this.fronts.of(workload).ids;
    if (!front.some((id) => coming.has(id))) return;
    const stored = this.stored[workload]!;
    const ids = new Set(front);
    for (const id of stored) if (!ids.has(id)) this.remove.run(id);
    const rows = Array.from({ length: batch.rows }, (_, row) => row);
    this.insert(
      batch,
      rows.filter((row) => ids.has(batch.columns[0]![row]!) && !stored.has(batch.columns[0]![row]!)),
    );
    this.stored[workload] = ids;
    this.writeCount.run();
  }
}

/** Whether a chunk's least time is less than the one so far; of equals, the smallest id stays, whatever the order of chunks. */
const IS_LESS = `(excluded.least_time_ms IS NOT NULL AND (least_time_ms IS NULL
  OR (excluded.least_time_ms, excluded.least_time_id) < (least_time_ms, least_time_id)))`;
