import { PartialFile } from '../folder/partial-file.js';
import type { Batch } from '../../space/columns.js';
import type { RowsFile } from './rows-file.js';

/** How a format writes rows as lines. */
export interface TextFormat {
  header: string;
  /** Lines of a batch, some at a time. */
  lines: (batch: Batch) => Iterable<string>;
}

/** Rows as lines of text, in UTF-8. */
export class TextFile implements RowsFile {
  private readonly file: PartialFile;

  constructor(
    file: string,
    private readonly format: TextFormat,
  ) {
    this.file = new PartialFile(file);
    this.write(format.header);
  }

  add(batch: Batch): void {
    for (const lines of this.format.lines(batch)) this.write(lines);
  }

  finish(): void {
    this.file.finish();
  }

  abandon(): void {
    this.file.abandon();
  }

  private write(text: string): void {
    this.file.write(Buffer.from(text));
  }
}
