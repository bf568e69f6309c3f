import { PartEncoder } from '../arrow/part.js';
import { PointsFile } from '../arrow/points-file.js';
import type { Batch, Column } from '../space/columns.js';
import type { Metadata, RowsFile } from './rows-file.js';

/** An Arrow IPC file as `points.arrow` is one: dictionaries for text, units and meanings in the fields' metadata. */
export class ArrowFile implements RowsFile {
  private readonly file: PointsFile;
  private readonly encoder: PartEncoder;

  constructor(file: string, columns: readonly Column[], metadata: Metadata) {
    this.encoder = new PartEncoder(columns);
    this.file = new PointsFile(file, columns, metadata);
  }

  add(batch: Batch): void {
    this.addPart(this.encoder.encode(batch));
  }

  /** Adds rows that are encoded already: a part of another file of the same columns. */
  addPart(part: Buffer): void {
    this.file.addPart(part);
  }

  finish(): void {
    this.file.finish();
  }

  abandon(): void {
    this.file.abandon();
  }
}
