/** SQL of `study.db`. The table of points derives from the columns; the others describe the study. */
import type { Column } from '../space/columns.js';

const SQL_TYPES = { int: 'INTEGER', real: 'REAL', text: 'TEXT' } as const;

/** Quotes a name for SQL. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

export function pointsTable(columns: readonly Column[]): string {
  const lines = columns.map(({ name, type, unit }) => {
    const key = name === 'id' ? ' PRIMARY KEY' : '';
    return `  ${quoted(name)} ${SQL_TYPES[type]}${key}${name === columns.at(-1)!.name ? '' : ','} -- ${unit}`;
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
CREATE TABLE chunks (
  first_id INTEGER PRIMARY KEY, end_id INTEGER NOT NULL, -- ids from first_id up to, not including, end_id
  points INTEGER NOT NULL, rejected INTEGER NOT NULL
);
CREATE TABLE pareto (
  objectives TEXT NOT NULL, -- such as 'minimize time_ms, minimize area_mm2'
  id INTEGER NOT NULL,
  balanced INTEGER NOT NULL, -- 1 for the balanced design of the workload
  knee INTEGER NOT NULL,
  imbalance REAL NOT NULL,   -- 0 where no area moved between resources would buy time
  PRIMARY KEY (objectives, id)
) WITHOUT ROWID;
`;
