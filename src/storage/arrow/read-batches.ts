/** Reads the record batches of an Arrow IPC file, whole or some columns of them; memory holds one batch at a time. */
import { Message, MessageHeader } from 'apache-arrow';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { readFully } from '../folder/durable.js';

/** Every file begins with the magic, padded to 8 bytes, and ends with the length of its footer and the magic. */
const MAGIC = 'ARROW1';
const HEAD_BYTES = 8;
const TAIL_BYTES = 4 + MAGIC.length;

/** In front of each message: a continuation marker and the length of the message's metadata, which is 0 behind the last one. */
const PREFIX_BYTES = 8;

/** A record batch where it lies in the file; reads are valid until the next one is asked for. */
interface StoredBatch {
  /** Where its message begins in the file. */
  offset: number;
  /** Rows, nulls of each column, and where each buffer is in the body. */
  metadata: { length: number; nodes: { nullCount: number }[]; buffers: { offset: number; length: number }[] };
  /** Bytes of the body. */
  readBody: (offset: number, length: number) => Buffer;
  /** The whole message, with its prefix. */
  readMessage: () => Buffer;
}

/** The record batches of a file, in order. Throws an Error that says what is wrong with a damaged file. */
export function* storedBatches(file: string): Generator<StoredBatch> {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const read = (offset: number, length: number) => {
      if (length < 0 || offset + length > size) throw new Error('a record batch lies outside of the file');
      return readFully(fd, length, offset);
    };
    if (size < HEAD_BYTES + TAIL_BYTES) throw new Error('the file is truncated');
    if (read(size - MAGIC.length, MAGIC.length).toString('latin1') !== MAGIC)
      throw new Error('the file does not end as an Arrow file does');
    for (let at = HEAD_BYTES; ;) {
      const metadataBytes = read(at, PREFIX_BYTES).readInt32LE(4);
      if (metadataBytes === 0) return;
      const message = Message.decode(read(at + PREFIX_BYTES, metadataBytes));
      const body = at + PREFIX_BYTES + metadataBytes;
      const [offset, end] = [at, body + message.bodyLength];
      if (message.headerType === MessageHeader.RecordBatch)
        yield {
          offset,
          metadata: message.header() as StoredBatch['metadata'],
          readBody: (at, length) => read(body + at, length),
          readMessage: () => read(offset, end - offset),
        };
      at = end;
    }
  } finally {
    closeSync(fd);
  }
}

/** The messages of a file's record batches, in order. Throws as `storedBatches` does. */
export function* readMessages(file: string): Generator<Buffer> {
  for (const batch of storedBatches(file)) yield batch.readMessage();
}

/**
 * The ids and some columns of numbers, batch by batch, without the rows where one of the columns is NULL. Throws as
 * `storedBatches` does.
 *
 * @param columns names of all columns of the file, in order; the id comes first
 * @param wanted names of those that are read: real numbers
 */
export function* readNumbers(
  file: string,
  columns: readonly string[],
  wanted: readonly string[],
): Generator<{ ids: Float64Array; values: Float64Array[] }> {
  const positions = wanted.map((name) => columns.indexOf(name));
  for (const { metadata, readBody } of storedBatches(file)) {
    const rows = Number(metadata.length);
    // Each column has two buffers: validity, then values.
    const bufferOf = (buffer: number) => {
      const { offset, length } = metadata.buffers[buffer]!;
      const { buffer: bytes, byteOffset } = readBody(Number(offset), Number(length));
      return { bytes, byteOffset };
    };
    const valuesOf = (column: number) => {
      const { bytes, byteOffset } = bufferOf(2 * column + 1);
      return new Float64Array(bytes, byteOffset, rows);
    };
    const { bytes, byteOffset } = bufferOf(1);
    const ids = fromInt64(new Uint32Array(bytes, byteOffset, 2 * rows));
    const nullable = positions.filter((column) => Number(metadata.nodes[column]!.nullCount) > 0);
    const validity = nullable.map((column) => {
      const { bytes, byteOffset } = bufferOf(2 * column);
      return new Uint8Array(bytes, byteOffset);
    });
    const isValid = (_: number, row: number) => validity.every((bits) => ((bits[row >> 3]! >> (row & 7)) & 1) === 1);
    const values = positions.map(valuesOf);
    if (validity.length === 0) yield { ids, values };
    else yield { ids: ids.filter(isValid), values: values.map((column) => column.filter(isValid)) };
  }
}

/** 64-bit integers from 0 to 2^53, little-endian, as numbers. `Number(bigint)` of each would take ten times as long. */
function fromInt64(words: Uint32Array): Float64Array {
  const numbers = new Float64Array(words.length / 2);
  for (let row = 0; row < numbers.length; row++) numbers[row] = words[2 * row]! + words[2 * row + 1]! * 2 ** 32;
  return numbers;
}
