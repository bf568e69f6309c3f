/** The columns of `points`, declared once for SQLite, Arrow, JSON and the workers' batches. */
import type { Formula } from '../model/formula.js';
import { METRICS, type Metric } from '../model/metrics.js';
import { REASONS, type Reason } from '../model/reasons.js';
import { describeAxis, resourceOf } from '../model/resources.js';
import { KERNEL_TILES, PAPER_TILES } from '../model/tile-choice.js';
import { modelOf } from '../model/models.js';
import { infeasibleReason, parseTile, TILE_LIMITS } from '../model/tile.js';
import type { Axis } from './axis.js';
import { OPTION_DIGIT, sweptAxes, type Study } from './study.js';

/** Where the cells of a column come from. All but `row` follow from the id or from other columns, and are not stored. */
export type Source =
  | { from: 'id' }
  /** The number of the design: the id without its workload. */
  | { from: 'design' }
  /** The value that a digit of the id stands for; digit 0 is the workload. */
  | { from: 'digit'; digit: number; values: readonly (number | string)[] }
  /** Evaluated, point by point. */
  | { from: 'row' }
  /** Evaluated for the points that are stored, where a study asks for reasons. */
  | { from: 'reasons' }
  /** From stored columns and figures of the workload. */
  | { from: 'formula'; formula: Formula }
  /** Which of some columns is the largest, the first of equals (`TIE`): each stands for a text of the dictionary, in order. */
  | { from: 'largest'; of: readonly string[] };

interface ColumnBase {
  name: string;
  meaning: string;
  unit: string;
  source: Source;
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

/** The column that names the design option, and its axis in the table of axes. */
export const OPTION = { name: 'option', meaning: 'named design option', unit: '-' } as const;

const unique = (texts: readonly string[]) => [...new Set(texts)];

/** A column of the workload: digit 0. */
function workloadColumn(name: string, meaning: string, unit: string, values: readonly (number | string)[]): Column {
  const source: Source = { from: 'digit', digit: 0, values };
  return typeof values[0] === 'number'
    ? { name, meaning, unit, source, type: 'int' }
    : { name, meaning, unit, source, type: 'text', dictionary: unique(values as string[]) };
}

/** The name of the design option, where the study has options. */
function optionColumns({ options }: Study): Column[] {
  if (!options) return [];
  const source: Source = { from: 'digit', digit: OPTION_DIGIT, values: options };
  return [{ ...OPTION, source, type: 'text', dictionary: options }];
}

function axisColumn(study: Study, axis: Axis): Column {
  const { id: name, meaning, unit } = describeAxis(axis.id);
  const digit = 1 + study.dimensions.findIndex((dimension) => dimension.includes(axis));
  const base = { name, meaning, unit, source: { from: 'digit', digit, values: axis.values } as const };
  const resource = resourceOf(axis.id);
  return resource
    ? { ...base, type: resource.whole ? 'int' : 'real' }
    : { ...base, type: 'text', dictionary: unique(axis.values.map(String)) };
}

function metricColumn(metric: Metric): Column {
  const { name, meaning, unit } = metric;
  if (metric.type === 'text')
    return {
      ...{ name, meaning, unit, type: 'text', dictionary: metric.values },
      source: { from: 'largest', of: metric.largestOf },
    };
  const source: Source = metric.formula ? { from: 'formula', formula: metric.formula } : { from: 'row' };
  return { name, meaning, unit, source, type: 'real' };
}

function reasonColumn(reason: Reason): Column {
  const { name, meaning, unit } = reason;
  const base = { name, meaning, unit, source: { from: 'reasons' } as const };
  return reason.type === 'text' ? { ...base, type: 'text', dictionary: reason.values } : { ...base, type: 'real' };
}

/** Every reason for which a design of the study can be infeasible. */
function infeasibleReasons(study: Study): readonly string[] {
  const { reasons } = modelOf(study.model);
  if (reasons) return reasons;
  const explicit = sweptAxes(study)
    .flatMap((axis) => axis.values)
    .flatMap((value) => parseTile(String(value)) ?? []);
  const automatic = [...PAPER_TILES, ...KERNEL_TILES].map(({ tile }) => tile);
  const tiles = [...explicit, ...automatic];
  return unique(tiles.flatMap((tile) => TILE_LIMITS.map((limit) => infeasibleReason(tile, limit))));
}

/** Columns of a study: id, design, workload, option, the axes it moves, metrics, why a design is infeasible, and reasons where all points have them. */
export function columnsOf(study: Study): Column[] {
  const { workloads } = study;
  return [
    {
      name: 'id',
      meaning: 'index of the point in the unconstrained grid',
      unit: '1',
      type: 'int',
      source: { from: 'id' },
    },
    {
      name: 'design',
      meaning: 'number of the design, the same on all workloads',
      unit: '1',
      type: 'int',
      source: { from: 'design' },
    },
    workloadColumn(
      'network',
      'network of the workload',
      '-',
      workloads.map(({ network }) => network.name),
    ),
    workloadColumn(
      'batch',
      'images of one run',
      '1',
      workloads.map(({ batch }) => batch),
    ),
    workloadColumn(
      'pass',
      'pass of the workload',
      '-',
      workloads.map(({ pass }) => pass),
    ),
    ...optionColumns(study),
    ...sweptAxes(study).map((axis) => axisColumn(study, axis)),
    ...METRICS.map(metricColumn),
    {
      name: 'infeasible',
      meaning: 'why the design cannot run; its metrics are NULL then',
      unit: '-',
      type: 'text',
      dictionary: infeasibleReasons(study),
      source: { from: 'row' },
    },
    ...(study.reasons === 'all' ? REASONS.map(reasonColumn) : []),
  ];
}

/** Whether a column is the id, or evaluated for every point. */
export const isEvaluated = ({ source }: Column): boolean => source.from === 'id' || source.from === 'row';

/** The id and the columns that are evaluated for every point. */
export const evaluatedColumns = (columns: readonly Column[]): Column[] => columns.filter(isEvaluated);

/** What is stored: the evaluated columns, then reasons; all others follow from them. */
export const storedColumns = (columns: readonly Column[]): Column[] => [
  ...evaluatedColumns(columns),
  ...columns.filter(({ source }) => source.from === 'reasons'),
];

/** Rows of some columns. NaN is NULL in numbers, -1 in text. */
export interface Batch {
  rows: number;
  columns: (Float64Array | Int32Array)[];
}

const CELL_BYTES = 8;

/**
 * An empty batch with room for `rows` rows; its columns share one buffer, which moves between threads at once.
 *
 * @param room a buffer to use again, where it is large enough; what is in it stays until it is written over
 */
export function makeBatch(columns: readonly Column[], rows: number, room?: ArrayBuffer): Batch {
  const bytes = columns.length * rows * CELL_BYTES;
  const buffer = room && room.byteLength >= bytes ? room : new ArrayBuffer(bytes);
  return {
    rows: 0,
    columns: columns.map(({ type }, c) => {
      const at = c * rows * CELL_BYTES;
      return type === 'text' ? new Int32Array(buffer, at, rows) : new Float64Array(buffer, at, rows);
    }),
  };
}

/** The buffer that the columns of a batch share; undefined where they have several. */
export function bufferOf({ columns }: Batch): ArrayBuffer | undefined {
  const [buffer, ...others] = new Set(columns.map((column) => column.buffer as ArrayBuffer));
  return others.length === 0 ? buffer : undefined;
}

/** A cell as users see it: number, text or null. */
export function cellOf(column: Column, values: Float64Array | Int32Array, row: number): number | string | null {
  const value = values[row]!;
  if (column.type === 'text') return value < 0 ? null : column.dictionary[value]!;
  return Number.isNaN(value) ? null : value;
}
