/** Record batches as encapsulated messages of the Arrow IPC format, and back: the bytes that they have in `points.arrow`. */
import { RecordBatchReader, RecordBatchStreamWriter, type RecordBatch } from 'apache-arrow';
import { createHash } from 'node:crypto';
import { makeBatch, type Batch, type Column } from '../../space/columns.js';
import { ByteSink } from './byte-sink.js';
import { arrowColumns, type ArrowColumns } from './schema.js';

/** Encodes batches of the columns of one study. */
export class BatchEncoder {
  /** The messages that a stream of these columns begins with: schema, dictionaries, and a record batch without rows. */
  readonly head: Buffer;
  private readonly arrow: ArrowColumns;
  private readonly sink = new ByteSink();
  private readonly writer = new RecordBatchStreamWriter({ autoDestroy: false });

  constructor(columns: readonly Column[]) {
    this.arrow = arrowColumns(columns, {});
    this.writer.reset(this.sink, this.arrow.schema);
    this.head = this.encode(makeBatch(columns, 0));
  }

  /**
   * The message of a record batch, without the dictionaries: they are the file's.
   *
   * @param batch of all columns of the study
   */
  encode(batch: Batch): Buffer {
    this.writer.write(this.arrow.toRecordBatch(batch));
    return this.sink.take();
  }

  /** The record batches of messages, in order; they share their dictionaries. Throws an Error where a message is damaged. */
  *decode(messages: Iterable<Uint8Array>): Generator<RecordBatch> {
    const { head } = this;
    const iterator = messages[Symbol.iterator]();
    const stream = function* () {
      yield head;
      yield* { [Symbol.iterator]: () => iterator };
    };
    try {
      const reader = RecordBatchReader.from(stream()).open();
      reader.next(); // the batch of the head
      yield* reader;
    } finally {
      iterator.return?.(); // Arrow does not, where its reader is left early
    }
  }
}

/** The checksum by which the table `chunks` knows a record batch. */
export function sha256Of(message: Uint8Array): string {
  return createHash('sha256').update(message).digest('hex');
}
