/** SQL of the tables of `study.db`. Those of points derive from the columns; the others describe the study and its run. */
import { METRICS } from '../../model/metrics.js';
import { AXIS_IDS, describeAxis, resourceOf } from '../../model/resources.js';
import { storedColumns, type Column } from '../../space/columns.js';
import { quoted } from './names.js';

export const SQL_TYPES = { int: 'INTEGER', real: 'REAL', text: 'TEXT' } as const;

/** The table of what is evaluated, the same in a chunk's database, a shard and a study: the id and the stored columns. */
export function evaluatedTable(columns: readonly Column[]): string {
  const stored = storedColumns(columns);
  const lines = stored.map(({ name, type, unit }, i) => {
    const key = name === 'id' ? ' PRIMARY KEY' : '';
    return `  ${quoted(name)} ${SQL_TYPES[type]}${key}${i === stored.length - 1 ? '' : ','} -- ${unit}`;
  });
  return `CREATE TABLE evaluated (\n${lines.join('\n')}\n)`;
}

/** The table of the baseline on each workload: every resource and every metric. */
export function baselineTable(): string {
  const resources = AXIS_IDS.map((id) => {
    const resource = resourceOf(id);
    const type = resource ? (resource.whole ? 'INTEGER' : 'REAL') : 'TEXT';
    return `  ${quoted(id)} ${type}, -- ${describeAxis(id).unit}`;
  });
  const metrics = METRICS.map(({ name, type, unit }) => `  ${quoted(name)} ${SQL_TYPES[type]}, -- ${unit}`);
  return `CREATE TABLE baseline (
  workload INTEGER PRIMARY KEY, -- as in workloads
  network TEXT NOT NULL, batch INTEGER NOT NULL, pass TEXT NOT NULL,
${[...resources, ...metrics].join('\n')}
  infeasible TEXT -- why the baseline cannot run the workload; its metrics are NULL then
)`;
}

/** The tables and the view that are alike in all studies. */
export const STUDY_TABLES: readonly string[] = [
  `CREATE TABLE study (
  key TEXT PRIMARY KEY, -- a fact of the study, or a resource that it does not move
  value                 -- the resource in its unit
) WITHOUT ROWID`,
  `CREATE TABLE axes (
  axis TEXT NOT NULL,
  position INTEGER NOT NULL, -- of the value along the axis
  value NOT NULL,            -- in the axis's unit; text for cta_tile
  unit TEXT NOT NULL,
  meaning TEXT NOT NULL,
  baseline NOT NULL,
  swept INTEGER NOT NULL,    -- 1 if the study moves it
  digit INTEGER,             -- of the id's mixed radix: axes with the same digit are linked; 0 is the workload
  PRIMARY KEY (axis, position)
) WITHOUT ROWID`,
  `CREATE TABLE workloads (
  workload INTEGER PRIMARY KEY, -- the slowest digit of an id
  network TEXT NOT NULL, batch INTEGER NOT NULL, pass TEXT NOT NULL,
  macs REAL NOT NULL, -- of one run, all its passes
  baseline_ms REAL
)`,
  `CREATE TABLE layers (
  workload INTEGER NOT NULL, position INTEGER NOT NULL, pass TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
  in_channels INTEGER, in_height INTEGER, in_width INTEGER, out_channels INTEGER,
  filter_height INTEGER, filter_width INTEGER, stride_height INTEGER, stride_width INTEGER,
  pad_height INTEGER, pad_width INTEGER, groups INTEGER,
  gemm_m INTEGER, gemm_n INTEGER, gemm_k INTEGER,
  PRIMARY KEY (workload, position, pass)
) WITHOUT ROWID`,
  `CREATE TABLE constraints (
  position INTEGER PRIMARY KEY, expression TEXT NOT NULL,
  rejected INTEGER NOT NULL DEFAULT 0 -- points that it rejects by itself, counted when a run begins and ends
)`,
  `CREATE TABLE chunks ( -- a line a stored chunk, committed with its rows
  chunk INTEGER PRIMARY KEY,
  first_id INTEGER NOT NULL, end_id INTEGER NOT NULL, -- ids from first_id up to, not including, end_id
  points INTEGER NOT NULL,   -- that the constraints keep
  rejected INTEGER NOT NULL,
  rejected_by TEXT NOT NULL, -- JSON: points that each constraint rejects by itself
  sha256 TEXT                -- of the chunk's record batch in points.arrow; NULL where it has none
)`,
  `CREATE TABLE failures ( -- chunks that could not be evaluated: the next run tries them again
  chunk INTEGER PRIMARY KEY, first_id INTEGER NOT NULL, end_id INTEGER NOT NULL,
  attempts INTEGER NOT NULL, cause TEXT NOT NULL
)`,
  `CREATE TABLE marginals ( -- where the front alone is stored: the evaluated points with one value of an axis
  workload INTEGER NOT NULL, digit INTEGER NOT NULL, position INTEGER NOT NULL, -- as in axes
  points INTEGER NOT NULL, infeasible INTEGER NOT NULL,
  log_time INTEGER NOT NULL,   -- sum over feasible points of ln(time_ms) in units of 2^-20
  least_time_ms REAL, least_time_id INTEGER,
  PRIMARY KEY (workload, digit, position)
) WITHOUT ROWID`,
  `CREATE VIEW axis_times AS -- geometric mean and least time of the points with each value of each axis
  SELECT network, batch, pass, axis, value, unit, points, infeasible,
    exp(log_time / 1048576.0 / nullif(points - infeasible, 0)) AS mean_time_ms, least_time_ms, least_time_id
  FROM marginals JOIN workloads USING (workload) JOIN axes USING (digit, position)`,
];
