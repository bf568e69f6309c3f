/** `points.arrow`: an Arrow IPC file, written batch by batch. */
import { AsyncByteQueue, RecordBatchFileWriter, type RecordBatch } from 'apache-arrow';
import type { Batch, Column } from '../../space/columns.js';
import { PartialFile } from '../folder/partial-file.js';
import { arrowColumns, type ArrowColumns } from './schema.js';

/** Passes the bytes of an Arrow writer to a file. */
class FileSink extends AsyncByteQueue<Uint8Array> {
  constructor(private readonly file: PartialFile) {
    super();
  }

  override write(bytes: Uint8Array): void {
    this.file.write(bytes);
  }
}

/** The file exists, whole, only after `finish`. */
export class PointsFile {
  private readonly file: PartialFile;
  private readonly arrow: ArrowColumns;
  private readonly writer = new RecordBatchFileWriter({ autoDestroy: false });

  /** @param metadata of the schema: study and hash */
  constructor(file: string, columns: readonly Column[], metadata: Record<string, string>) {
    this.file = new PartialFile(file);
    this.arrow = arrowColumns(columns, metadata);
    this.writer.reset(new FileSink(this.file), this.arrow.schema);
  }

  /** Adds rows of the columns. */
  add(batch: Batch): void {
    this.addRecordBatch(this.arrow.toRecordBatch(batch));
  }

  /** Adds a record batch of the same columns. All batches of a file come from one source: they share their dictionaries. */
  addRecordBatch(batch: RecordBatch): void {
    this.writer.write(batch);
  }

  /** Makes what was added durable. */
  sync(): void {
    this.file.sync();
  }

  /** Writes the footer, makes the file durable and gives it its name. */
  finish(): void {
    this.writer.finish();
    this.file.finish();
  }

  /** Removes what was written. */
  abandon(): void {
    this.file.abandon();
  }
}
