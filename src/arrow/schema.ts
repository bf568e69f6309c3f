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
import type { Batch, Column } from '../space/columns.js';

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

/** @param metadata of the file: what tells one study's from another's */
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
    return makeData({ type: type as Float64, length, data, ...validityOf(length, (row) => Number.isNaN(data[row]!)) });
  }
  const codes = values.map((code) => Math.max(code, 0)) as Int32Array;
  const validity = validityOf(length, (row) => values[row]! < 0);
  return makeData({
    type: type as Dictionary<Utf8, Int32>,
    length,
    data: codes,
    dictionary: dictionary!,
    ...validity,
  });
}

/** Whole numbers from 0 to 2^53 as 64-bit integers. */
function toInt64(values: Float64Array): BigInt64Array {
  const words = new Uint32Array(2 * values.length);
  for (let row = 0; row < values.length; row++) {
    words[2 * row] = values[row]! % 2 ** 32;
    words[2 * row + 1] = values[row]! / 2 ** 32;
  }
  return new BigInt64Array(words.buffer);
}

/** Validity bits of the rows; none where nothing is NULL. */
function validityOf(rows: number, isNull: (row: number) => boolean): { nullCount: number; nullBitmap?: Uint8Array } {
  const bits = new Uint8Array(Math.ceil(rows / 64) * 8);
  let nullCount = 0;
  for (let row = 0; row < rows; row++) {
    if (isNull(row)) nullCount++;
    else bits[row >> 3]! |= 1 << (row & 7);
  }
  return nullCount > 0 ? { nullCount, nullBitmap: bits } : { nullCount };
}
