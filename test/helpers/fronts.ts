/** Fronts by comparing everything with everything. */
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
