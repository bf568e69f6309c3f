/**
 * The view `points`: every column of a study over the table `evaluated`. Workloads and axis values are looked up in small tables, one
 * a digit of the id, by scalar subqueries: SQLite runs them only for columns that a query asks for (docs/sql.md, "How points is
 * stored").
 */
import { TIE } from '../../model/bottleneck.js';
import { printFormula } from '../../model/formula.js';
import { isWorkloadFact, type WorkloadFacts } from '../../model/metrics.js';
import { columnsOf, type Column } from '../../space/columns.js';
import { strideOf, type Grid } from '../../space/grid.js';
import { gridOf, type Study } from '../../space/study.js';
import { quoted, quotedText } from './names.js';
import { SQL_TYPES } from './tables.js';

/** The table of a digit of the id: digit 0 is the workload. */
const dimensionTable = (digit: number) => (digit === 0 ? 'workloads' : `dimension_${digit}`);

/** Its column for the digit's value, counted from 0. */
const positionColumn = (digit: number) => (digit === 0 ? 'workload' : 'position');

/** Figures of a workload as expressions over `workloads`. */
const FACTS: Record<keyof WorkloadFacts, string> = { images: 'batch', flops: '2 * macs', baselineMs: 'baseline_ms' };

/** The tables of the digits but the first: the values of a dimension's axes, and the option's name. */
export function dimensionTables(
  study: Study,
): { table: string; sql: string; rows: Record<string, number | string>[] }[] {
  const columns = columnsOf(study);
  return study.dimensions.map((_, d) => {
    const own = columns.flatMap(({ source, ...column }) =>
      source.from === 'digit' && source.digit === d + 1 ? [{ ...column, values: source.values }] : [],
    );
    const declared = own.map(({ name, type, unit }) => `  ${quoted(name)} ${SQL_TYPES[type]} NOT NULL, -- ${unit}`);
    const table = dimensionTable(d + 1);
    return {
      table,
      sql: `CREATE TABLE ${table} (\n${declared.join('\n')}\n  position INTEGER PRIMARY KEY -- digit ${d + 1} of the id\n)`,
      rows: own[0]!.values.map((_value, position) => ({
        position,
        ...Object.fromEntries(own.map(({ name, values }) => [name, values[position]!])),
      })),
    };
  });
}

/**
 * DDL of the view. It is plain SQL: other databases evaluate it alike, so it has no function that SQLite alone knows, and types
 * that are 64 bits wide everywhere (REAL is not).
 */
export function pointsView(study: Study): string {
  const grid = gridOf(study);
  const columns = columnsOf(study);
  const lines = columns.map((column, c) => {
    const comma = c === columns.length - 1 ? '' : ',';
    return `  ${expressionOf(column, grid)} AS ${quoted(column.name)}${comma} -- ${column.unit}`;
  });
  return `CREATE VIEW points AS SELECT\n${lines.join('\n')}\nFROM evaluated AS e`;
}

/** What the table of a digit has for a point. */
function lookUp(expression: string, grid: Grid, digit: number): string {
  const where = `${positionColumn(digit)} = ${digitOf(grid, digit)}`;
  return `(SELECT ${expression} FROM ${dimensionTable(digit)} WHERE ${where})`;
}

/** A digit of the id. By remainders alone: what `/` does to whole numbers differs from one database to another. */
function digitOf(grid: Grid, digit: number): string {
  const stride = strideOf(grid, digit);
  const radix = grid.radices[digit]!;
  if (radix === 1) return '0';
  const within = digit === 0 ? 'e.id' : `e.id % ${stride * radix}`;
  return stride === 1 ? within : `(${within} - e.id % ${stride}) / ${stride}`;
}

function expressionOf(column: Column, grid: Grid): string {
  const { name, type, source } = column;
  switch (source.from) {
    case 'design':
      return `CAST(e.id % ${strideOf(grid, 0)} AS BIGINT)`;
    case 'digit':
      return lookUp(quoted(name), grid, source.digit);
    case 'formula': {
      const print = (figure: string) =>
        isWorkloadFact(figure) ? lookUp(FACTS[figure], grid, 0) : `e.${quoted(figure)}`;
      return `CAST(${printFormula(source.formula, print)} AS DOUBLE)`;
    }
    case 'largest':
      return `CAST(${largestOf(source.of, type === 'text' ? column.dictionary : source.of)} AS TEXT)`;
    default:
      return `e.${quoted(name)}`;
  }
}

/** The label of the first column that is the largest, or within `TIE` of it; NULL where they are. */
function largestOf(names: readonly string[], labels: readonly string[]): string {
  const columns = names.map((name) => `e.${quoted(name)}`);
  const cases = columns.map((column, i) => {
    const others = columns.filter((other) => other !== column);
    const isLargest = others.map((other) => `${column} * ${1 + TIE} >= ${other}`).join(' AND ');
    return `WHEN ${isLargest} THEN ${quotedText(labels[i]!)}`;
  });
  return `CASE ${cases.join(' ')} END`;
}
