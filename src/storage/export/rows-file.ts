import type { Batch } from '../../space/columns.js';

/** A file, or a folder of files, that takes rows and exists, whole, only after `finish`. */
export interface RowsFile {
  add(batch: Batch): void | Promise<void>;
  finish(): void | Promise<void>;
  /** Removes what was written. */
  abandon(): void;
}

/** The study of the rows, for formats that hold metadata. */
export type Metadata = Record<'study' | 'hash', string>;
