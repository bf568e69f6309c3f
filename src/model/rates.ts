/** Rates and latencies by position: what designs with the same work may still differ in. Points, ranges and slopes have this order. */
import { LATENCIES, RATES, resourceOf, RESOURCES } from './resources.js';

type FieldOf<K> = Extract<(typeof RESOURCES)[number], { kind: K }>['si'];
export type RateField = FieldOf<'rate'> | FieldOf<'latency'>;

/** Fields of `Gpu`: rates first. */
export const RATE_FIELDS = [...RATES, ...LATENCIES].map((id) => resourceOf(id)!.si) as readonly RateField[];

/** The position of each field. */
export const AT = Object.fromEntries(RATE_FIELDS.map((field, i) => [field, i])) as Record<RateField, number>;

export type RateValues = Record<RateField, number>;

/** Sets the fields of a design, or of its rates alone, from an array. */
export function setRates(to: RateValues, values: Float64Array): void {
  for (let i = 0; i < RATE_FIELDS.length; i++) to[RATE_FIELDS[i]!] = values[i]!;
}
