/** The columns that the staged evaluator fills, by its own names for them. */
import { BOTTLENECKS } from '../../model/bottleneck.js';
import type { Batch, Column } from '../../space/columns.js';

/** Where the figures of a row go. */
export interface Rows {
  timeMs: Float64Array;
  shares: Float64Array[];
  balance: Float64Array;
  l1Gb: Float64Array;
  l2Gb: Float64Array;
  dramGb: Float64Array;
  areaMm2: Float64Array;
  energyJ: Float64Array;
  infeasible: Int32Array;
}

/** The columns of a batch; throws if one is missing here or there. */
export function rowsOf(columns: readonly Column[], batch: Batch): Rows {
  const byName = new Map(columns.map(({ name }, c) => [name, batch.columns[c]!]));
  const take = (name: string) => {
    const column = byName.get(name);
    byName.delete(name);
    if (!column) throw new Error(`the staged evaluator has no column for ${name}`);
    return column as Float64Array;
  };
  take('id');
  const rows: Rows = {
    timeMs: take('time_ms'),
    shares: BOTTLENECKS.map((bottleneck) => take(`${bottleneck}_share`)),
    balance: take('balance'),
    l1Gb: take('l1_gb'),
    l2Gb: take('l2_gb'),
    dramGb: take('dram_gb'),
    areaMm2: take('area_mm2'),
    energyJ: take('energy_j'),
    infeasible: take('infeasible') as unknown as Int32Array,
  };
  if (byName.size > 0) throw new Error(`the staged evaluator does not evaluate ${[...byName.keys()].join(', ')}`);
  return rows;
}

/** Writes a row of a design that cannot run, with the code of the reason. */
export function writeInfeasible(rows: Rows, row: number, code: number): void {
  const { infeasible, shares, ...figures } = rows;
  for (const figure of [...Object.values(figures), ...shares]) figure[row] = Number.NaN;
  infeasible[row] = code;
}
