/** A part read back: the rows that its bytes hold. */
import { Message } from 'apache-arrow/ipc/metadata/message';
import type { Batch, Column } from '../space/columns.js';

/** What stands before the metadata of a message: -1, and the metadata's length. */
const PREFIX_BYTES = 8;

/** Reads parts of one study, as `PartEncoder` made them of all its columns: some of the columns, in the order asked for. */
export function partReader(columns: readonly Column[], wanted: readonly Column[]): (part: Uint8Array) => Batch {
  const positions = wanted.map(({ name }) => columns.findIndex((column) => column.name === name));
  return (part) => {
    const aligned = part.byteOffset % 8 === 0 ? part : Uint8Array.from(part);
    const metadataBytes = new DataView(aligned.buffer, aligned.byteOffset).getInt32(4, true);
    const body = aligned.byteOffset + PREFIX_BYTES + metadataBytes;
    const message = Message.decode(aligned.subarray(PREFIX_BYTES, PREFIX_BYTES + metadataBytes));
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

/** 64-bit integers from 0 to 2^53, as numbers. */
function fromInt64(words: Uint32Array): Float64Array {
  const numbers = new Float64Array(words.length / 2);
  for (let row = 0; row < numbers.length; row++) numbers[row] = words[2 * row]! + words[2 * row + 1]! * 2 ** 32;
  return numbers;
}
