import type { Batch } from '../../space/columns.js';

/** A file, or a folder of files, that takes rows and is there, whole, only after `finish`. */
export interface RowsFile {
  add(batch: Batch): void | Promise<void>;
  finish(): void | Promise<void>;
  /** Gives it up: nothing is left of it. */
  abandon(): void;
}

/** What a file says of the study that its rows are from, where its format has a place for it. */
export type Metadata = Record<'study' | 'hash', string>;
