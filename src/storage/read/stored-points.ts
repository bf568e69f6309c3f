import type Database from 'better-sqlite3';
import type { Column } from '../../space/columns.js';
import { checkCondition, withConditionErrors } from './condition.js';
import { openReader } from '../database/open-database.js';
import { readBlocks, type Block } from './read-rows.js';

/** Stored points of a block, after which the reader gets control. */
const BLOCK_ROWS = 16_384;

/** The stored points of a study, or those that meet a condition, as they are when this is opened. */
export class StoredPoints {
  /** Rows of the table. */
  readonly count: number;
  private readonly db: Database.Database;

  /** Throws an input error for a wrong condition. */
  constructor(
    file: string,
    private readonly columns: readonly Column[],
    private readonly condition?: string,
  ) {
    this.db = openReader(file);
    try {
      this.db.exec('BEGIN'); // a run in the meantime changes nothing here
      if (condition !== undefined) checkCondition(this.db, condition);
      this.count = this.db.prepare('SELECT count(*) FROM points').pluck().get() as number;
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The points, ids ascending, block by block. */
  *blocks(): Generator<Block> {
    const { db, columns, condition } = this;
    const blocks = readBlocks(db, columns, BLOCK_ROWS, condition);
    const next =
      condition === undefined ? () => blocks.next() : () => withConditionErrors(db, condition, () => blocks.next());
    for (let block = next(); !block.done; block = next()) yield block.value;
  }

  close(): void {
    this.db.close();
  }
}
