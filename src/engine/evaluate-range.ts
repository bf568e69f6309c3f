/** A stretch of the grid -> rows in typed arrays. What a worker does; pure. */
import { METRICS, type Metric, type PointResult } from '../model/metrics.js';
import { columnsOf, makeBatch, type Batch, type Column } from '../space/columns.js';
import { compileConstraints, type Constraint } from '../space/constraints.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { digitsOf, nextDigits, type Grid } from '../space/grid.js';
import { gridOf, type Study } from '../space/study.js';
import type { Chunk } from './sink.js';

/** Figures of the row being written; undefined where the design is infeasible. */
interface Row {
  id: number;
  digits: ArrayLike<number>;
  result: PointResult | undefined;
  infeasible: string | undefined;
}

/** Makes a column's cell: a number, or a position in the column's dictionary. */
type Cell = (row: Row) => number;

const codeOf = (column: Column, text: string) => (column.type === 'text' ? column.dictionary.indexOf(text) : -1);

/** Codes or numbers of an axis, by its digit's value. */
function axisCell(study: Study, column: Column): Cell | undefined {
  const d = study.dimensions.findIndex((dimension) => dimension.some((axis) => axis.id === column.name));
  if (d < 0) return undefined;
  const { values } = study.dimensions[d]!.find((axis) => axis.id === column.name)!;
  const cells = values.map((value) => (typeof value === 'number' ? value : codeOf(column, value)));
  return ({ digits }) => cells[digits[d + 1]!]!;
}

function metricCell(metric: Metric, column: Column): Cell {
  if (metric.type === 'real') return ({ result }) => (result ? metric.of(result) : Number.NaN);
  const codes = new Map(metric.values.map((value) => [value, codeOf(column, value)]));
  return ({ result }) => (result ? codes.get(metric.of(result))! : -1);
}

function cellsOf(study: Study, columns: readonly Column[]): Cell[] {
  return columns.map((column): Cell => {
    const ofWorkload = (figure: (workload: Study['workloads'][number]) => number): Cell => {
      const figures = study.workloads.map(figure);
      return ({ digits }) => figures[digits[0]!]!;
    };
    switch (column.name) {
      case 'id':
        return ({ id }) => id;
      case 'network':
        return ofWorkload(({ network }) => codeOf(column, network.name));
      case 'batch':
        return ofWorkload(({ batch }) => batch);
      case 'pass':
        return ofWorkload(({ pass }) => codeOf(column, pass));
      case 'infeasible':
        return ({ infeasible }) => (infeasible === undefined ? -1 : codeOf(column, infeasible));
      default: {
        const metric = METRICS.find(({ name }) => name === column.name);
        const cell = metric ? metricCell(metric, column) : axisCell(study, column);
        if (!cell) throw new Error(`no source for column ${column.name}`);
        return cell;
      }
    }
  });
}

/** Evaluates stretches of one study's grid; made once a worker. */
export class RangeEvaluator {
  private readonly grid: Grid;
  private readonly columns: Column[];
  private readonly cells: Cell[];
  private readonly constraints: Constraint[];
  private readonly points: PointEvaluator;

  constructor(study: Study) {
    this.grid = gridOf(study);
    this.columns = columnsOf(study);
    this.cells = cellsOf(study, this.columns);
    this.constraints = compileConstraints(study.constraints, this.grid, study.baseline);
    this.points = new PointEvaluator(study);
  }

  /** Rows of the points with ids from `from` up to, not including, `to`. */
  evaluate(from: number, to: number): Chunk {
    const batch = makeBatch(this.columns, to - from);
    const rejectedBy = this.constraints.map(() => 0);
    const digits = new Int32Array(this.grid.radices.length);
    digitsOf(this.grid, from, digits);
    for (let id = from; id < to; id++) {
      if (this.accepts(digits, rejectedBy)) this.write(batch, id, digits);
      nextDigits(this.grid.radices, digits);
    }
    const rejected = to - from - batch.rows;
    return { from, to, batch: rejected > 0 ? shrink(batch) : batch, rejected, rejectedBy };
  }

  private accepts(digits: Int32Array, rejectedBy: number[]): boolean {
    let accepted = true;
    this.constraints.forEach((constraint, i) => {
      if (constraint.accepts(digits)) return;
      rejectedBy[i]!++;
      accepted = false;
    });
    return accepted;
  }

  private write(batch: Batch, id: number, digits: Int32Array): void {
    const outcome = this.points.evaluate(digits);
    const feasible = !('infeasible' in outcome);
    const row: Row = {
      id,
      digits,
      result: feasible ? outcome : undefined,
      infeasible: feasible ? undefined : outcome.infeasible,
    };
    for (let c = 0; c < this.cells.length; c++) batch.columns[c]![batch.rows] = this.cells[c]!(row);
    batch.rows++;
  }
}

/** A copy without the unused room. */
function shrink({ rows, columns }: Batch): Batch {
  return { rows, columns: columns.map((column) => column.slice(0, rows)) };
}
