/** Exact Pareto fronts. */

/** Rows sorted by the objectives, the first one first; all objectives are to be small. */
function sortedRows(costs: readonly Float64Array[], rows: Uint32Array): Uint32Array {
  return rows.sort((a, b) => {
    for (const cost of costs) if (cost[a] !== cost[b]) return cost[a]! - cost[b]!;
    return a - b;
  });
}

const isEqual = (costs: readonly Float64Array[], a: number, b: number) => costs.every((cost) => cost[a] === cost[b]);

/** Two objectives, rows in order: a row is on the front if its second cost is below all before it, or if it equals the last such row. */
function sweepFront(costs: readonly Float64Array[], order: Uint32Array): number[] {
  const second = costs[1] ?? costs[0]!;
  const front: number[] = [];
  for (const row of order) {
    const last = front.at(-1);
    if (last === undefined || (costs.length > 1 && second[row]! < second[last]!) || isEqual(costs, row, last))
      front.push(row);
  }
  return front;
}

/**
 * Three objectives or more, rows in order: a row can only be dominated by one before it. The archive is searched from
 * its strongest members, which move to the front whenever they dominate.
 */
function archiveFront(costs: readonly Float64Array[], order: Uint32Array): number[] {
  const front: number[] = [];
  const dominates = (a: number, b: number) => costs.every((cost) => cost[a]! <= cost[b]!) && !isEqual(costs, a, b);
  for (const row of order) {
    const by = front.findIndex((member) => dominates(member, row));
    if (by < 0) front.push(row);
    else if (by > 0) front.unshift(...front.splice(by, 1));
  }
  return front;
}

/**
 * Rows that no other row dominates (as good in every objective, better in one), sorted by the first objective, then
 * the next; equal rows are all on the front.
 *
 * @param columns one array an objective, all of the same length, without NaN
 * @param goals 'minimize' or 'maximize', one a column
 */
export function paretoFront(columns: readonly Float64Array[], goals: readonly ('minimize' | 'maximize')[]): number[] {
  const costs = columns.map((column, i) => (goals[i] === 'maximize' ? column.map((value) => -value) : column));
  const order = sortedRows(
    costs,
    Uint32Array.from(columns[0]!, (_, row) => row),
  );
  if (costs.length <= 2) return sweepFront(costs, order);
  return Array.from(sortedRows(costs, Uint32Array.from(archiveFront(costs, order))));
}
