/** Values that users give on the command line, checked as those in files are. */
import { inputError } from '../../errors.js';
import {
  AXIS_IDS,
  CTA_TILE,
  LARGEST_RESOURCE,
  resourceOf,
  smallestOf,
  type AxisId,
  type AxisValue,
} from '../../model/resources.js';
import { isTileName, TILE_RULE } from '../../model/tile.js';
import { nearestName } from '../nearest.js';

/** One of some names; an input error offers the nearest. */
export function checkChoice<T extends string>(what: string, got: string, choices: readonly T[]): T {
  if (choices.includes(got as T)) return got as T;
  const nearest = nearestName(got, choices);
  throw inputError({
    what: `${what}: unknown value`,
    got,
    expected: choices.length === 1 ? choices[0]! : `one of ${choices.join(', ')}`,
    ...(nearest ? { nearest } : {}),
  });
}

function parseSetting(text: string): [AxisId, AxisValue] {
  const [, name = text, value = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const axis = checkChoice('--set axis', name, AXIS_IDS);
  if (axis === CTA_TILE.id) {
    if (!isTileName(value)) throw inputError({ what: `--set ${axis}`, got: value, expected: TILE_RULE });
    return [axis, value];
  }
  const resource = resourceOf(axis)!;
  const { whole, unit } = resource;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const inBounds = number >= smallestOf(resource) && number <= LARGEST_RESOURCE;
  if (!inBounds || (whole && !Number.isInteger(number)))
    throw inputError({
      what: `--set ${axis}`,
      got: value,
      expected: `a ${whole ? 'whole ' : ''}number of at least ${smallestOf(resource)} [${unit}]`,
    });
  return [axis, number];
}

/** `axis=value` texts as a design's settings. */
export function parseSettings(texts: readonly string[]): Partial<Record<AxisId, AxisValue>> {
  return Object.fromEntries(texts.map(parseSetting));
}

/** `metric=number` as a limit on one of some metrics. */
export function parseLimit(what: string, text: string, metrics: readonly string[]): { metric: string; value: number } {
  const [, name = text, number = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  const metric = checkChoice(what, name.trim(), metrics);
  const value = number.trim() === '' ? Number.NaN : Number(number);
  if (!Number.isFinite(value)) throw inputError({ what: `${what} ${metric}`, got: number, expected: 'a number' });
  return { metric, value };
}

/** A regular expression from the command line. */
export function parsePattern(what: string, text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw inputError({ what: `${what}: ${(error as Error).message}`, got: text, expected: 'a regular expression' });
  }
}
