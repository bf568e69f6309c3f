/** Arrow IPC files, written batch by batch: `points.arrow` and what `query` hands on. */
import {
  AsyncByteQueue,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
  type Data,
  type DataType,
  type Vector,
} from 'apache-arrow';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Chunk, Sink } from '../engine/sink.js';
import { makeBatch, type Batch, type Column } from '../space/columns.js';

/** Rows of a record batch: fixed, so that the file does not depend on how a run was cut into chunks. */
export const ROWS_PER_RECORD_BATCH = 65_536;

/** Bytes from the Arrow writer go straight to a file. */
class FileSink extends AsyncByteQueue<Uint8Array> {
  constructor(private readonly fd: number) {
    super();
  }

  override write(chunk: Uint8Array): void {
    for (let done = 0; done < chunk.byteLength;) done += writeSync(this.fd, chunk, done);
  }
}

interface ArrowColumn {
  column: Column;
  field: Field;
  /** The one dictionary of a text column, the same for all record batches. */
  dictionary?: Vector<Utf8>;
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

/** Validity bits of the rows; none where nothing is NULL. */
function validityOf(isNull: (row: number) => boolean, rows: number): { nullCount: number; nullBitmap?: Uint8Array } {
  const bits = new Uint8Array(Math.ceil(rows / 64) * 8);
  let nullCount = 0;
  for (let row = 0; row < rows; row++) {
    if (isNull(row)) nullCount++;
    else bits[row >> 3]! |= 1 << (row & 7);
  }
  return nullCount > 0 ? { nullCount, nullBitmap: bits } : { nullCount };
}

function columnData(
  { column, field, dictionary }: ArrowColumn,
  values: Float64Array | Int32Array,
  length: number,
): Data {
  if (column.type === 'int') {
    const integers = BigInt64Array.from({ length }, (_, row) => BigInt(values[row]!));
    return makeData({ type: field.type as Int64, length, nullCount: 0, data: integers });
  }
  if (column.type === 'real') {
    const data = (values as Float64Array).slice(0, length);
    return makeData({
      type: field.type as Float64,
      length,
      data,
      ...validityOf((row) => Number.isNaN(data[row]!), length),
    });
  }
  const codes = (values as Int32Array).slice(0, length);
  const validity = validityOf((row) => codes[row]! < 0, length);
  for (let row = 0; row < length; row++) if (codes[row]! < 0) codes[row] = 0;
  return makeData({
    type: field.type as Dictionary<Utf8, Int32>,
    length,
    data: codes,
    dictionary: dictionary!,
    ...validity,
  });
}

/** Writes rows into an Arrow IPC file; the file is there, whole, only after `finish`. */
export class ArrowFile implements Sink {
  private readonly columns: ArrowColumn[];
  private readonly schema: Schema;
  private readonly writer = new RecordBatchFileWriter({ autoDestroy: false });
  private readonly fd: number;
  private pending: Batch;

  constructor(
    private readonly file: string,
    private readonly partialFile: string,
    columns: readonly Column[],
    metadata: Record<string, string>,
  ) {
    this.columns = columns.map(arrowColumn);
    this.schema = new Schema(
      this.columns.map(({ field }) => field),
      new Map(Object.entries(metadata)),
    );
    this.pending = makeBatch(columns, ROWS_PER_RECORD_BATCH);
    this.fd = openSync(partialFile, 'w');
    this.writer.reset(new FileSink(this.fd), this.schema);
  }

  append(chunk: Pick<Chunk, 'batch'>): void {
    this.appendRows(chunk.batch);
  }

  /** Adds rows; a record batch is written whenever it is full. */
  appendRows({ rows, columns }: Batch): void {
    for (let row = 0; row < rows;) {
      const taken = Math.min(rows - row, ROWS_PER_RECORD_BATCH - this.pending.rows);
      columns.forEach((column, c) =>
        this.pending.columns[c]!.set(column.subarray(row, row + taken), this.pending.rows),
      );
      this.pending.rows += taken;
      row += taken;
      if (this.pending.rows === ROWS_PER_RECORD_BATCH) this.flush();
    }
  }

  /** Writes what is left and the footer, and gives the file its name. */
  finish(): void {
    if (this.pending.rows > 0) this.flush();
    this.writer.finish();
    fsyncSync(this.fd);
    closeSync(this.fd);
    renameSync(this.partialFile, this.file);
  }

  /** Closes the file as it is, unfinished. */
  abandon(): void {
    closeSync(this.fd);
  }

  private flush(): void {
    const { rows, columns } = this.pending;
    const children = this.columns.map((column, c) => columnData(column, columns[c]!, rows));
    const data = makeData({ type: new Struct(this.schema.fields), length: rows, nullCount: 0, children });
    this.writer.write(new RecordBatch(this.schema, data));
    this.pending.rows = 0;
  }
}
