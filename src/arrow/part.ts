/** A chunk's rows as the bytes that they have in `points.arrow`: one encapsulated record batch message (Arrow IPC format). */
import { RecordBatchStreamWriter } from 'apache-arrow';
import { createHash, webcrypto } from 'node:crypto';
import type { Batch, Column } from '../space/columns.js';
import { Gathered } from './gathered.js';
import { arrowColumns, type ArrowColumns } from './schema.js';

/** Encodes batches of one study. Dictionaries are the file's, not the part's. */
export class PartEncoder extends RecordBatchStreamWriter {
  private readonly gathered = new Gathered();
  private readonly arrow: ArrowColumns;

  constructor(columns: readonly Column[]) {
    super({ autoDestroy: false });
    this.arrow = arrowColumns(columns, {});
    this.reset(this.gathered, this.arrow.schema);
    this.gathered.take(); // the schema's message
  }

  /** @param batch of all columns of the study */
  encode(batch: Batch): Buffer {
    this.write(this.arrow.toRecordBatch(batch));
    return this.gathered.take();
  }

  protected override _writeDictionaries(): this {
    return this;
  }
}

/** What the ledger knows a part by. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The same, worked out on a thread of Node's own. */
export async function sha256InBackground(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
