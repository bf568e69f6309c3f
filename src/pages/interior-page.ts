/**
 * Pages above the leaves of a SQLite table (sqlite.org/fileformat2.html, 1.6): a child and its last id in each cell, the last child in
 * the head.
 */
import { CELLS, CELLS_FROM, PAGE_BYTES, POINTER_BYTES, varint } from './row-pages.js';

const INTERIOR = 0x05;
const HEADER_BYTES = 12;
const RIGHTMOST = 8;
const CHILD_BYTES = 4;
const MOST_KEY_BYTES = 8; // of an id

/** Children that fit under a page, whatever their ids. */
export const MOST_CHILDREN =
  Math.floor((PAGE_BYTES - HEADER_BYTES) / (POINTER_BYTES + CHILD_BYTES + MOST_KEY_BYTES)) + 1;

/**
 * Writes a page over two children or more.
 *
 * @param childOf numbers of their pages, by position
 * @param lastIds the last id under each, ascending
 */
export function writeInterior(page: Buffer, childOf: (position: number) => number, lastIds: Float64Array): void {
  page.fill(0);
  const cells = lastIds.length - 1;
  let end = PAGE_BYTES;
  for (let cell = 0; cell < cells; cell++) {
    const key = varint(lastIds[cell]!);
    end -= CHILD_BYTES + key.length;
    page.writeUInt32BE(childOf(cell), end);
    page.set(key, end + CHILD_BYTES);
    page.writeUInt16BE(end, HEADER_BYTES + POINTER_BYTES * cell);
  }
  page.writeUInt8(INTERIOR, 0);
  page.writeUInt16BE(cells, CELLS);
  page.writeUInt16BE(end, CELLS_FROM);
  page.writeUInt32BE(childOf(cells), RIGHTMOST);
}
