/** Arrow's view of a study's columns: fields with units, one dictionary a text column, record batches. */
import {
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
  type Data,
  type DataType,
  type Vector,
} from 'apache-arrow';
import type { Batch, Column } from '../../space/columns.js';

type Cells = Float64Array | Int32Array;

interface ArrowColumn {
  column: Column;
  field: Field;
  /** The one dictionary of a text column, the same for all record batches. */
  dictionary?: Vector<Utf8>;
}

/** The columns of a study as an Arrow schema, and its batches as Arrow's. */
export interface ArrowColumns {
  schema: Schema;
  toRecordBatch: (batch: Batch) => RecordBatch;
}

/** @param metadata of the file: study and hash */
export function arrowColumns(columns: readonly Column[], metadata: Record<string, string>): ArrowColumns {
  const arrow = columns.map(arrowColumn);
  const schema = new Schema(
    arrow.map(({ field }) => field),
    new Map(Object.entries(metadata)),
  );
  const toRecordBatch = ({ rows, columns: cells }: Batch) => {
    const children = arrow.map((column, c) => columnData(column, cells[c]!.subarray(0, rows)));
    return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children }));
  };
  return { schema, toRecordBatch };
}

function arrowColumn(column: Column, position: number): ArrowColumn {
  const metadata = new Map([
    ['unit', column.unit],
    ['meaning', column.meaning],
  ]);
  const field = (type: DataType) => new Field(column.name, type, column.name !== 'id', metadata);
  if (column.type !== 'text') return { column, field: field(column.type === 'int' ? new Int64() : new Float64()) };
  const type = new Dictionary(new Utf8(), new Int32(), position, false);
  return { column, field: field(type), dictionary: vectorFromArray([...column.dictionary], new Utf8()) };
}

function columnData({ column, field, dictionary }: ArrowColumn, values: Cells): Data {
  const { length } = values;
  const type = field.type as DataType;
  if (column.type === 'int')
    return makeData({ type: type as Int64, length, nullCount: 0, data: toInt64(values as Float64Array) });
  if (column.type === 'real') {
    const data = values as Float64Array;
    return makeData({ type: type as Float64, length, data, ...validityOf(data) });
  }
  const validity = validityOf(values);
  return makeData({
    type: type as Dictionary<Utf8, Int32>,
    length,
    data: (validity.nullCount > 0 ? values.map((code) => Math.max(code, 0)) : values) as Int32Array,
    dictionary: dictionary!,
    ...validity,
  });
}

/** Whole numbers from 0 to 2^53 as 64-bit integers. */
function toInt64(values: Float64Array): BigInt64Array {
  const words = new Uint32Array(2 * values.length);
  for (let row = 0; row < values.length; row++) {
    const high = Math.floor(values[row]! / 2 ** 32);
    words[2 * row] = values[row]! - high * 2 ** 32;
    words[2 * row + 1] = high;
  }
  return new BigInt64Array(words.buffer);
}

/** Validity bits of cells; none where nothing is NULL, which is NaN among numbers and below 0 among codes. */
function validityOf(cells: Cells): { nullCount: number; nullBitmap?: Uint8Array } {
  const nullCount = cells instanceof Float64Array ? countNaN(cells) : countNegative(cells);
  if (nullCount === 0) return { nullCount };
  const nullBitmap = new Uint8Array(Math.ceil(cells.length / 64) * 8);
  cells.forEach((cell: number, row: number) => {
    if (!(Number.isNaN(cell) || (cells instanceof Int32Array && cell < 0))) nullBitmap[row >> 3]! |= 1 << (row & 7);
  });
  return { nullCount, nullBitmap };
}

// A loop for each kind of array: one for both would be several times as slow, and it is over all cells of a study.
function countNaN(cells: Float64Array): number {
  let count = 0;
  for (let row = 0; row < cells.length; row++) if (Number.isNaN(cells[row]!)) count++;
  return count;
}

function countNegative(codes: Int32Array): number {
  let count = 0;
  for (let row = 0; row < codes.length; row++) if (codes[row]! < 0) count++;
  return count;
}
