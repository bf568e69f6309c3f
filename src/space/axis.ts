import { inputErrors, type FieldPath, type Problem } from '../errors.js';
import { baselineValue, type GpuSpec } from '../model/gpu.js';
import {
  CTA_TILE,
  LARGEST_RESOURCE,
  resourceOf,
  smallestOf,
  type AxisId,
  type AxisValue,
  type ResourceId,
} from '../model/resources.js';
import { isTileName, TILE_RULE } from '../model/tile.js';

/** One axis as a spec has it: exactly one of the three forms. */
export interface AxisSpec {
  /** Multiples of the baseline. */
  scale?: number[];
  /** Absolute values, in the axis's unit. */
  values?: AxisValue[];
  /** Evenly spaced values, both ends included. */
  range?: { from: number; to: number; steps: number; spacing?: 'linear' | 'log' };
}

/** An axis with its values, in the axis's unit. */
export interface Axis {
  id: AxisId;
  values: AxisValue[];
}

/** The i-th of `steps` evenly spaced values; the ends are exact. */
function rangeValue({ from, to, steps, spacing }: NonNullable<AxisSpec['range']>, i: number): number {
  if (i === 0) return from;
  if (i === steps - 1) return to;
  const t = i / (steps - 1);
  return spacing === 'log' ? from * (to / from) ** t : from + (to - from) * t;
}

/** Rounds what is whole but for the last bits of a product (30 x 1.1). */
function snapToWhole(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= 1e-9 * Math.abs(value) ? whole : value;
}

/** A multiple of the baseline's value, in the axis's unit; what is wrong with it is added to the problems. */
export function scaledValue(
  id: ResourceId,
  factor: number,
  baseline: GpuSpec,
  path: FieldPath,
  problems: Problem[],
): number {
  const resource = resourceOf(id)!;
  const whole = resource.whole === true;
  const base = baselineValue(baseline, id) as number;
  const value = whole ? snapToWhole(base * factor) : base * factor;
  const at = { path, got: factor };
  if (whole && !Number.isInteger(value))
    problems.push({ ...at, what: `${factor} x ${base} is ${value}`, expected: `a whole ${id}` });
  if (!(value <= LARGEST_RESOURCE))
    problems.push({ ...at, what: `${factor} x ${base} is too large`, expected: `at most ${LARGEST_RESOURCE}` });
  if (!whole && value < smallestOf(resource))
    problems.push({ ...at, what: `${factor} x ${base} is too small`, expected: `at least ${smallestOf(resource)}` });
  return value;
}

/** Works out an axis against the baseline. Throws an input error that names every bad value. */
export function resolveAxis(id: AxisId, spec: AxisSpec, baseline: GpuSpec, path: FieldPath): Axis {
  if (id === CTA_TILE.id) return resolveTileAxis(spec, path);
  const whole = resourceOf(id)!.whole === true;
  const problems: Problem[] = [];
  let values: number[];
  if (spec.scale) {
    values = spec.scale.map((factor, i) => scaledValue(id, factor, baseline, [...path, 'scale', i], problems));
  } else if (spec.range) {
    const { range } = spec;
    for (const end of ['from', 'to'] as const)
      if (range.spacing === 'log' && range[end] === 0)
        problems.push({
          path: [...path, 'range', end],
          what: 'an end of log spacing',
          got: 0,
          expected: 'more than 0',
        });
    values = Array.from({ length: range.steps }, (_, i) => rangeValue(range, i));
    if (whole) values = values.map(Math.round);
    const distinct = new Set(values).size;
    if (whole && distinct < values.length)
      problems.push({
        path: [...path, 'range', 'steps'],
        what: `some steps fall on the same ${id}`,
        got: range.steps,
        expected: `at most ${distinct}`,
      });
  } else {
    values = spec.values as number[];
  }
  if (problems.length > 0) throw inputErrors(problems);
  return { id, values };
}

/** What is wrong with the name of a CTA tile. */
export function tileProblems(name: string, path: FieldPath): Problem[] {
  return isTileName(name) ? [] : [{ path, what: 'not a CTA tile', got: name, expected: TILE_RULE }];
}

function resolveTileAxis(spec: AxisSpec, path: FieldPath): Axis {
  const values = (spec.values ?? []).map(String);
  const problems = values.flatMap((value, i) => tileProblems(value, [...path, 'values', i]));
  if (problems.length > 0) throw inputErrors(problems);
  return { id: CTA_TILE.id, values };
}
