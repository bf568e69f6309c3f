/** Columns of numbers out of `points.arrow`, the others left unread: the quickest pass over a large study. */
import { Message } from 'apache-arrow/ipc/metadata/message';
import { fromInt64, MESSAGE_PREFIX_BYTES } from './message.js';
import { partPlaces } from './points-file.js';

/** A stretch of the bytes of a record batch, behind its metadata. */
interface Stretch {
  offset: number;
  length: number;
}

/**
 * The ids and some columns of numbers, part by part; rows where one of them is NULL are left out.
 *
 * @param columns names of all columns of the file, in order; the id comes first
 * @param wanted names of those that are read, real numbers all
 */
export function* readNumbers(
  file: string,
  columns: readonly string[],
  wanted: readonly string[],
): Generator<{ ids: Float64Array; values: Float64Array[] }> {
  const positions = wanted.map((name) => columns.indexOf(name));
  for (const { offset, metaDataLength, read } of partPlaces(file)) {
    const header = Message.decode(
      read(offset + MESSAGE_PREFIX_BYTES, metaDataLength - MESSAGE_PREFIX_BYTES),
    ).header() as {
      length: number;
      buffers: Stretch[];
    };
    const rows = Number(header.length);
    // Each column has two stretches: which rows are not NULL, and the cells.
    const cells = (column: number) => read(offset + metaDataLength + header.buffers[2 * column + 1]!.offset, 8 * rows);
    const { buffer, byteOffset } = cells(0);
    const ids = fromInt64(new Uint32Array(buffer, byteOffset, 2 * rows));
    const values = positions.map((position) => {
      const bytes = cells(position);
      return new Float64Array(bytes.buffer, bytes.byteOffset, rows);
    });
    yield withoutNulls(ids, values);
  }
}

/** NULL is NaN in the cells. */
function withoutNulls(ids: Float64Array, values: Float64Array[]): { ids: Float64Array; values: Float64Array[] } {
  const isThere = (_: number, row: number) => values.every((column) => !Number.isNaN(column[row]!));
  if (ids.every(isThere)) return { ids, values };
  return { ids: ids.filter(isThere), values: values.map((column) => column.filter(isThere)) };
}
