/** Measured convolution times: the CSV that `validate` reads. */
import { CsvError, parse } from 'csv-parse/sync';
import { inputError, inputErrors, showReason, type Problem } from '../../errors.js';
import { LARGEST_FILTER, outHeight, outWidth, type Layer, type LayerPass } from '../../model/layer.js';
import { parseTile, TILE_RULE, type Tile } from '../../model/tile.js';
import { MILLI } from '../../model/units.js';
import { nearestName } from '../nearest.js';
import { readTextFile } from './library.js';
import { MAX_MEASURED_BYTES, MAX_MEASURED_COLUMNS, MAX_MEASURED_ROWS } from './limits.js';

/** The columns that hold a layer's shape, with the least value of each. */
const SHAPE_COLUMNS = {
  batch: 1,
  in_channels: 1,
  in_height: 1,
  in_width: 1,
  out_channels: 1,
  filter_height: 1,
  filter_width: 1,
  pad_height: 0,
  pad_width: 0,
  stride_height: 1,
  stride_width: 1,
} as const;
type ShapeColumn = keyof typeof SHAPE_COLUMNS;

const TIME_COLUMNS: Record<LayerPass, string> = {
  forward: 'forward_ms',
  'backward-data': 'backward_data_ms',
  'backward-filter': 'backward_filter_ms',
};
const ALGORITHM_COLUMN = 'forward_algorithm';

/** Columns that a file may have besides: read where they are there, or carried along. */
const OPTIONAL_COLUMNS = [ALGORITHM_COLUMN, 'groups', 'precision', 'cta_tile'] as const;
const CARRIED_COLUMNS = ['workload', 'kernel', 'grid', 'layout'] as const;
const COLUMNS: readonly string[] = [
  ...Object.keys(SHAPE_COLUMNS),
  ...Object.values(TIME_COLUMNS),
  ...OPTIONAL_COLUMNS,
  ...CARRIED_COLUMNS,
];
const MAX_SHAPE = 65_536;

/** A row of the file: a layer, and what was measured. */
export interface MeasuredLayer {
  /** The line of the file. */
  line: number;
  layer: Layer;
  batch: number;
  algorithm: string;
  /** The tile that ran, where the file names it. */
  tile?: Tile;
  seconds: number;
}

/** The rows of a file that were asked for. */
export interface Measured {
  layers: MeasuredLayer[];
  /** Rows that were asked for, of a precision that the model does not have. */
  leftOut: number;
}

type Row = Record<string, string>;

/** Empty cells and N/A are cells without a measurement. */
const isMissing = (cell: string) => cell === '' || /^n\/?a$/i.test(cell);

function readRows(text: string, file: string): { header: readonly string[]; rows: { row: Row; line: number }[] } {
  let header: string[] = [];
  const columns = (names: string[]) => {
    if (names.length > MAX_MEASURED_COLUMNS)
      throw inputError({ what: `too wide, expected at most ${MAX_MEASURED_COLUMNS} columns`, file, line: 1 });
    return (header = names);
  };
  const options = { columns, info: true, bom: true, trim: true, skip_empty_lines: true, to: MAX_MEASURED_ROWS + 1 };
  try {
    const records = parse(text, options) as { record: Row; info: { lines: number } }[];
    const rows = records.map(({ record, info }) => ({ row: record, line: info.lines }));
    const beyond = rows[MAX_MEASURED_ROWS];
    if (beyond)
      throw inputError({ what: `too long, expected at most ${MAX_MEASURED_ROWS} rows`, file, line: beyond.line });
    return { header, rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as { lines?: number };
    const what = `not valid CSV: ${showReason(error.message)}`;
    throw inputError({ what, file, ...(lines === undefined ? {} : { line: lines }) });
  }
}

function shapeOf(row: Row, file: string, line: number): { shape: Record<ShapeColumn, number>; problems: Problem[] } {
  const problems: Problem[] = [];
  const cells = Object.entries(SHAPE_COLUMNS).map(([column, minimum]) => {
    const value = Number(row[column]);
    const largest = column.startsWith('filter') ? LARGEST_FILTER : MAX_SHAPE;
    if (row[column] === '' || !Number.isInteger(value) || value < minimum || value > largest)
      problems.push({
        what: column,
        file,
        line,
        got: row[column],
        expected: `a whole number from ${minimum} to ${largest}`,
      });
    return [column, value] as const;
  });
  return { shape: Object.fromEntries(cells) as Record<ShapeColumn, number>, problems };
}

function toLayer(shape: Record<ShapeColumn, number>, groups: number, line: number): Layer {
  return {
    name: `line ${line}`,
    inChannels: shape.in_channels,
    inHeight: shape.in_height,
    inWidth: shape.in_width,
    outChannels: shape.out_channels,
    filterHeight: shape.filter_height,
    filterWidth: shape.filter_width,
    strideHeight: shape.stride_height,
    strideWidth: shape.stride_width,
    padHeight: shape.pad_height,
    padWidth: shape.pad_width,
    groups,
    count: 1,
  };
}

/** Groups of a row, which divide its channels. */
function groupsOf(row: Row, { in_channels, out_channels }: Record<ShapeColumn, number>, file: string, line: number) {
  if (isMissing(row['groups'] ?? '')) return { groups: 1, problems: [] };
  const groups = Number(row['groups']);
  if (groups >= 1 && in_channels % groups === 0 && out_channels % groups === 0) return { groups, problems: [] };
  const expected = 'a divisor of in_channels and out_channels';
  return { groups: 1, problems: [{ what: 'groups', file, line, got: row['groups'], expected }] };
}

/** The tile of a row; an empty cell leaves the choice to the model. */
function tileOf(row: Row, file: string, line: number): { tile?: Tile; problems: Problem[] } {
  const text = row['cta_tile'] ?? '';
  if (isMissing(text)) return { problems: [] };
  const tile = parseTile(text);
  return tile
    ? { tile, problems: [] }
    : { problems: [{ what: 'cta_tile', file, line, got: text, expected: TILE_RULE }] };
}

/** Every column that is wanted has to be there, each once, and none that is not known. */
function checkHeader(header: readonly string[], wanted: readonly string[], file: string): void {
  const missing = wanted.filter((column) => !header.includes(column));
  const expected = `a header with ${wanted.join(',')}`;
  if (missing.length > 0) throw inputError({ what: `no column ${missing.join(', ')}`, file, line: 1, expected });
  const repeated = wanted.filter((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (repeated.length > 0) throw inputError({ what: `column ${repeated.join(', ')} is there twice`, file, line: 1 });
  const problems = header
    .filter((column) => !COLUMNS.includes(column))
    .map((column): Problem => {
      const nearest = nearestName(column, COLUMNS);
      const what = `unknown column '${column}'`;
      return { what, file, line: 1, expected: `columns of ${COLUMNS.join(', ')}`, ...(nearest ? { nearest } : {}) };
    });
  if (problems.length > 0) throw inputErrors(problems);
}

/**
 * Rows of a measured file that have a time for the pass and an algorithm that matches. Every bad cell is named, with
 * its line. Throws an input error if no row is left.
 */
export function parseMeasured(text: string, file: string, pass: LayerPass, algorithm: RegExp): Measured {
  const { header, rows } = readRows(text, file);
  const timeColumn = TIME_COLUMNS[pass];
  checkHeader(header, [...Object.keys(SHAPE_COLUMNS), timeColumn], file);
  const problems: Problem[] = [];
  let leftOut = 0;
  const measured = rows.flatMap(({ row, line }): MeasuredLayer[] => {
    const time = row[timeColumn]!;
    const name = row[ALGORITHM_COLUMN];
    if (isMissing(time) || (name !== undefined && !algorithm.test(name))) return [];
    if (!isMissing(row['precision'] ?? '') && row['precision'] !== 'fp32') {
      leftOut++;
      return [];
    }
    const { shape, problems: shapeProblems } = shapeOf(row, file, line);
    const seconds = Number(time) * MILLI;
    if (!(seconds > 0 && seconds < Number.POSITIVE_INFINITY))
      shapeProblems.push({ what: timeColumn, file, line, got: time, expected: 'milliseconds above 0' });
    const { groups, problems: groupProblems } = groupsOf(row, shape, file, line);
    const { tile, problems: tileProblems } = tileOf(row, file, line);
    shapeProblems.push(...groupProblems, ...tileProblems);
    const layer = toLayer(shape, groups, line);
    if (shapeProblems.length === 0 && !(outHeight(layer) >= 1 && outWidth(layer) >= 1))
      shapeProblems.push({ what: 'the filter is larger than the padded input', file, line });
    problems.push(...shapeProblems);
    return [{ line, layer, batch: shape.batch, algorithm: name ?? '', seconds, ...(tile ? { tile } : {}) }];
  });
  if (problems.length > 0) throw inputErrors(problems);
  if (measured.length === 0 && leftOut > 0)
    throw inputError({
      what: `all ${leftOut} rows are of another precision than fp32, which the model does not have`,
      file,
    });
  if (measured.length === 0)
    throw inputError({ what: `no row has a ${timeColumn} and an algorithm that matches ${algorithm.source}`, file });
  return { layers: measured, leftOut };
}

/** A measured file by its path. */
export function loadMeasured(path: string, pass: LayerPass, algorithm: RegExp): Measured {
  const { text, file } = readTextFile(path, MAX_MEASURED_BYTES);
  return parseMeasured(text, file, pass, algorithm);
}
