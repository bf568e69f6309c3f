/** A stored chunk read back from its part, as a run would have brought it to the writer. */
import { readPart } from '../arrow/part-files.js';
import { partReader } from '../arrow/read-part.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { RowPageEncoder } from '../pages/row-pages.js';
import { columnsOf, storedColumns, type Batch } from '../space/columns.js';
import type { Study } from '../space/study.js';
import { frontsReader } from './chunk-fronts.js';
import type { StoredPart, StoredRows } from './messages.js';

export class PartReader {
  private readonly rowsOf: (part: Uint8Array) => Batch;
  private readonly pages: RowPageEncoder;
  private readonly frontsOf: ReturnType<typeof frontsReader>;

  constructor(study: Study, facts: readonly WorkloadFacts[]) {
    const columns = columnsOf(study);
    const stored = storedColumns(columns);
    this.rowsOf = partReader(columns, stored);
    this.pages = new RowPageEncoder(stored);
    this.frontsOf = frontsReader(study, facts);
  }

  /** Undefined where the part is missing or damaged. */
  read({ folder, chunk, sha256 }: StoredPart): StoredRows | undefined {
    const part = readPart(folder, chunk, sha256);
    if (!part) return undefined;
    const rows = this.rowsOf(part);
    return { pages: this.pages.encode(rows), front: this.frontsOf(rows) };
  }
}

/** Whether a chunk's part is there as it was written. */
export function isSoundPart({ folder, chunk, sha256 }: StoredPart): boolean {
  return readPart(folder, chunk, sha256) !== undefined;
}
