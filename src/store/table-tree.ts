/** The pages of a table past SQLite: leaves are written where they belong, then the pages above them (sqlite.org/fileformat2.html). */
import { readFully, writeFully } from '../arrow/durable.js';
import { MOST_CHILDREN, writeInterior } from '../pages/interior-page.js';
import { PAGE_BYTES } from '../pages/row-pages.js';

/** The page that holds the file's byte 2^30 is not for data: SQLite locks the file there (1.2). */
export const LOCK_PAGE = 2 ** 30 / PAGE_BYTES + 1;

/** Places in the file's header: the counter of changes, the number of pages, and the change that this number is of (1.3). */
const HEADER_BYTES = 100;
const CHANGE_COUNTER = 24;
const PAGE_COUNT = 28;
const VALID_FOR = 92;

/** Pages of one level that follow each other in the file but for the lock page. */
interface Level {
  /** Their places among those that are written: `pageOf`. */
  first: number;
  count: number;
  /** The last ids under those from one up to, not including, another. */
  lastIds: (from: number, to: number) => Float64Array;
}

/** An empty table of a SQLite file that nobody else has open for writing, and what is written for it behind the file's last page. */
export class TableTree {
  /**
   * @param root the table's root page
   * @param pages of the file
   */
  constructor(
    private readonly fd: number,
    private readonly root: number,
    private readonly pages: number,
  ) {}

  /** Writes leaves, from the so-manieth of the table on. */
  writeLeaves(first: number, leaves: Uint8Array): void {
    const count = leaves.length / PAGE_BYTES;
    // What lies before the lock page, and behind it.
    const before = Math.max(0, Math.min(count, LOCK_PAGE - this.pageOf(first)));
    const cut = before * PAGE_BYTES;
    if (before > 0) this.write(this.pageOf(first), leaves.subarray(0, cut));
    if (before < count) this.write(this.pageOf(first + before), leaves.subarray(cut));
  }

  /** Puts the pages above so many leaves, and says in the file's header what it holds; the pages of the file. */
  finish(leaves: number, lastIds: Level['lastIds']): number {
    let level: Level = { first: 0, count: leaves, lastIds };
    let written = leaves;
    for (; level.count > MOST_CHILDREN; written += level.count) level = this.writeLevel(level, written);
    if (leaves > 1) this.write(this.root, this.pageOver(level, 0, level.count));
    // A table of one page has none above it: the leaf is its root.
    else if (leaves === 1) this.write(this.root, this.read(this.pageOf(0), PAGE_BYTES));
    const pages = leaves > 1 ? this.pageOf(written - 1) : this.pages;
    this.writeHeader(pages);
    return pages;
  }

  /** Writes the pages above a level, all about as full: none has a single child, which SQLite does not allow. */
  private writeLevel(below: Level, first: number): Level {
    const count = Math.ceil(below.count / MOST_CHILDREN);
    const ids = new Float64Array(count);
    const cut = (position: number) => Math.floor((position * below.count) / count);
    for (let position = 0; position < count; position++) {
      const [from, to] = [cut(position), cut(position + 1)];
      this.write(this.pageOf(first + position), this.pageOver(below, from, to));
      ids[position] = below.lastIds(to - 1, to)[0]!;
    }
    return { first, count, lastIds: (from, to) => ids.subarray(from, to) };
  }

  private pageOver({ first, lastIds }: Level, from: number, to: number): Buffer {
    const page = Buffer.alloc(PAGE_BYTES);
    writeInterior(page, (position) => this.pageOf(first + from + position), lastIds(from, to));
    return page;
  }

  /** The page of the so-manieth that is written. */
  private pageOf(place: number): number {
    const page = this.pages + 1 + place;
    return this.pages < LOCK_PAGE && page >= LOCK_PAGE ? page + 1 : page;
  }

  private writeHeader(pages: number): void {
    const header = this.read(1, HEADER_BYTES);
    const changes = header.readUInt32BE(CHANGE_COUNTER) + 1;
    header.writeUInt32BE(changes, CHANGE_COUNTER);
    header.writeUInt32BE(changes, VALID_FOR);
    header.writeUInt32BE(pages, PAGE_COUNT);
    this.write(1, header);
  }

  private write(page: number, bytes: Uint8Array): void {
    writeFully(this.fd, bytes, (page - 1) * PAGE_BYTES);
  }

  private read(page: number, length: number): Buffer {
    return readFully(this.fd, length, (page - 1) * PAGE_BYTES);
  }
}
