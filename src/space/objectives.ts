/** The columns that a study's objectives are on, from rows of the stored columns. */
import type { WorkloadFacts } from '../model/metrics.js';
import { columnsOf, isEvaluated, type Batch } from './columns.js';
import { completeBatch } from './derive.js';
import { gridOf, type Study } from './study.js';

/** A reader of rows: one array an objective, in the order of the objectives. */
export function objectiveReader(study: Study, facts: readonly WorkloadFacts[]): (stored: Batch) => Float64Array[] {
  const names = study.objectives.map(({ metric }) => metric);
  const columns = columnsOf(study).filter((column) => isEvaluated(column) || names.includes(column.name));
  const positions = names.map((name) => columns.findIndex((column) => column.name === name));
  const grid = gridOf(study);
  return (stored) => {
    const complete = completeBatch(columns, stored, grid, facts);
    return positions.map((position) => complete.columns[position] as Float64Array);
  };
}
