/** Rows into `points` page by page: they come encoded (`pages/row-pages.ts`), in a file that SQLite reads as a database. */
import type Database from 'better-sqlite3';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { writeFully } from '../arrow/durable.js';
import { PAGE_BYTES, varint, type RowPages } from '../pages/row-pages.js';
import { openDatabase } from './database.js';

/** Places in the first page, and in the head of an interior page of a table. */
const CHANGE_COUNTER = 24;
const PAGE_COUNT = 28;
const VALID_FOR = 92;
const INTERIOR = 0x05;
const INTERIOR_HEADER_BYTES = 12;

/**
 * Takes rows over from a second database with the same table, whose pages are made of those that the threads encoded.
 * `INSERT INTO a SELECT * FROM b` copies records as they are where both tables are declared alike.
 */
export class RowTransfer {
  private readonly template: Buffer;
  private readonly rootPage: number;
  private readonly fd: number;
  private readonly insert: Database.Statement;
  private changes = 1;

  /** @param file of the second database: written over with every chunk */
  constructor(db: Database.Database, file: string) {
    const table = db.prepare("SELECT sql FROM sqlite_schema WHERE name = 'points'").pluck().get() as string;
    rmSync(file, { force: true });
    this.rootPage = makeDatabase(file, table);
    this.template = readFileSync(file);
    this.fd = openSync(file, 'r+');
    db.prepare('ATTACH ? AS incoming').run(file);
    this.insert = db.prepare('INSERT INTO main.points SELECT * FROM incoming.points');
  }

  /** Puts rows where SQLite finds them. Not within a transaction. */
  offer({ pages, lastIds }: RowPages): void {
    const { template, rootPage } = this;
    const firstLeaf = template.length / PAGE_BYTES + 1;
    // A table of one page has no interior one: the leaf is its root.
    const isOneLeaf = lastIds.length === 1;
    template.writeUInt32BE(++this.changes, CHANGE_COUNTER);
    template.writeUInt32BE(this.changes, VALID_FOR);
    template.writeUInt32BE(firstLeaf - 1 + (isOneLeaf ? 0 : lastIds.length), PAGE_COUNT);
    const root = template.subarray((rootPage - 1) * PAGE_BYTES, rootPage * PAGE_BYTES);
    if (isOneLeaf) root.set(pages);
    else writeRoot(root, firstLeaf, lastIds);
    writeFully(this.fd, template, 0);
    if (!isOneLeaf) writeFully(this.fd, pages, template.length);
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

/** Writes an interior page over leaves that follow each other: a child and its last id in each cell, the last child in the head. */
function writeRoot(page: Buffer, firstLeaf: number, lastIds: Float64Array): void {
  page.fill(0);
  const cells = lastIds.length - 1;
  let end = PAGE_BYTES;
  for (let cell = 0; cell < cells; cell++) {
    const key = varint(lastIds[cell]!);
    end -= 4 + key.length;
    page.writeUInt32BE(firstLeaf + cell, end);
    page.set(key, end + 4);
    page.writeUInt16BE(end, INTERIOR_HEADER_BYTES + 2 * cell);
  }
  page.writeUInt8(INTERIOR, 0);
  page.writeUInt16BE(cells, 3);
  page.writeUInt16BE(end % PAGE_BYTES, 5);
  page.writeUInt32BE(firstLeaf + cells, 8);
}
