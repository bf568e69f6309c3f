/** Single points of the grid -> rows of the stored columns, as `run` would store them. */
import type { WorkloadFacts } from '../model/metrics.js';
import { cellOf, columnsOf, makeBatch, storedColumns, type Batch, type Column } from '../space/columns.js';
import { completeBatch } from '../space/derive.js';
import { gridOf, type Study } from '../space/study.js';
import { evaluatorOf } from './evaluate-range.js';
import type { Evaluator } from './evaluator.js';

export class DesignEvaluator {
  private readonly columns: readonly Column[];
  private readonly evaluator: Evaluator;

  constructor(study: Study) {
    this.columns = storedColumns(columnsOf(study));
    this.evaluator = evaluatorOf(study, this.columns);
  }

  /** Rows of points that the constraints keep, ids ascending. */
  evaluate(ids: ArrayLike<number>): Batch {
    const batch = makeBatch(this.columns, ids.length);
    batch.rows = ids.length;
    const rowOf = new Int32Array(1);
    for (let row = 0; row < ids.length; row++) {
      const from = ids[row]!;
      batch.columns[0]![row] = from;
      rowOf[0] = row;
      this.evaluator.evaluate({ from, to: from + 1 }, rowOf, batch);
    }
    return batch;
  }
}

/** A row of `points`, by column. */
export type DesignRow = Record<string, number | string | null> & { id: number };

/** Points with all columns that users see; ids ascending. */
export function designRows(study: Study, facts: readonly WorkloadFacts[], ids: readonly number[]): DesignRow[] {
  const columns = columnsOf(study);
  const stored = new DesignEvaluator(study).evaluate(ids);
  const batch = completeBatch(columns, stored, gridOf(study), facts);
  return ids.map((id, row) => ({
    ...Object.fromEntries(columns.map((column, c) => [column.name, cellOf(column, batch.columns[c]!, row)])),
    id,
  }));
}
