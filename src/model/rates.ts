/** Rates and latencies as arrays in the order of `RATE_FIELDS`: points, ranges and slopes of designs that have the same work. */
import { RATE_FIELDS, type RateField } from './resources.js';

/** The position of each field. */
export const AT = Object.fromEntries(RATE_FIELDS.map((field, i) => [field, i])) as Record<RateField, number>;

export type RateValues = Record<RateField, number>;

/** Sets the fields of a design, or of its rates alone, from an array. */
export function setRates(to: RateValues, values: Float64Array): void {
  for (let i = 0; i < RATE_FIELDS.length; i++) to[RATE_FIELDS[i]!] = values[i]!;
}
