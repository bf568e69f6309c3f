/** A chunk of the grid -> what a study stores of it. */
import { paretoFront } from '../analysis/pareto.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { columnsOf, evaluatedColumns, type Batch, type Column } from '../space/columns.js';
import { completeBatch } from '../space/derive.js';
import { strideOf, type Grid } from '../space/grid.js';
import { objectiveReader } from '../space/objectives.js';
import { gridOf, type Study } from '../space/study.js';
import { MAX_CHUNK_POINTS, wholeTurns, type Range } from './chunks.js';
import { evaluatorOf, RangeEvaluator, type EvaluatedRange } from './evaluate-range.js';
import type { TrafficSource } from '../model/kernel/context.js';
import { Marginals } from './marginals.js';
import { ReasonFiller } from './reason-filler.js';
import type { Chunk } from './sink.js';

export class ChunkEvaluator {
  private readonly grid: Grid;
  private readonly columns: readonly Column[];
  private readonly ranges: RangeEvaluator;
  private readonly reasons: ReasonFiller | undefined;
  private readonly objectivesOf: (batch: Batch) => Float64Array[];

  constructor(
    private readonly study: Study,
    private readonly facts: readonly WorkloadFacts[],
    traffic?: TrafficSource,
  ) {
    this.grid = gridOf(study);
    this.columns = columnsOf(study);
    this.objectivesOf = objectiveReader(study, facts);
    this.reasons = study.reasons === 'all' ? new ReasonFiller(study) : undefined;
    this.ranges = new RangeEvaluator(study, evaluatorOf(study, evaluatedColumns(this.columns), { traffic }));
  }

  /** All columns of a batch of the stored ones. */
  complete(batch: Batch): Batch {
    return completeBatch(this.columns, batch, this.grid, this.facts);
  }

  /** A chunk; its rows in `room`, where they fit and all are stored. */
  evaluate(chunk: number, { from, to }: Range, room?: ArrayBuffer): Chunk {
    const result =
      this.study.store === 'front'
        ? this.evaluateFront(chunk, { from, to })
        : this.evaluateAll(chunk, { from, to }, room);
    this.reasons?.fill(result.batch);
    return result;
  }

  private evaluateAll(chunk: number, { from, to }: Range, room?: ArrayBuffer): Chunk {
    const { batch, rejected, rejectedBy } = this.ranges.evaluate(from, to, room);
    return { chunk, from, to, points: batch.rows, rejected, rejectedBy, batch };
  }

  /** The chunk's front and its sums along the axes; evaluated in ranges, so that memory does not grow with the chunk. */
  private evaluateFront(chunk: number, { from, to }: Range): Chunk {
    const marginals = new Marginals(this.grid, this.ranges.columns);
    const result = { chunk, from, to, points: 0, rejected: 0, rejectedBy: this.study.constraints.map(() => 0) };
    const fronts: Batch[] = [];
    for (const range of this.rangesOfWorkloads(from, to)) {
      let front: Batch | undefined;
      for (const piece of this.piecesOf(range)) {
        addCounts(result, piece);
        marginals.add(piece.batch);
        const candidates = this.frontOf(piece.batch);
        front = front ? this.frontOf(joinBatches([front, candidates])) : candidates;
      }
      if (front) fronts.push(sortById(front));
    }
    return { ...result, batch: joinBatches(fronts), marginals: marginals.all() };
  }

  /** The range, cut where the workload changes: designs of different workloads do not compete. */
  private *rangesOfWorkloads(from: number, to: number): Generator<Range> {
    const ofWorkload = strideOf(this.grid, 0);
    for (let at = from; at < to;) {
      const end = Math.min(to, (Math.floor(at / ofWorkload) + 1) * ofWorkload);
      yield { from: at, to: end };
      at = end;
    }
  }

  private *piecesOf({ from, to }: Range): Generator<EvaluatedRange> {
    const step = wholeTurns(this.grid, MAX_CHUNK_POINTS);
    for (let at = from; at < to; at += step) yield this.ranges.evaluate(at, Math.min(at + step, to));
  }

  /** The rows of a batch that no other one dominates, over the study's objectives. */
  private frontOf(batch: Batch): Batch {
    const goals = this.study.objectives.map(({ goal }) => goal);
    return takeRows(batch, Uint32Array.from(paretoFront(this.objectivesOf(batch), goals)));
  }
}

function addCounts(sum: { points: number; rejected: number; rejectedBy: number[] }, piece: EvaluatedRange): void {
  sum.points += piece.batch.rows;
  sum.rejected += piece.rejected;
  piece.rejectedBy.forEach((rejected, c) => (sum.rejectedBy[c]! += rejected));
}

/** Some rows of a batch, in the order given. */
function takeRows(batch: Batch, rows: Uint32Array): Batch {
  return {
    rows: rows.length,
    columns: batch.columns.map((column) =>
      column instanceof Int32Array
        ? Int32Array.from(rows, (row) => column[row]!)
        : Float64Array.from(rows, (row) => column[row]!),
    ),
  };
}

function sortById(batch: Batch): Batch {
  const ids = batch.columns[0]!;
  return takeRows(
    batch,
    Uint32Array.from(ids, (_, row) => row).sort((a, b) => ids[a]! - ids[b]!),
  );
}

/** Batches of the same columns, one after the other. */
function joinBatches(batches: readonly Batch[]): Batch {
  const [first, ...rest] = batches;
  if (!first || rest.length === 0) return first ?? { rows: 0, columns: [] };
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  return {
    rows,
    columns: first.columns.map((column, c) => {
      const joined = column instanceof Int32Array ? new Int32Array(rows) : new Float64Array(rows);
      let at = 0;
      for (const batch of batches) {
        joined.set(batch.columns[c]!, at);
        at += batch.rows;
      }
      return joined;
    }),
  };
}
