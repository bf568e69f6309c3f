/** A part read back: the rows that its bytes hold. */
import { Message } from 'apache-arrow/ipc/metadata/message';
import type { Batch, Column } from '../space/columns.js';
import { fromInt64, MESSAGE_PREFIX_BYTES } from './message.js';

/** Reads parts of one study, as `PartEncoder` made them of all its columns: some of the columns, in the order asked for. */
export function partReader(columns: readonly Column[], wanted: readonly Column[]): (part: Uint8Array) => Batch {
  const positions = wanted.map(({ name }) => columns.findIndex((column) => column.name === name));
  return (part) => {
    const aligned = part.byteOffset % 8 === 0 ? part : Uint8Array.from(part);
    const metadataBytes = new DataView(aligned.buffer, aligned.byteOffset).getInt32(4, true);
    const body = aligned.byteOffset + MESSAGE_PREFIX_BYTES + metadataBytes;
    const message = Message.decode(aligned.subarray(MESSAGE_PREFIX_BYTES, MESSAGE_PREFIX_BYTES + metadataBytes));
    if (!message.isRecordBatch()) throw new Error('a part is no record batch');
    const { length: rows, nodes, buffers } = message.header();
    return {
      rows,
      columns: positions.map((position, c) => {
        const [validity, values] = [buffers[2 * position]!, buffers[2 * position + 1]!];
        const isNull =
          nodes[position]!.nullCount > 0
            ? bitsUnset(new Uint8Array(aligned.buffer, body + validity.offset, validity.length))
            : undefined;
        return cellsOf(wanted[c]!, aligned.buffer, body + values.offset, rows, isNull);
      }),
    };
  };
}

const bitsUnset = (bits: Uint8Array) => (row: number) => ((bits[row >> 3]! >> (row & 7)) & 1) === 0;

function cellsOf(
  { type }: Column,
  buffer: ArrayBufferLike,
  offset: number,
  rows: number,
  isNull: ((row: number) => boolean) | undefined,
): Float64Array | Int32Array {
  if (type === 'int') return fromInt64(new Uint32Array(buffer, offset, 2 * rows));
  const stored = type === 'real' ? new Float64Array(buffer, offset, rows) : new Int32Array(buffer, offset, rows);
  if (!isNull) return stored;
  const missing = type === 'real' ? Number.NaN : -1;
  return stored.map((value, row) => (isNull(row) ? missing : value));
}
