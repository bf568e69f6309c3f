/** The hash that spreads lines over the sets of a cache, in 64-bit arithmetic made of 32-bit halves (docs/model.md, 9.3). */

// By name: in a test's context every look-up of a global takes longer than what these do.
const { imul } = Math;

const FIRST_HIGH = 0x9e3779b9;
const FIRST_LOW = 0x7f4a7c15;
const SECOND_HIGH = 0xbf58476d;
const SECOND_LOW = 0x1ce4e5b9;

/** Upper 32 bits of the 64-bit product of two unsigned 32-bit numbers, as a signed number: three carries of 16-bit parts. */
export function mulHigh(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = (imul(a1, b0) + (imul(a0, b0) >>> 16)) | 0;
  const cross = (imul(a0, b1) + (middle & 0xffff)) | 0;
  return (imul(a1, b1) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/**
 * The set of a line: mix(line + 1) times `sets`, the upper 64 bits of the 128-bit product. With x in 64 bits, mix is
 * x ^= x >> 17; x *= 0x9E3779B97F4A7C15; x ^= x >> 29; x *= 0xBF58476D1CE4E5B9; x ^= x >> 32.
 *
 * @param line a whole number from 0 to 2^32 - 2
 * @param sets a whole number from 1 to 2^32 - 1
 */
export function setIndex(line: number, sets: number): number {
  let low = (line + 1) | 0;
  low ^= low >>> 17;

  let high = (mulHigh(low, FIRST_LOW) + imul(low, FIRST_HIGH)) | 0;
  low = imul(low, FIRST_LOW);
  low ^= (low >>> 29) | (high << 3);
  high ^= high >>> 29;

  high = (mulHigh(low, SECOND_LOW) + imul(low, SECOND_HIGH) + imul(high, SECOND_LOW)) | 0;
  low = imul(low, SECOND_LOW) ^ high;

  const upperOfLow = mulHigh(low, sets) >>> 0;
  const lowerOfHigh = imul(high, sets) >>> 0;
  const carry = upperOfLow + lowerOfHigh > 0xffffffff ? 1 : 0;
  return (mulHigh(high, sets) + carry) >>> 0;
}
