/** Stored chunks read back from their parts, as a run would have brought them to the writer. */
import { readPart } from '../arrow/part-files.js';
import { partReader } from '../arrow/read-part.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { RowPageEncoder } from '../pages/row-pages.js';
import { columnsOf, storedColumns, type Batch } from '../space/columns.js';
import type { Study } from '../space/study.js';
import { frontsReader } from './chunk-fronts.js';
import type { Brings, ReadPart, StoredPart } from './messages.js';

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

  read(part: StoredPart): ReadPart {
    const bytes = soundBytes(part);
    if (typeof bytes === 'string') return { fault: bytes };
    const rows = this.rowsOf(bytes);
    return { rows: { pages: this.pages.encode(rows), ...(this.frontsOf ? { front: this.frontsOf(rows) } : {}) } };
  }
}

/** Whether a chunk's part is as it was written. */
export function verifyPart(part: StoredPart): ReadPart {
  const bytes = soundBytes(part);
  return typeof bytes === 'string' ? { fault: bytes } : {};
}

/** A part's bytes, or what is wrong with it. */
function soundBytes({ folder, chunk, sha256 }: StoredPart): Buffer | string {
  try {
    return readPart(folder, chunk, sha256) ?? 'is missing or damaged';
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`;
  }
}
