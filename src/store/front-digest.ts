/** A fingerprint of a stored front: the ledger counts the points of its chunks, but not the rows that are left of them. */
import type Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { showNumber } from '../model/units.js';
import { cellOf, columnsOf, storedColumns, type Batch, type Column } from '../space/columns.js';
import { gridOf, type Study } from '../space/study.js';
import { readFact } from './describe-study.js';
import { readBatches } from './read-rows.js';

/** The row of the table `study` that has it. */
const KEY = 'front_digest';

/** Bytes of a row's SHA-256 that go into the sum: as many as a number holds exactly. */
const HASH_BYTES = 6;
const MODULUS = 2 ** (8 * HASH_BYTES);

/** Rows that are read at once. */
const BATCH_ROWS = 65_536;

/** The number of rows, and the sum of their hashes: the same in whatever order they came and went. */
export class FrontDigest {
  private readonly hashes = new Map<number, number>();
  private sum = 0;

  constructor(private readonly columns: readonly Column[]) {}

  /** Adds the rows of a batch of the columns, or those whose ids are wanted. */
  add(batch: Batch, isWanted: (id: number) => boolean = () => true): void {
    for (let row = 0; row < batch.rows; row++) {
      const id = batch.columns[0]![row]!;
      if (!isWanted(id)) continue;
      const hash = this.hashOf(batch, row);
      this.hashes.set(id, hash);
      this.sum = (this.sum + hash) % MODULUS;
    }
  }

  remove(id: number): void {
    this.sum = (this.sum + MODULUS - this.hashes.get(id)!) % MODULUS;
    this.hashes.delete(id);
  }

  get text(): string {
    return `${this.hashes.size} ${this.sum.toString(16).padStart(2 * HASH_BYTES, '0')}`;
  }

  private hashOf({ columns }: Batch, row: number): number {
    const cells = this.columns.map((column, c) => cellOf(column, columns[c]!, row));
    return createHash('sha256').update(JSON.stringify(cells)).digest().readUIntBE(0, HASH_BYTES);
  }
}

/** What writes the digest beside the front. */
export function digestWriter(db: Database.Database): (digest: FrontDigest) => void {
  const write = db.prepare('INSERT OR REPLACE INTO study VALUES (?, ?)');
  return ({ text }) => void write.run(KEY, text);
}

/** How a stored front, or the sums along the axes beside it, differs from what its run has stored. */
export function frontProblems(db: Database.Database, study: Study): string[] {
  const columns = storedColumns(columnsOf(study));
  const digest = new FrontDigest(columns);
  const written = readFact(db, KEY) ?? digest.text;
  for (const batch of readBatches(db, columns, BATCH_ROWS)) digest.add(batch);
  const problems = digest.text === written ? [] : ['the rows of the front in study.db are not what was written'];
  const points = db.prepare('SELECT coalesce(sum(points), 0) FROM chunks').pluck().get() as number;
  const sums = db.prepare('SELECT digit, sum(points) FROM marginals GROUP BY digit').raw().all() as [number, number][];
  const ofDigit = new Map(sums);
  for (let digit = 1; digit < gridOf(study).radices.length; digit++) {
    const sum = ofDigit.get(digit) ?? 0;
    if (sum !== points)
      problems.push(
        `marginals has ${showNumber(sum)} points along digit ${digit}, the ledger says ${showNumber(points)}`,
      );
  }
  return problems;
}
