/** The digits of a grid that tell the designs of a cell apart: those that set rates and latencies alone. */
import type { Gpu } from '../../model/gpu.js';
import { applySettings, type Setting } from '../../space/evaluate-point.js';
import { RATE_FIELDS, RATES, type RateField } from '../../model/resources.js';

export interface RateDigit {
  /** Digit of the id; 1 is the first dimension. */
  digit: number;
  /** How many values it has. */
  size: number;
  /** Fields that it sets (positions in `RATE_FIELDS`), and a value of each for every value of the digit. */
  fields: readonly number[];
  values: readonly Float64Array[];
  /** Those of them that are rates, with the logarithms of their values. */
  rates: readonly number[];
  logs: readonly Float64Array[];
}

const isRateField = (field: keyof Gpu): field is RateField => (RATE_FIELDS as readonly string[]).includes(field);

/** The digits all of whose fields are rates or latencies. */
export function rateDigitsOf(settings: readonly Setting[][]): RateDigit[] {
  return settings.flatMap((ofDigit, d): RateDigit[] => {
    if (!ofDigit.every(({ field }) => isRateField(field))) return [];
    const fields = ofDigit.map(({ field }) => RATE_FIELDS.indexOf(field as RateField));
    const values = ofDigit.map(({ values: all }) => Float64Array.from(all as readonly number[]));
    const rates = fields.flatMap((field, i) => (field < RATES.length ? [i] : []));
    return [
      {
        ...{ digit: d + 1, size: values[0]!.length, fields, values },
        rates: rates.map((i) => fields[i]!),
        logs: rates.map((i) => values[i]!.map(Math.log)),
      },
    ];
  });
}

/** Areas of the designs of a cell: a sum over its digits (docs/model.md, 16.3). */
export interface CellAreas {
  /** mm2 of the smallest design. */
  base: number;
  /** mm2 that each value of each digit adds to it. */
  added: readonly Float64Array[];
}

/** Works the areas of a cell out on its design, whose rates are left at those of the smallest one. */
export function cellAreas(
  gpu: Gpu,
  digits: readonly RateDigit[],
  settings: readonly Setting[][],
  areaOf: (gpu: Gpu) => number,
): CellAreas {
  const set = (d: number, value: number) => applySettings(gpu, settings[digits[d]!.digit - 1]!, value);
  const areasOf = (d: number, stay: number) => {
    const areas = new Float64Array(digits[d]!.size);
    for (let value = 0; value < areas.length; value++) {
      set(d, value);
      areas[value] = areaOf(gpu);
    }
    set(d, stay);
    return areas;
  };
  // from the smallest design on nothing is subtracted that is larger than what is left
  digits.forEach((_, d) => set(d, 0));
  const smallest = digits.map((_, d) => {
    const areas = areasOf(d, 0);
    const value = areas.indexOf(Math.min(...areas));
    set(d, value);
    return value;
  });
  const base = areaOf(gpu);
  return { base, added: digits.map((_, d) => areasOf(d, smallest[d]!).map((area) => area - base)) };
}
