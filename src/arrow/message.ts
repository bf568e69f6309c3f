/** What the encapsulated messages of the Arrow IPC format have in common, read without the library. */

/** What stands before the metadata of a message: -1, and the metadata's length. */
export const MESSAGE_PREFIX_BYTES = 8;

/** 64-bit integers from 0 to 2^53, little-endian, as numbers. */
export function fromInt64(words: Uint32Array): Float64Array {
  const numbers = new Float64Array(words.length / 2);
  for (let row = 0; row < numbers.length; row++) numbers[row] = words[2 * row]! + words[2 * row + 1]! * 2 ** 32;
  return numbers;
}

/** Bytes of an encapsulated message, and of its metadata with what stands before it. */
export interface PartSize {
  bytes: number;
  metadataBytes: number;
}

/** @param prefix what a message of so many bytes begins with, or more of it */
export function sizeOfPart(prefix: Buffer, bytes: number): PartSize {
  return { bytes, metadataBytes: MESSAGE_PREFIX_BYTES + prefix.readInt32LE(4) };
}
