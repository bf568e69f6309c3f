/** Rows of a query as an Arrow IPC file, written batch by batch. */
import {
  Float64,
  Int64,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  Field,
  makeData,
  vectorFromArray,
  type DataType,
} from 'apache-arrow';
import { ByteSink } from '../storage/arrow/byte-sink.js';
import { inputError } from '../errors.js';
import { showBytes, type Rows, type SqlValue } from './rows.js';

/** The rows of a record batch, which memory holds. */
const ROWS_PER_BATCH = 10_000;

type Kind = 'whole' | 'number' | 'text';

const TYPES: Record<Kind, DataType> = { whole: new Int64(), number: new Float64(), text: new Utf8() };
const ORDER: readonly Kind[] = ['whole', 'number', 'text'];

const kindOf = (cell: number | string | Uint8Array): Kind =>
  typeof cell !== 'number' ? 'text' : Number.isSafeInteger(cell) ? 'whole' : 'number';

/** A cell, converted to the kind of its column. */
function cellAs(kind: Kind, cell: SqlValue) {
  if (cell === null) return null;
  if (ORDER.indexOf(kindOf(cell)) > ORDER.indexOf(kind))
    throw inputError({
      what: 'SQL: a column has other types the second time it is read',
      expected: 'a CAST around it',
    });
  if (kind === 'whole') return BigInt(cell as number);
  return kind === 'number' ? cell : cell instanceof Uint8Array ? showBytes(cell) : String(cell);
}

interface TypedRows {
  kinds: Kind[];
  /** The rows, to be read a second time. */
  rows: Rows;
}

/**
 * Finds the narrowest kind of each column: whole numbers, numbers or text. SQLite declares no type for an expression, and the
 * schema precedes the rows of a file, so the query runs twice; the rows of a small result are kept instead.
 */
function findKinds(columns: readonly string[], rows: Rows): TypedRows {
  const kinds = columns.map(() => 0);
  let held: (readonly SqlValue[])[] | undefined = [];
  for (const row of rows) {
    for (let c = 0; c < kinds.length; c++)
      if (row[c] !== null) kinds[c] = Math.max(kinds[c]!, ORDER.indexOf(kindOf(row[c]!)));
    if (held && held.push(row) > ROWS_PER_BATCH) held = undefined;
  }
  return { kinds: kinds.map((kind) => ORDER[kind]!), rows: held ?? rows };
}

function toBatch(schema: Schema, kinds: readonly Kind[], rows: readonly (readonly SqlValue[])[]): RecordBatch {
  const children = kinds.map(
    (kind, c) =>
      vectorFromArray(
        rows.map((row) => cellAs(kind, row[c]!)),
        TYPES[kind],
      ).data[0]!,
  );
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows.length, children }));
}

/** The bytes of the file, piece by piece. */
export function* arrowPieces(columns: readonly string[], everyRow: Rows): Generator<Uint8Array> {
  const { kinds, rows } = findKinds(columns, everyRow);
  const schema = new Schema(columns.map((name, c) => new Field(name, TYPES[kinds[c]!], true)));
  const sink = new ByteSink();
  const writer = new RecordBatchFileWriter({ autoDestroy: false });
  writer.reset(sink, schema);
  let batch: (readonly SqlValue[])[] = [];
  for (const row of rows) {
    if (batch.push(row) < ROWS_PER_BATCH) continue;
    writer.write(toBatch(schema, kinds, batch));
    yield sink.take();
    batch = [];
  }
  if (batch.length > 0) writer.write(toBatch(schema, kinds, batch));
  writer.close();
  yield sink.take();
}
