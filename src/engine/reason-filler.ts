/** Works out the columns of reasons, for rows that are to be stored. */
import { REASONS } from '../model/reasons.js';
import { columnsOf, evaluatedColumns, type Batch } from '../space/columns.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import type { Study } from '../space/study.js';

export class ReasonFiller {
  private readonly points: PointEvaluator;
  /** Position of the first of them. */
  private readonly first: number;

  constructor(study: Study) {
    this.points = new PointEvaluator(study);
    this.first = evaluatedColumns(columnsOf(study)).length;
  }

  /** Fills the columns of reasons of a batch of the stored columns, from its ids. */
  fill({ rows, columns }: Batch): void {
    const ids = columns[0]!;
    for (let row = 0; row < rows; row++) {
      const reasons = this.points.reasonsOfId(ids[row]!);
      const isFeasible = !('infeasible' in reasons);
      REASONS.forEach((reason, r) => {
        const cells = columns[this.first + r]!;
        if (reason.type === 'real') cells[row] = isFeasible ? reason.of(reasons) : Number.NaN;
        else cells[row] = isFeasible ? reason.values.indexOf(reason.of(reasons) ?? '') : -1;
      });
    }
  }
}
