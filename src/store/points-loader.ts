/** Rows into the empty `points` of a new database, page by page past SQLite: nothing can go back, so the file is one to throw away. */
import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { readFully, writeFully } from '../arrow/durable.js';
import { joinLeaves } from '../pages/join-leaves.js';
import { PAGE_BYTES, type RowPages } from '../pages/row-pages.js';
import { TableTree } from './table-tree.js';

/** Of a number in the file of last ids. */
const ID_BYTES = 8;

/** Where a loader is to go on from. */
export interface Loaded {
  /** The table's root page, and the pages of the file before any row came. */
  root: number;
  pages: number;
  /** Leaves that are written. */
  leaves: number;
}

export class PointsLoader {
  private readonly fd: number;
  /** The last ids of the leaves, one after the other: of a billion rows they are too many to hold. */
  private readonly lastIds: number;
  private readonly tree: TableTree;
  /** The leaf that rows may still come to, and its last id; undefined where there is none. */
  private open: { page: Uint8Array; lastId: number } | undefined;
  private leaves: number;

  /**
   * @param file the database, which nobody else has open
   * @param idsFile a file beside it, for the time of loading
   */
  constructor(
    file: string,
    idsFile: string,
    private readonly from: Loaded,
  ) {
    this.leaves = from.leaves;
    this.fd = openSync(file, 'r+');
    this.lastIds = openSync(idsFile, from.leaves === 0 ? 'w+' : 'r+');
    this.tree = new TableTree(this.fd, from.root, from.pages);
  }

  /** Descriptors of the files, for who has them on the disk. */
  get files(): number[] {
    return [this.fd, this.lastIds];
  }

  /** Adds the rows of a chunk, whose ids are above those that came before. */
  add({ pages, lastIds }: RowPages): void {
    const full = lastIds.length - 1;
    const lastId = lastIds[full]!;
    if (full === 0 && this.open && joinLeaves(this.open.page, pages)) {
      this.open.lastId = lastId;
      return;
    }
    this.closeLeaf();
    this.write(pages.subarray(0, full * PAGE_BYTES), lastIds.subarray(0, full));
    this.open = { page: pages.slice(full * PAGE_BYTES), lastId };
  }

  /** Writes what there is; where another loader could go on from. */
  flush(): Loaded {
    this.closeLeaf();
    return { ...this.from, leaves: this.leaves };
  }

  /** Makes the table of the leaves. */
  finish(): void {
    this.closeLeaf();
    const pages = this.tree.finish(this.leaves, (from, to) => this.readIds(from, to));
    ftruncateSync(this.fd, pages * PAGE_BYTES);
  }

  close(): void {
    this.files.forEach((fd) => closeSync(fd));
  }

  private closeLeaf(): void {
    if (this.open) this.write(this.open.page, Float64Array.of(this.open.lastId));
    this.open = undefined;
  }

  private write(leaves: Uint8Array, lastIds: Float64Array): void {
    if (lastIds.length === 0) return;
    this.tree.writeLeaves(this.leaves, leaves);
    writeFully(
      this.lastIds,
      new Uint8Array(lastIds.buffer, lastIds.byteOffset, lastIds.byteLength),
      ID_BYTES * this.leaves,
    );
    this.leaves += lastIds.length;
  }

  private readIds(from: number, to: number): Float64Array {
    const bytes = readFully(this.lastIds, ID_BYTES * (to - from), ID_BYTES * from);
    return Float64Array.from({ length: to - from }, (_, i) => bytes.readDoubleLE(ID_BYTES * i));
  }
}
