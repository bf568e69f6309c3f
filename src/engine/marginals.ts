/** What the points with one value of an axis have in common: summaries along each axis of a grid too large to keep. */
import type { Batch, Column } from '../space/columns.js';
import { digitsOf, stepDigits, type Grid } from '../space/grid.js';
import type { Marginal } from './sink.js';

/** Times are added up as whole multiples of this logarithm, so that no order of adding changes a sum. */
export const LOG_UNIT = 2 ** -20;

/** Adds up points, in batches with ascending ids, by workload and by value of each dimension. */
export class Marginals {
  private readonly sums = new Map<number, Marginal[][]>();

  constructor(
    private readonly grid: Grid,
    private readonly columns: readonly Column[],
  ) {}

  add({ rows, columns }: Batch): void {
    if (rows === 0) return;
    const ids = columns[0]!;
    const times = columns[this.columns.findIndex(({ name }) => name === 'time_ms')]!;
    const { radices } = this.grid;
    const digits = new Int32Array(radices.length);
    digitsOf(this.grid, ids[0]!, digits);
    let at = ids[0]!;
    let ofWorkload = this.ofWorkload(digits[0]!);
    for (let row = 0; row < rows; row++) {
      const id = ids[row]!;
      for (; at < id; at++) if (stepDigits(radices, digits) === 0) ofWorkload = this.ofWorkload(digits[0]!);
      const time = times[row]!;
      const log = Math.round(Math.log(time) / LOG_UNIT);
      for (let d = 1; d < radices.length; d++) addPoint(ofWorkload[d]![digits[d]!]!, id, time, log);
    }
  }

  /** One for each value that any point so far has. */
  all(): Marginal[] {
    return [...this.sums.values()].flat(2).filter(({ points }) => points > 0);
  }

  private ofWorkload(workload: number): Marginal[][] {
    const known = this.sums.get(workload);
    if (known) return known;
    const made = this.grid.radices.map((radix, digit) =>
      digit === 0 ? [] : Array.from({ length: radix }, (_, position) => emptyMarginal(workload, digit, position)),
    );
    this.sums.set(workload, made);
    return made;
  }
}

function emptyMarginal(workload: number, digit: number, position: number): Marginal {
  const none = { points: 0, infeasible: 0, logTimeSum: 0, leastTimeMs: Number.POSITIVE_INFINITY, leastTimeId: -1 };
  return { workload, digit, position, ...none };
}

function addPoint(marginal: Marginal, id: number, timeMs: number, log: number): void {
  marginal.points++;
  if (Number.isNaN(timeMs)) {
    marginal.infeasible++;
    return;
  }
  marginal.logTimeSum += log;
  if (timeMs < marginal.leastTimeMs) {
    marginal.leastTimeMs = timeMs;
    marginal.leastTimeId = id;
  }
}
