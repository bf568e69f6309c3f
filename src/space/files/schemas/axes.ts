/** Schemas of what moves a design in a spec: axes, and named options. */
import { CTA_TILE, LARGEST_RESOURCE, RESOURCES, resourceOf, type ResourceId } from '../../../model/resources.js';
import { TILE_RULE } from '../../../model/tile.js';
import { MAX_AXIS_VALUES, MAX_OPTION_NAME_LENGTH } from '../limits.js';
import { list, object, quantity, type JsonSchema } from './parts.js';

/** A multiple of the baseline. */
const FACTOR: JsonSchema = { type: 'number', exclusiveMinimum: 0, maximum: LARGEST_RESOURCE };

/** An axis: exactly one of its three forms. */
function axisSchema(id: ResourceId): JsonSchema {
  const value = quantity(id);
  return object(
    {
      scale: list(FACTOR, 'multiples of the baseline'),
      values: list({ ...value, description: 'a value' }, `absolute values [${resourceOf(id)!.unit}]`),
      range: object(
        {
          from: value,
          to: value,
          steps: { type: 'integer', minimum: 2, maximum: MAX_AXIS_VALUES, description: 'values, both ends included' },
          spacing: { enum: ['linear', 'log'], default: 'linear', description: 'equal differences, or equal ratios' },
        },
        ['from', 'to', 'steps'],
        { description: 'evenly spaced values' },
      ),
    },
    [],
    { minProperties: 1, maxProperties: 1, description: `${resourceOf(id)!.meaning} [${resourceOf(id)!.unit}]` },
  );
}

const TILE: JsonSchema = { type: 'string', maxLength: 16 };

const TILE_AXIS = object({ values: list(TILE, TILE_RULE) }, ['values'], {
  description: CTA_TILE.meaning,
});

export const AXIS_SCHEMAS: Record<string, JsonSchema> = {
  ...Object.fromEntries(RESOURCES.map((r) => [r.id, axisSchema(r.id)])),
  [CTA_TILE.id]: TILE_AXIS,
};

/** By reference: each is compiled once, though axes come up in two places. */
export const AXES = Object.fromEntries(Object.keys(AXIS_SCHEMAS).map((id) => [id, { $ref: `#/$defs/${id}` }]));

/** A named change of the baseline. */
export const OPTION_SCHEMA = object(
  {
    name: {
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9._-]*$',
      maxLength: MAX_OPTION_NAME_LENGTH,
      description: 'name of the option, in lower case',
    },
    scale: object(Object.fromEntries(RESOURCES.map((r) => [r.id, { ...FACTOR, description: r.meaning }])), [], {
      description: 'axis -> multiple of the baseline',
    }),
    values: object(
      {
        ...Object.fromEntries(RESOURCES.map((r) => [r.id, quantity(r.id)])),
        [CTA_TILE.id]: { ...TILE, description: TILE_RULE },
      },
      [],
      { description: "axis -> absolute value, in the axis's unit" },
    ),
  },
  ['name'],
);
