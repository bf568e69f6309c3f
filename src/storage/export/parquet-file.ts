import { Table, tableToIPC, type RecordBatch } from 'apache-arrow';
import {
  Compression,
  Table as ParquetTable,
  transformParquetStream,
  WriterPropertiesBuilder,
  type RecordBatch as ParquetBatch,
} from 'parquet-wasm';
import { PartialFile } from '../folder/partial-file.js';
import { arrowColumns } from '../arrow/schema.js';
import { makeBatch, type Batch, type Column } from '../../space/columns.js';
import type { Metadata, RowsFile } from './rows-file.js';

/** Rows of a row group, which is held in memory until it is written. */
const ROW_GROUP_ROWS = 131_072;

/**
 * Parquet, compressed with zstd. Its metadata name the study and hold `units`, a JSON object from column to unit; the Arrow
 * schema goes along too, so that readers that know Arrow find units and meanings in the fields.
 */
export class ParquetFile implements RowsFile {
  private readonly file: PartialFile;
  private readonly toRecordBatch: (batch: Batch) => RecordBatch;
  private readonly rows: WritableStreamDefaultWriter<ParquetBatch>;
  /** Settles when the encoder is done, or failed. */
  private readonly encoded: Promise<void>;
  private isEmpty = true;

  constructor(
    file: string,
    private readonly columns: readonly Column[],
    metadata: Metadata,
  ) {
    this.file = new PartialFile(file);
    this.toRecordBatch = arrowColumns(columns, metadata).toRecordBatch;
    const { readable, writable } = new TransformStream<ParquetBatch, ParquetBatch>();
    this.rows = writable.getWriter();
    this.encoded = this.encode(readable, metadata);
    this.encoded.catch(() => {}); // add and finish throw it
  }

  async add(batch: Batch): Promise<void> {
    this.isEmpty = false;
    const table = ParquetTable.fromIPCStream(tableToIPC(new Table([this.toRecordBatch(batch)]), 'stream'));
    try {
      for (const part of table.recordBatches()) await this.whileEncoding(this.rows.write(part));
    } finally {
      table.free();
    }
  }

  async finish(): Promise<void> {
    // The encoder learns the columns from the first batch.
    if (this.isEmpty) await this.add(makeBatch(this.columns, 0));
    await this.whileEncoding(this.rows.close());
    await this.encoded;
    this.file.finish();
  }

  abandon(): void {
    this.file.abandon();
  }

  private async encode(rows: ReadableStream<ParquetBatch>, metadata: Metadata): Promise<void> {
    const units = JSON.stringify(Object.fromEntries(this.columns.map(({ name, unit }) => [name, unit])));
    const properties = new WriterPropertiesBuilder()
      .setCompression(Compression.ZSTD)
      .setMaxRowGroupSize(ROW_GROUP_ROWS)
      .setKeyValueMetadata(new Map(Object.entries({ ...metadata, units })))
      .build();
    const encoded = (await transformParquetStream(rows, properties)) as AsyncIterable<Uint8Array>;
    for await (const bytes of encoded) this.file.write(bytes);
  }

  /** Waits, but not for an encoder that has failed: its error comes instead. */
  private async whileEncoding(work: Promise<void>): Promise<void> {
    await Promise.race([work, this.encoded.then(() => work)]);
  }
}
