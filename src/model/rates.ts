/** Rates and latencies as arrays in the order of `RATE_FIELDS`: points, ranges and slopes of designs that have the same work. */
import { RATE_FIELDS, type RateField } from './resources.js';

/** The position of each field. */
export const AT = Object.fromEntries(RATE_FIELDS.map((field, i) => [field, i])) as Record<RateField, number>;

export type RateValues = Record<RateField, number>;

const { clockHz, macsPerClk, macsPerInstr, issuePerClk, smemBytesPerS, l1BytesPerS, l2BytesPerS, dramBytesPerS } = AT;
const { l1LatencyS, l2LatencyS, dramLatencyS } = AT;

/** Sets the rates and latencies of a design from an array. Field by field: the frontier asks millions of times. */
export function setRates(to: RateValues, values: Float64Array): void {
  to.clockHz = values[clockHz]!;
  to.macsPerClk = values[macsPerClk]!;
  to.macsPerInstr = values[macsPerInstr]!;
  to.issuePerClk = values[issuePerClk]!;
  to.smemBytesPerS = values[smemBytesPerS]!;
  to.l1BytesPerS = values[l1BytesPerS]!;
  to.l2BytesPerS = values[l2BytesPerS]!;
  to.dramBytesPerS = values[dramBytesPerS]!;
  to.l1LatencyS = values[l1LatencyS]!;
  to.l2LatencyS = values[l2LatencyS]!;
  to.dramLatencyS = values[dramLatencyS]!;
}
