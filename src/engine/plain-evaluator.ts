/** Points one at a time, through the plain path of the model: the only path of `delta-2019`, and what the kernel is held against. */
import type { Infeasible } from '../model/infeasible.js';
import { METRICS, type Metric, type PointResult } from '../model/metrics.js';
import type { Batch, Column } from '../space/columns.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import type { Study } from '../space/study.js';
import type { Range } from './chunks.js';
import type { Evaluator } from './evaluator.js';

export class PlainEvaluator implements Evaluator {
  readonly contextsMade = 0;
  private readonly points: PointEvaluator;
  /** The metric of each stored column; undefined for the id and for why a design is infeasible. */
  private readonly metrics: (Metric | undefined)[];

  constructor(
    study: Study,
    private readonly columns: readonly Column[],
  ) {
    this.points = new PointEvaluator(study);
    this.metrics = columns.map(({ name }) => METRICS.find((metric) => metric.name === name));
  }

  evaluate({ from, to }: Range, rowOf: Int32Array, batch: Batch): void {
    for (let id = from; id < to; id++) this.evaluatePoint(id, rowOf[id - from]!, batch);
  }

  /** The figures of a point; an error of the model tells which point. */
  private outcomeOf(id: number): PointResult | Infeasible {
    try {
      return this.points.evaluateId(id);
    } catch (error) {
      throw new Error(`point ${id}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  /** Writes one point's row; none where it is negative. */
  evaluatePoint(id: number, row: number, batch: Batch): void {
    if (row < 0) return;
    const outcome = this.outcomeOf(id);
    this.columns.forEach((column, c) => {
      const metric = this.metrics[c];
      const cells = batch.columns[c]!;
      if (metric?.type === 'real') cells[row] = 'infeasible' in outcome ? Number.NaN : metric.of(outcome);
      else if (column.type === 'text')
        cells[row] = 'infeasible' in outcome ? column.dictionary.indexOf(outcome.infeasible) : -1;
    });
  }
}
