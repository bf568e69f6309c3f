/** Stored chunks read back from their parts, as a run would have brought them to the writer. */
import { closeSync, openSync } from 'node:fs';
import { writeFully } from '../arrow/durable.js';
import { readPart } from '../arrow/part-files.js';
import { partReader } from '../arrow/read-part.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { RowPageEncoder } from '../pages/row-pages.js';
import { columnsOf, storedColumns, type Batch } from '../space/columns.js';
import type { Study } from '../space/study.js';
import { frontsReader } from './chunk-fronts.js';
import type { Brings, PartTarget, ReadPart, StoredPart } from './messages.js';

export class PartReader {
  private readonly rowsOf: (part: Uint8Array) => Batch;
  private readonly pages: RowPageEncoder;
  private readonly frontsOf: ReturnType<typeof frontsReader> | undefined;

  /** @param brings what of the chunks besides their rows for SQLite: what they add to the front, or nothing */
  constructor(study: Study, facts: readonly WorkloadFacts[], brings: Brings) {
    const columns = columnsOf(study);
    const stored = storedColumns(columns);
    this.rowsOf = partReader(columns, stored);
    this.pages = new RowPageEncoder(stored);
    this.frontsOf = brings === 'front' ? frontsReader(study, facts) : undefined;
  }

  /** @param to where the part is to be written, if it is sound */
  read(part: StoredPart, to: PartTarget | undefined): ReadPart {
    const bytes = soundBytes(part);
    if (typeof bytes === 'string') return { fault: bytes };
    if (to) writeAt(to, bytes);
    const rows = this.rowsOf(bytes);
    return { rows: { pages: this.pages.encode(rows), ...(this.frontsOf ? { front: this.frontsOf(rows) } : {}) } };
  }
}

/** What is wrong with a part that is not what was written. */
export const NOT_SOUND = 'is missing or damaged';

/** What is wrong with a part that cannot be read, by the error that says so. */
export const faultOf = (error: unknown) =>
  `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`;

/** A part's bytes, or what is wrong with it. */
function soundBytes({ folder, chunk, sha256 }: StoredPart): Buffer | string {
  try {
    return readPart(folder, chunk, sha256) ?? NOT_SOUND;
  } catch (error) {
    return faultOf(error);
  }
}

function writeAt({ file, position }: PartTarget, bytes: Buffer): void {
  const fd = openSync(file, 'r+');
  try {
    writeFully(fd, bytes, position);
  } finally {
    closeSync(fd);
  }
}
