import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../folder/durable.js';
import { inputError } from '../../errors.js';
import type { Batch, Column } from '../../space/columns.js';
import type { RowsFile } from './rows-file.js';

/** The column that partitions the rows: its texts are in the names of folders, and not in the files. */
const KEY = 'network';

/** Adjacent rows of one network. */
interface Run {
  network: string;
  batch: Batch;
}

/** Splits a batch where the network changes, and drops that column. */
function* runsOf(columns: readonly Column[], { rows, columns: cells }: Batch): Generator<Run> {
  const key = columns.findIndex(({ name }) => name === KEY);
  const column = columns[key]!;
  const codes = cells[key]!;
  if (column.type !== 'text') throw new Error(`${KEY} is no text`);
  for (let from = 0, to = 0; from < rows; from = to) {
    while (to < rows && codes[to] === codes[from]) to++;
    const others = cells.filter((_, c) => c !== key).map((values) => values.subarray(from, to));
    yield { network: column.dictionary[codes[from]!]!, batch: { rows: to - from, columns: others } };
  }
}

/**
 * A folder of Parquet files partitioned by network, `network=NAME/part-0.parquet`, as Hive names them: special characters as %XX. A
 * network whose rows are not adjacent has several files.
 */
export class PartitionedFolder implements RowsFile {
  private readonly partial: string;
  private readonly parts = new Map<string, number>();
  private open: { network: string; file: RowsFile } | undefined;

  /** @param openFile opens a file of the columns given */
  constructor(
    private readonly folder: string,
    private readonly columns: readonly Column[],
    private readonly openFile: (file: string, columns: readonly Column[]) => RowsFile,
  ) {
    this.partial = `${folder}.partial`;
    rmSync(this.partial, { recursive: true, force: true });
    mkdirSync(this.partial);
  }

  async add(batch: Batch): Promise<void> {
    for (const { network, batch: rows } of runsOf(this.columns, batch)) {
      if (this.open?.network !== network) {
        await this.open?.file.finish();
        this.open = { network, file: this.nextPart(network) };
      }
      await this.open.file.add(rows);
    }
  }

  async finish(): Promise<void> {
    if (!this.open) throw inputError({ what: 'there is no point to export', file: this.folder });
    await this.open.file.finish();
    renameSync(this.partial, this.folder);
    syncFolder(join(this.folder, '..'));
  }

  abandon(): void {
    this.open?.file.abandon();
    rmSync(this.partial, { recursive: true, force: true });
  }

  private nextPart(network: string): RowsFile {
    const folder = join(this.partial, `${KEY}=${encodeURIComponent(network)}`);
    const part = this.parts.get(network) ?? 0;
    this.parts.set(network, part + 1);
    mkdirSync(folder, { recursive: true });
    return this.openFile(
      join(folder, `part-${part}.parquet`),
      this.columns.filter(({ name }) => name !== KEY),
    );
  }
}
