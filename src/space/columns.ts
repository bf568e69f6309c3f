/** The columns of `points`, declared once for SQLite, Arrow, JSON and the workers' batches. */
import { PASSES } from '../model/layer.js';
import { METRICS, type Metric } from '../model/metrics.js';
import { describeAxis, resourceOf } from '../model/resources.js';
import { KERNEL_TILES, PAPER_TILES } from '../model/tile-choice.js';
import { infeasibleReason, parseTile, TILE_LIMITS } from '../model/tile.js';
import type { Axis } from './axis.js';
import { sweptAxes, type Study } from './study.js';

interface ColumnBase {
  name: string;
  meaning: string;
  unit: string;
}

export interface NumberColumn extends ColumnBase {
  type: 'int' | 'real';
}

/** Text out of a fixed list, so that a row holds a position in it and files come out the same however a study was run. */
export interface TextColumn extends ColumnBase {
  type: 'text';
  dictionary: readonly string[];
}

export type Column = NumberColumn | TextColumn;

const unique = (texts: readonly string[]) => [...new Set(texts)];

function axisColumn(axis: Axis): Column {
  const { id: name, meaning, unit } = describeAxis(axis.id);
  return resourceOf(axis.id)
    ? { name, meaning, unit, type: 'real' }
    : { name, meaning, unit, type: 'text', dictionary: unique(axis.values.map(String)) };
}

function metricColumn({ name, meaning, unit, ...rest }: Metric): Column {
  return rest.type === 'text'
    ? { name, meaning, unit, type: 'text', dictionary: rest.values }
    : { name, meaning, unit, type: 'real' };
}

/** Every reason for which a design of the study could be infeasible. */
function infeasibleReasons(study: Study): string[] {
  const explicit = sweptAxes(study).flatMap((axis) => axis.values.map((value) => parseTile(String(value))));
  const automatic = [...PAPER_TILES, ...KERNEL_TILES].map(({ tile }) => tile);
  const tiles = [...explicit.filter((tile) => tile !== undefined), ...automatic];
  return unique(tiles.flatMap((tile) => TILE_LIMITS.map((limit) => infeasibleReason(tile, limit))));
}

/** Columns of a study: id, workload, the axes it moves, metrics, and why a design is infeasible. */
export function columnsOf(study: Study): Column[] {
  const networks = unique(study.workloads.map(({ network }) => network.name));
  return [
    { name: 'id', meaning: 'index of the point in the unconstrained grid', unit: '1', type: 'int' },
    { name: 'network', meaning: 'network of the workload', unit: '-', type: 'text', dictionary: networks },
    { name: 'batch', meaning: 'images of one run', unit: '1', type: 'int' },
    { name: 'pass', meaning: 'pass of the workload', unit: '-', type: 'text', dictionary: PASSES },
    ...sweptAxes(study).map(axisColumn),
    ...METRICS.map(metricColumn),
    {
      name: 'infeasible',
      meaning: 'why the design cannot run; its metrics are NULL then',
      unit: '-',
      type: 'text',
      dictionary: infeasibleReasons(study),
    },
  ];
}

/** Rows of a study, column by column, in the order of `columnsOf`. NaN is NULL in numbers, -1 in text. */
export interface Batch {
  rows: number;
  columns: (Float64Array | Int32Array)[];
}

/** An empty batch with room for `rows` rows. */
export function makeBatch(columns: readonly Column[], rows: number): Batch {
  return {
    rows: 0,
    columns: columns.map((column) => (column.type === 'text' ? new Int32Array(rows) : new Float64Array(rows))),
  };
}

/** A cell as users see it: number, text or null. */
export function cellOf(column: Column, values: Float64Array | Int32Array, row: number): number | string | null {
  const value = values[row]!;
  if (column.type === 'text') return value < 0 ? null : column.dictionary[value]!;
  return Number.isNaN(value) ? null : value;
}
