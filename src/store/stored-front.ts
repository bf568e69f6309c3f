/** The front in `points`, where a study keeps nothing else: exact for the chunks so far, after each one. */
import type Database from 'better-sqlite3';
import { byWorkload } from '../analysis/front.js';
import { FrontArchive } from '../analysis/pareto.js';
import type { Marginal } from '../engine/sink.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { columnsOf, storedColumns, type Batch } from '../space/columns.js';
import { objectiveReader } from '../space/objectives.js';
import { gridOf, type Study } from '../space/study.js';
import type { InsertRows } from './insert-rows.js';
import { rowReader } from './read-rows.js';

/** A workload's front. */
interface Front {
  archive: FrontArchive;
  ids: Set<number>;
}

export class StoredFront {
  private readonly fronts: readonly Front[];
  private readonly objectivesOf: (batch: Batch) => Float64Array[];
  private readonly remove: Database.Statement;
  private readonly addMarginal: Database.Statement;

  constructor(
    db: Database.Database,
    private readonly study: Study,
    facts: readonly WorkloadFacts[],
    private readonly insert: InsertRows,
  ) {
    const goals = study.objectives.map(({ goal }) => goal);
    this.fronts = study.workloads.map(() => ({ archive: new FrontArchive(goals), ids: new Set() }));
    this.objectivesOf = objectiveReader(study, facts);
    this.remove = db.prepare('DELETE FROM points WHERE id = ?');
    this.addMarginal = db.prepare(`
      INSERT INTO marginals VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
        points = points + excluded.points, infeasible = infeasible + excluded.infeasible,
        log_time = log_time + excluded.log_time,
        least_time_id = CASE WHEN ${IS_LESS} THEN excluded.least_time_id ELSE least_time_id END,
        least_time_ms = CASE WHEN ${IS_LESS} THEN excluded.least_time_ms ELSE least_time_ms END`);
    this.load(rowReader(db, storedColumns(columnsOf(study)))(0, gridOf(study).size));
    for (const front of this.fronts) front.ids = new Set(front.archive.members().ids);
  }

  /** Adds a chunk's own front and summaries: points that it dominates go, those that are dominated never come. */
  append(batch: Batch, marginals: readonly Marginal[]): void {
    for (const workload of this.load(batch)) this.update(workload, batch);
    for (const { workload, digit, position, ...sums } of marginals) {
      const { points, infeasible, logTimeSum, leastTimeMs, leastTimeId } = sums;
      const least = leastTimeId < 0 ? [null, null] : [leastTimeMs, leastTimeId];
      // As BigInt: numbers are bound as doubles, and the sum must stay exact.
      this.addMarginal.run(workload, digit, position, points, infeasible, BigInt(logTimeSum), ...least);
    }
  }

  /** Puts rows into the archives; the workloads that they are of. */
  private load(batch: Batch): Set<number> {
    const workloads = new Set<number>();
    const rows = { ids: batch.columns[0] as Float64Array, values: this.objectivesOf(batch) };
    for (const { workload, ids, values } of byWorkload(this.study, rows)) {
      this.fronts[workload]!.archive.add(ids, values);
      workloads.add(workload);
    }
    return workloads;
  }

  /** Makes the stored rows of a workload those of its archive; new ones are in the batch. */
  private update(workload: number, batch: Batch): void {
    const front = this.fronts[workload]!;
    const ids = new Set(front.archive.members().ids);
    for (const id of front.ids) if (!ids.has(id)) this.remove.run(id);
    this.insert(batch, (id) => ids.has(id) && !front.ids.has(id));
    front.ids = ids;
  }
}

/** Whether a chunk's least time is less than the one so far; of equals, the smallest id stays, whatever the order of chunks. */
const IS_LESS = `(excluded.least_time_ms IS NOT NULL AND (least_time_ms IS NULL
  OR (excluded.least_time_ms, excluded.least_time_id) < (least_time_ms, least_time_id)))`;
