/** Orders of the rows of a table of columns. */

/** Below this many rows, comparing them is faster than counting digits. */
const FEW_ROWS = 200;

/** Digits of 11 bits: three to a word of 32, six to a double; the 2048 counts of a digit stay in the nearest cache. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGITS_A_WORD = 3;

/** Which word of a double is the low one in this machine's memory. */
const LOW_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;

/** A record: the low and the high word of a key as a whole number, and its row. */
const RECORD = 3;

/** The numbers of all rows, ascending. */
export function allRows(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}

/**
 * Sorts rows in place by their keys, ascending; those with equal keys (0 and -0 are equal) stay as they were. Takes
 * time in proportion to the rows.
 *
 * @param rows numbers of rows
 * @param keys one a row, by row number, without NaN
 */
export function sortRows(rows: Uint32Array, keys: Float64Array): Uint32Array {
  if (isAscending(rows, keys)) return rows;
  // the difference of two like infinities is NaN, which counts as equal
  if (rows.length < FEW_ROWS) return rows.sort((a, b) => keys[a]! - keys[b]!);
  const sorted = sortRecords(recordsOf(rows, keys));
  for (let i = 0; i < rows.length; i++) rows[i] = sorted[i * RECORD + 2]!;
  return rows;
}

function isAscending(rows: Uint32Array, keys: Float64Array): boolean {
  for (let i = 1; i < rows.length; i++) if (keys[rows[i]!]! < keys[rows[i - 1]!]!) return false;
  return true;
}

/** Records of the rows; the bits of their keys are changed so that they order as whole numbers do. */
function recordsOf(rows: Uint32Array, keys: Float64Array): Uint32Array {
  const records = new Uint32Array(rows.length * RECORD);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  for (let i = 0; i < rows.length; i++) {
    double[0] = keys[rows[i]!]! + 0; // -0 + 0 is 0
    const low = words[LOW_WORD]!;
    const high = words[1 - LOW_WORD]!;
    const isNegative = high >= 0x80000000;
    records[i * RECORD] = isNegative ? ~low : low;
    records[i * RECORD + 1] = isNegative ? ~high : high | 0x80000000;
    records[i * RECORD + 2] = rows[i]!;
  }
  return records;
}

/** Radix sort from the least digit on (Knuth, The Art of Computer Programming 3, 5.2.5). */
function sortRecords(records: Uint32Array): Uint32Array {
  let from = records;
  let to: Uint32Array = new Uint32Array(records.length);
  for (let digit = 0; digit < 2 * DIGITS_A_WORD; digit++) {
    const word = Math.floor(digit / DIGITS_A_WORD);
    if (moveByDigit(from, to, word, (digit % DIGITS_A_WORD) * DIGIT_BITS)) [from, to] = [to, from];
  }
  return from;
}

/** Moves records to the places that one digit gives them; false, and nothing moved, if all share it. */
function moveByDigit(from: Uint32Array, to: Uint32Array, word: number, shift: number): boolean {
  const places = new Uint32Array(DIGITS);
  for (let i = word; i < from.length; i += RECORD) places[(from[i]! >>> shift) % DIGITS]!++;
  if (places[(from[word]! >>> shift) % DIGITS]! * RECORD === from.length) return false;
  let place = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = places[digit]!;
    places[digit] = place;
    place += count;
  }
  for (let i = 0; i < from.length; i += RECORD) {
    const at = places[(from[i + word]! >>> shift) % DIGITS]!++ * RECORD;
    to[at] = from[i]!;
    to[at + 1] = from[i + 1]!;
    to[at + 2] = from[i + 2]!;
  }
  return true;
}

/** All rows sorted by the first column, then the next ... of columns of one length, without NaN. */
export function lexicalOrder(columns: readonly Float64Array[]): Uint32Array {
  return sortFrom(0, allRows(columns[0]!.length), columns);
}

/** Sorts rows, equal in the columns before the k-th, by the others. */
function sortFrom(k: number, rows: Uint32Array, columns: readonly Float64Array[]): Uint32Array {
  const column = columns[k];
  if (!column) return rows;
  sortRows(rows, column);
  for (let from = 0, to = 1; from < rows.length; from = to++) {
    while (to < rows.length && column[rows[to]!] === column[rows[from]!]) to++;
    if (to - from > 1) sortFrom(k + 1, rows.subarray(from, to), columns);
  }
  return rows;
}

/** For each row how many different keys are smaller, from rows sorted by their keys. */
export function ranksOf(order: Uint32Array, keys: Float64Array): Uint32Array {
  const ranks = new Uint32Array(order.length);
  let rank = 0;
  for (let i = 1; i < order.length; i++) {
    if (keys[order[i]!] !== keys[order[i - 1]!]) rank++;
    ranks[order[i]!] = rank;
  }
  return ranks;
}
