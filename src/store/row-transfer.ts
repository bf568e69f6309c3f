/** Rows into `points` page by page: they come encoded (`pages/row-pages.ts`), in a file that SQLite reads as a database. */
import type Database from 'better-sqlite3';
import { closeSync, fstatSync, openSync, rmSync } from 'node:fs';
import { PAGE_BYTES, type RowPages } from '../pages/row-pages.js';
import { openDatabase } from './database.js';
import { TableTree } from './table-tree.js';

/**
 * Takes rows over from a second database with the same table, whose pages are made of those that the threads encoded.
 * `INSERT INTO a SELECT * FROM b` copies records as they are where both tables are declared alike.
 */
export class RowTransfer {
  private readonly tree: TableTree;
  private readonly fd: number;
  private readonly insert: Database.Statement;

  /** @param file of the second database: written over with every chunk */
  constructor(db: Database.Database, file: string) {
    const table = db.prepare("SELECT sql FROM sqlite_schema WHERE name = 'points'").pluck().get() as string;
    rmSync(file, { force: true });
    const root = makeDatabase(file, table);
    this.fd = openSync(file, 'r+');
    this.tree = new TableTree(this.fd, root, fstatSync(this.fd).size / PAGE_BYTES);
    db.prepare('ATTACH ? AS incoming').run(file);
    this.insert = db.prepare('INSERT INTO main.points SELECT * FROM incoming.points');
  }

  /** Puts rows where SQLite finds them. Not within a transaction. */
  offer({ pages, lastIds }: RowPages): void {
    this.tree.writeLeaves(0, pages);
    this.tree.finish(lastIds.length, (from, to) => lastIds.subarray(from, to));
  }

  /** Inserts the rows that were offered, within a transaction. */
  takeOver(): void {
    this.insert.run();
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** Makes a database with one empty table; the table's root page. */
function makeDatabase(file: string, table: string): number {
  const db = openDatabase(file);
  try {
    db.pragma(`page_size = ${PAGE_BYTES}`);
    db.pragma('journal_mode = OFF');
    db.exec(table);
    return db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'points'").pluck().get() as number;
  } finally {
    db.close();
  }
}
