import { CELLS, CELLS_FROM, PAGE_BYTES, PAGE_HEADER_BYTES, POINTER_BYTES } from './row-pages.js';

/** Adds the rows of a leaf page to those of another one, whose ids are below; false, and nothing is done, where they do not fit. */
export function joinLeaves(page: Uint8Array, added: Uint8Array): boolean {
  const [to, from] = [page, added].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, PAGE_BYTES)) as [
    DataView,
    DataView,
  ];
  const [rows, addedRows] = [to.getUint16(CELLS), from.getUint16(CELLS)];
  const [end, addedFrom] = [to.getUint16(CELLS_FROM), from.getUint16(CELLS_FROM)];
  const moved = PAGE_BYTES - end;
  const pointers = PAGE_HEADER_BYTES + POINTER_BYTES * rows;
  if (addedFrom - moved < pointers + POINTER_BYTES * addedRows) return false;
  page.set(added.subarray(addedFrom), addedFrom - moved);
  for (let row = 0; row < addedRows; row++)
    to.setUint16(pointers + POINTER_BYTES * row, from.getUint16(PAGE_HEADER_BYTES + POINTER_BYTES * row) - moved);
  to.setUint16(CELLS, rows + addedRows);
  to.setUint16(CELLS_FROM, addedFrom - moved);
  return true;
}
