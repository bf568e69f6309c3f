/** The exact front of rows that come batch by batch. */
import { dominatedRows } from './dominated.js';
import { lexicalOrder } from './row-order.js';
import { StrongRows } from './strong-rows.js';

export type Goal = 'minimize' | 'maximize';

/** What turns a figure into a cost, which is to be small: 1, or -1 where the figure is to be large. */
export const signOf = (goal: Goal): 1 | -1 => (goal === 'minimize' ? 1 : -1);

/** Rows for which there is room at least. */
const LEAST_ROOM = 4096;

/**
 * The exact Pareto front of all rows added: those that no other row dominates (as good in every objective, better in
 * one). Equal rows are all on it; rows in which an objective is NaN are ignored. It depends neither on the order of the
 * rows nor on how they were split into batches.
 *
 * Most rows are dominated by one of a short list of strong rows and forgotten at once. The others are gathered behind
 * the front until there are as many as it has rows (or a few thousand), then the front is computed again. So memory is
 * in proportion to the front, and each row on it is sorted a bounded number of times on average.
 */
export class FrontArchive {
  /** 1 for objectives to be small, -1 for others. */
  private readonly signs: Float64Array;
  private readonly strong: StrongRows;
  private ids: Float64Array;
  /** One array an objective, all to be small. */
  private costs: Float64Array[];
  /** Rows in use: the front of all that was added before, sorted, and behind it what has passed since. */
  private used = 0;
  private onFront = 0;

  /**
   * @param goals one an objective
   * @throws RangeError if there are none
   */
  constructor(readonly goals: readonly Goal[]) {
    if (goals.length === 0) throw new RangeError('a front needs an objective');
    this.signs = Float64Array.from(goals, signOf);
    this.strong = new StrongRows(goals.length);
    this.ids = new Float64Array(LEAST_ROOM);
    this.costs = goals.map(() => new Float64Array(LEAST_ROOM));
  }

  /**
   * Adds rows; whether any may be on the front. The arrays are only read, and not kept.
   *
   * @param ids one a row
   * @param columns one array an objective, each as long as `ids`
   * @throws RangeError if there are fewer or more columns than objectives, or one is shorter or longer than `ids`
   */
  add(ids: Float64Array, columns: readonly Float64Array[]): boolean {
    const { signs, strong } = this;
    if (columns.length !== signs.length)
      throw new RangeError(`${columns.length} columns for ${signs.length} objectives`);
    for (const { length } of columns)
      if (length !== ids.length) throw new RangeError(`a column of ${length} rows for ${ids.length} ids`);
    const row = new Float64Array(signs.length);
    let hasPassed = false;
    for (let i = 0; i < ids.length; i++) {
      for (let k = 0; k < row.length; k++) row[k] = signs[k]! * columns[k]![i]!;
      if (strong.dominate(row) || row.some(Number.isNaN)) continue;
      this.put(ids[i]!, row);
      hasPassed = true;
    }
    return hasPassed;
  }

  /** The number of rows on the front. */
  get size(): number {
    this.settle();
    return this.onFront;
  }

  /**
   * The front, sorted by the first objective (the best first), then the next, then id: copies of the ids and of the
   * columns, one an objective, with the values that were added.
   */
  members(): { ids: Float64Array; columns: Float64Array[] } {
    this.settle();
    return {
      ids: this.ids.slice(0, this.onFront),
      columns: this.costs.map((cost, k) => cost.subarray(0, this.onFront).map((value) => this.signs[k]! * value)),
    };
  }

  private put(id: number, row: Float64Array): void {
    if (this.used === this.ids.length) this.settle();
    this.ids[this.used] = id;
    for (let k = 0; k < row.length; k++) this.costs[k]![this.used] = row[k]!;
    this.used++;
  }

  /** Works out the front of all rows in use, and makes room for as many as are on it. */
  private settle(): void {
    const passed = this.used - this.onFront;
    if (passed === 0) return;
    const inUse = [...this.costs, this.ids].map((column) => column.subarray(0, this.used));
    const order = lexicalOrder(inUse);
    const sorted = inUse.map((column) => gather(column, order));
    const dominated = dominatedRows(sorted.slice(0, -1));
    this.onFront = countZeros(dominated);
    const room = Math.max(LEAST_ROOM, 2 * this.onFront);
    const front = sorted.map((column) => keepUnmarked(column, dominated, room));
    this.costs = front.slice(0, -1);
    this.ids = front.at(-1)!;
    this.strong.renew(
      this.costs.map((cost) => cost.subarray(0, this.onFront)),
      passed,
      this.used - this.onFront,
    );
    this.used = this.onFront;
  }
}

/** Values in the order of some rows. */
function gather(column: Float64Array, rows: Uint32Array): Float64Array {
  const values = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]!]!;
  return values;
}

function countZeros(marks: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < marks.length; i++) if (marks[i] === 0) count++;
  return count;
}

/** Values without a mark, with room behind them for `room` in all. */
function keepUnmarked(column: Float64Array, marks: Uint8Array, room: number): Float64Array {
  const values = new Float64Array(room);
  let count = 0;
  for (let i = 0; i < column.length; i++) if (marks[i] === 0) values[count++] = column[i]!;
  return values;
}
