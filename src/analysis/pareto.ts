/** Exact Pareto fronts. */
import { FrontArchive, type Goal } from './front-archive.js';

export { FrontArchive, type Goal } from './front-archive.js';

/**
 * Rows that no other row dominates (as good in every objective, better in one), sorted by the first objective, then
 * the next; equal rows are all on the front, rows with NaN are not.
 *
 * @param columns one array an objective, all of the same length
 * @param goals 'minimize' or 'maximize', one a column
 * @throws RangeError if there are no columns, or they do not fit each other or the goals
 */
export function paretoFront(columns: readonly Float64Array[], goals: readonly Goal[]): number[] {
  const archive = new FrontArchive(goals);
  const rows = new Float64Array(columns[0]?.length ?? 0).map((_, row) => row);
  archive.add(rows, columns);
  return Array.from(archive.members().ids);
}
