/** SQL of `study.db`. The table of points derives from the columns; the others describe the study and its run. */
import type { Column } from '../space/columns.js';
import { quoted } from './generated.js';

const SQL_TYPES = { int: 'INTEGER', real: 'REAL', text: 'TEXT' } as const;

/**
 * The table of points: what is evaluated is stored, what follows from it is generated as it is read.
 *
 * @param derived SQL of a column that is not stored
 */
export function pointsTable(columns: readonly Column[], derived: (column: Column) => string | undefined): string {
  const lines = columns.map((column, i) => {
    const { name, type, unit } = column;
    const sql = derived(column);
    const key = name === 'id' ? ' PRIMARY KEY' : sql === undefined ? '' : ` AS (${sql})`;
    return `  ${quoted(name)} ${SQL_TYPES[type]}${key}${i === columns.length - 1 ? '' : ','} -- ${unit}`;
  });
  return `CREATE TABLE points (\n${lines.join('\n')}\n)`;
}

export const STUDY_TABLES = `
CREATE TABLE study (
  key TEXT PRIMARY KEY, -- a fact of the study, or a resource that it does not move
  value                 -- the resource in its unit
) WITHOUT ROWID;
CREATE TABLE axes (
  axis TEXT NOT NULL,
  position INTEGER NOT NULL, -- of the value along the axis
  value NOT NULL,            -- in the axis's unit; text for cta_tile
  unit TEXT NOT NULL,
  meaning TEXT NOT NULL,
  baseline NOT NULL,
  swept INTEGER NOT NULL,    -- 1 if the study moves it
  digit INTEGER,             -- of the id's mixed radix: axes with the same digit are linked; 0 is the workload
  PRIMARY KEY (axis, position)
) WITHOUT ROWID;
CREATE TABLE workloads (
  workload INTEGER PRIMARY KEY, -- the slowest digit of an id
  network TEXT NOT NULL, batch INTEGER NOT NULL, pass TEXT NOT NULL,
  macs REAL NOT NULL, -- of one run, all its passes
  baseline_ms REAL
);
CREATE TABLE layers (
  workload INTEGER NOT NULL, position INTEGER NOT NULL, pass TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
  in_channels INTEGER, in_height INTEGER, in_width INTEGER, out_channels INTEGER,
  filter_height INTEGER, filter_width INTEGER, stride_height INTEGER, stride_width INTEGER,
  pad_height INTEGER, pad_width INTEGER, groups INTEGER,
  gemm_m INTEGER, gemm_n INTEGER, gemm_k INTEGER,
  PRIMARY KEY (workload, position, pass)
) WITHOUT ROWID;
CREATE TABLE constraints (
  position INTEGER PRIMARY KEY, expression TEXT NOT NULL,
  rejected INTEGER NOT NULL DEFAULT 0 -- points that it rejects by itself
);
-- The ledger: a line a chunk, written with its rows in one transaction.
CREATE TABLE chunks (
  chunk INTEGER PRIMARY KEY,
  first_id INTEGER NOT NULL, end_id INTEGER NOT NULL, -- ids from first_id up to, not including, end_id
  points INTEGER NOT NULL,     -- that the constraints keep
  rejected INTEGER NOT NULL,
  rejected_by TEXT NOT NULL,   -- JSON: points that each constraint rejects by itself
  sha256 TEXT,                 -- of the chunk's record batch in points.arrow; NULL where it has none
  checksum TEXT NOT NULL       -- of this line
);
CREATE TABLE failures ( -- chunks that could not be evaluated: the next run tries them again
  chunk INTEGER PRIMARY KEY, first_id INTEGER NOT NULL, end_id INTEGER NOT NULL,
  attempts INTEGER NOT NULL, cause TEXT NOT NULL
);
-- Along each axis, where the front alone is stored: the points with one value of it.
CREATE TABLE marginals (
  workload INTEGER NOT NULL, digit INTEGER NOT NULL, position INTEGER NOT NULL, -- as in axes
  points INTEGER NOT NULL, infeasible INTEGER NOT NULL,
  log_time INTEGER NOT NULL,   -- sum over feasible points of ln(time_ms) in units of 2^-20
  least_time_ms REAL, least_time_id INTEGER,
  PRIMARY KEY (workload, digit, position)
) WITHOUT ROWID;
CREATE VIEW axis_times AS -- geometric mean and least time of the points with each value of each axis
  SELECT network, batch, pass, axis, value, unit, points, infeasible,
    exp(log_time / 1048576.0 / nullif(points - infeasible, 0)) AS mean_time_ms, least_time_ms, least_time_id
  FROM marginals JOIN workloads USING (workload) JOIN axes USING (digit, position);
`;
