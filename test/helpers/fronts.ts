/** Fronts by comparing everything with everything. */
import type { Goal } from '../../src/analysis/pareto.js';
import type { Row } from './stored.js';

/** Ids of the rows that no other row dominates; `costs` are all to be small. O(n^2). */
export function bruteForceFront(rows: readonly Row[], costsOf: (row: Row) => readonly number[]): number[] {
  const costs = rows.map(costsOf);
  const dominates = (a: readonly number[], b: readonly number[]) =>
    a.every((cost, i) => cost <= b[i]!) && a.some((cost, i) => cost < b[i]!);
  return rows
    .filter((_, i) => !costs.some((other) => dominates(other, costs[i]!)))
    .map(({ id }) => Number(id))
    .sort((a, b) => a - b);
}

type Columns = readonly ArrayLike<number>[];

/** Columns with all objectives to be small. */
const costsOf = (columns: Columns, goals: readonly Goal[]) =>
  columns.map((column, k) => Float64Array.from(column, (value) => (goals[k] === 'minimize' ? value : -value)));

/** Sorts rows by costs, those that are equal by number. */
const sortByCosts = <Rows extends number[] | Uint32Array>(rows: Rows, costs: readonly Float64Array[]): Rows =>
  rows.sort((a, b) => {
    for (const cost of costs) if (cost[a] !== cost[b]) return cost[a]! < cost[b]! ? -1 : 1;
    return a - b;
  }) as Rows;

/** Rows that no other row dominates, sorted by the first objective, then the next, then row. O(n^2). */
export function bruteForceRows(columns: Columns, goals: readonly Goal[]): number[] {
  const costs = costsOf(columns, goals);
  const rows = Array.from(columns[0]!, (_, id) => ({ id }));
  const front = bruteForceFront(rows, ({ id }) => costs.map((cost) => cost[Number(id)]!));
  return sortByCosts(front, costs);
}

/**
 * The same for larger tables: rows are sorted, so that one can only be dominated by one before it, and held against
 * an archive that starts with its strongest rows. O(n f) for a front of f rows.
 */
export function archiveRows(columns: Columns, goals: readonly Goal[]): number[] {
  const costs = costsOf(columns, goals);
  const isDominatedBy = (row: number, member: number) => {
    let isEqual = true;
    for (const cost of costs) {
      if (cost[member]! > cost[row]!) return false;
      if (cost[member]! < cost[row]!) isEqual = false;
    }
    return !isEqual;
  };
  const archive: number[] = [];
  for (const row of sortByCosts(
    Uint32Array.from(columns[0]!, (_, at) => at),
    costs,
  )) {
    const by = archive.findIndex((member) => isDominatedBy(row, member));
    if (by < 0) archive.push(row);
    else if (by > 0) archive.unshift(...archive.splice(by, 1));
  }
  return sortByCosts(archive, costs);
}
