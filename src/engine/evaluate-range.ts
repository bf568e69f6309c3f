/** A range of the grid -> rows of the stored columns; pure. */
import { modelOf } from '../model/models.js';
import { columnsOf, evaluatedColumns, makeBatch, storedColumns, type Batch, type Column } from '../space/columns.js';
import { compileConstraints, type Constraint } from '../space/constraints.js';
import { digitsOf, stepDigits, type Grid } from '../space/grid.js';
import { gridOf, type Study } from '../space/study.js';
import type { Range } from './chunks.js';
import type { Evaluator } from './evaluator.js';
import { StagedEvaluator, type StagedOptions } from './staged/staged-evaluator.js';
import { PlainEvaluator } from './plain-evaluator.js';

/** The points of a range that the constraints keep. */
export interface EvaluatedRange extends Range {
  batch: Batch;
  rejected: number;
  /** Points that each constraint rejects by itself. */
  rejectedBy: number[];
}

/** The way to evaluate a study's points: in stages where the model is made of algorithms. */
export function evaluatorOf(study: Study, columns: readonly Column[], options: StagedOptions = {}): Evaluator {
  return modelOf(study.model).algorithms
    ? new StagedEvaluator(study, columns, options)
    : new PlainEvaluator(study, columns);
}

/** Evaluates ranges of one study's grid; made once a worker. */
export class RangeEvaluator {
  /** The columns of the batches: the stored ones, those of reasons still to be filled. */
  readonly columns: readonly Column[];
  private readonly grid: Grid;
  private readonly constraints: Constraint[];

  constructor(
    study: Study,
    private readonly evaluator: Evaluator = evaluatorOf(study, evaluatedColumns(columnsOf(study))),
  ) {
    this.grid = gridOf(study);
    this.columns = storedColumns(columnsOf(study));
    this.constraints = compileConstraints(study.constraints, this.grid, study.baseline);
  }

  /** Rows of the points with ids from `from` up to, not including, `to`; in `room`, where they fit. */
  evaluate(from: number, to: number, room?: ArrayBuffer): EvaluatedRange {
    const rejectedBy = this.constraints.map(() => 0);
    const rowOf = new Int32Array(to - from);
    const rows = this.assignRows(from, rowOf, rejectedBy);
    const batch = makeBatch(this.columns, rows, room);
    batch.rows = rows;
    fillIds(batch.columns[0] as Float64Array, from, rowOf);
    if (rows > 0) this.evaluator.evaluate({ from, to }, rowOf, batch);
    return { from, to, batch, rejected: to - from - rows, rejectedBy };
  }

  /** Gives the points that all constraints keep their rows; how many there are. */
  private assignRows(from: number, rowOf: Int32Array, rejectedBy: number[]): number {
    const { constraints, grid } = this;
    if (constraints.length === 0) {
      for (let offset = 0; offset < rowOf.length; offset++) rowOf[offset] = offset;
      return rowOf.length;
    }
    const digits = new Int32Array(grid.radices.length);
    digitsOf(grid, from, digits);
    const holds = constraints.map(() => true);
    /** Slowest digit that has moved since each constraint was last evaluated. */
    let moved = 0;
    let rows = 0;
    for (let offset = 0; offset < rowOf.length; offset++) {
      let kept = true;
      for (let c = 0; c < constraints.length; c++) {
        const { dimensions, accepts } = constraints[c]!;
        if (offset === 0 || moved <= (dimensions.at(-1) ?? -1)) holds[c] = accepts(digits);
        if (holds[c]) continue;
        kept = false;
        rejectedBy[c]!++;
      }
      rowOf[offset] = kept ? rows++ : -1;
      moved = stepDigits(grid.radices, digits);
    }
    return rows;
  }
}

function fillIds(ids: Float64Array, from: number, rowOf: Int32Array): void {
  for (let offset = 0; offset < rowOf.length; offset++) {
    const row = rowOf[offset]!;
    if (row >= 0) ids[row] = from + offset;
  }
}
