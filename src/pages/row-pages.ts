/**
 * Rows as leaf pages of a SQLite table, ready for the writer to take over as they are: a thread can encode them, and no
 * value goes through a statement (SQLite file format, sqlite.org/fileformat2.html, 1.6 and 2).
 *
 *   page   0x0d, no free block, cells, where the cells' bytes begin, nothing fragmented | cell offsets | free | cells
 *   cell   bytes of the record | id | record          varints: seven bits a byte, the first ones first
 *   record bytes of the header | a type a column | values one after the other
 */
import type { Batch, Column } from '../space/columns.js';

/** Pages of a study's database: larger than SQLite's own, as rows come and go by the thousand. */
export const PAGE_BYTES = 16_384;

/** Leaf pages, in the order of their ids, and the last id of each. */
export interface RowPages {
  pages: Uint8Array;
  lastIds: Float64Array;
}

const LEAF = 0x0d;

/** The head of a leaf page: how many cells it has, and where their bytes begin. */
export const PAGE_HEADER_BYTES = 8;
export const CELLS = 3;
export const CELLS_FROM = 5;
/** Of where a cell is, in the list behind the head. */
export const POINTER_BYTES = 2;

/** Types of values: NULL, a double, the whole numbers 0 and 1 (which SQLite keeps so in REAL columns too), and text from here on. */
const NULL = 0;
const DOUBLE = 7;
const ZERO = 8;
const ONE = 9;
const TEXT = 13;

/** Bytes of the longest varint of an id (2^53). */
const ID_BYTES = 8;

/** A text of a dictionary, with its type. */
interface EncodedText {
  type: Uint8Array;
  value: Uint8Array;
}

/** Encodes batches of some columns: the id first, then numbers and texts. */
export class RowPageEncoder {
  /** One list a text column, by code; undefined for numbers. */
  private readonly texts: readonly (EncodedText[] | undefined)[];
  private readonly mostRowBytes: number;
  private readonly types: Uint8Array;

  constructor(columns: readonly Column[]) {
    const encoder = new TextEncoder();
    this.texts = columns.map((column) =>
      column.type === 'text'
        ? column.dictionary.map((text) => {
            const value = encoder.encode(text);
            return { type: varint(TEXT + 2 * value.length), value };
          })
        : undefined,
    );
    const mostBytes = this.texts.map((texts) =>
      texts ? Math.max(0, ...texts.map(({ type, value }) => type.length + value.length)) : 1 + 8,
    );
    this.types = new Uint8Array(columns.length * ID_BYTES);
    // Sizes of record and header take three bytes and two at most.
    this.mostRowBytes = 3 + ID_BYTES + 2 + mostBytes.reduce((sum, bytes) => sum + bytes, 0);
    if (this.mostRowBytes > PAGE_BYTES / 2) throw new RangeError('a row is too long for a page');
  }

  /** @param batch ids ascending */
  encode({ rows, columns }: Batch): RowPages {
    const leastRows = Math.floor((PAGE_BYTES - PAGE_HEADER_BYTES) / (this.mostRowBytes + POINTER_BYTES));
    const pages = new Uint8Array(Math.ceil(rows / leastRows) * PAGE_BYTES);
    const view = new DataView(pages.buffer);
    const lastIds: number[] = [];
    const ids = columns[0] as Float64Array;
    for (let row = 0; row < rows;) {
      const page = lastIds.length * PAGE_BYTES;
      let pointer = page + PAGE_HEADER_BYTES;
      let end = page + PAGE_BYTES;
      const first = row;
      for (; row < rows && end - pointer >= this.mostRowBytes + POINTER_BYTES; row++) {
        end = this.writeCell(pages, view, end, columns, row);
        view.setUint16(pointer, end - page);
        pointer += POINTER_BYTES;
      }
      view.setUint8(page, LEAF);
      view.setUint16(page + CELLS, row - first);
      view.setUint16(page + CELLS_FROM, end - page);
      lastIds.push(ids[row - 1]!);
    }
    return { pages: pages.subarray(0, lastIds.length * PAGE_BYTES), lastIds: Float64Array.from(lastIds) };
  }

  /** Writes a row so that it ends before `end`; where it begins. */
  private writeCell(pages: Uint8Array, view: DataView, end: number, columns: Batch['columns'], row: number): number {
    const { texts, types } = this;
    // The values, from the last one to the first, and their types, which are known with them.
    let at = end;
    let typesFrom = types.length;
    for (let c = columns.length - 1; c > 0; c--) {
      const value = columns[c]![row]!;
      const ofText = texts[c];
      if (ofText) {
        const text = value < 0 ? undefined : ofText[value]!;
        if (text) {
          at -= text.value.length;
          pages.set(text.value, at);
          typesFrom -= text.type.length;
          types.set(text.type, typesFrom);
        } else types[--typesFrom] = NULL;
      } else if (value === 0) types[--typesFrom] = ZERO;
      else if (value === 1) types[--typesFrom] = ONE;
      else if (value !== value) types[--typesFrom] = NULL;
      else {
        at -= 8;
        view.setFloat64(at, value);
        types[--typesFrom] = DOUBLE;
      }
    }
    types[--typesFrom] = NULL; // the id is the row's number, not a value
    for (let t = types.length - 1; t >= typesFrom; t--) pages[--at] = types[t]!;
    const headerBytes = types.length - typesFrom;
    // The header's size counts itself: one byte up to 127.
    at = writeVarint(pages, at, headerBytes + (headerBytes < 127 ? 1 : 2));
    const recordBytes = end - at;
    at = writeVarint(pages, at, columns[0]![row]!);
    return writeVarint(pages, at, recordBytes);
  }
}

/** Writes a varint of a whole number below 2^56 so that it ends before `end`; where it begins. */
export function writeVarint(bytes: Uint8Array, end: number, value: number): number {
  let at = end - 1;
  bytes[at] = value % 128;
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes[--at] = (rest % 128) | 0x80;
  return at;
}

/** A varint by itself. */
export function varint(value: number): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES);
  return bytes.subarray(writeVarint(bytes, ID_BYTES, value));
}
