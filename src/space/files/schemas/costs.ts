/** Schema of cost models. */
import { COST_CONSTANTS } from '../../../model/costs.js';
import { LARGEST_RESOURCE } from '../../../model/resources.js';
import { MAX_NOTE_LENGTH } from '../limits.js';
import { DRAFT, object, text, type JsonSchema } from './parts.js';

/** A number of a cost model. */
const figure = (description: string): JsonSchema => ({
  type: 'number',
  exclusiveMinimum: 0,
  maximum: LARGEST_RESOURCE,
  description,
});

/** A figure with the least and the most that it could be, and where it comes from. */
const BOUNDED = {
  ...{ value: figure('what is taken'), low: figure('the least'), high: figure('the most') },
  unit: { type: 'string' },
  source: {
    ...{ type: 'string', minLength: 1, maxLength: MAX_NOTE_LENGTH },
    description: 'where the figure comes from, or "assumption" with its reason',
  },
} satisfies Record<string, JsonSchema>;

/** A figure at a process node [nm]. */
const CONSTANT = {
  ...BOUNDED,
  node: { ...figure('process node at which the figure holds [nm]'), maximum: 1000 },
} satisfies Record<string, JsonSchema>;

/** By reference: what is wrong with any constant is compiled once. */
const COSTS_DEFS = {
  bounded: object(BOUNDED, Object.keys(BOUNDED)),
  constant: object(CONSTANT, Object.keys(CONSTANT)),
};

const ofUnit = (def: keyof typeof COSTS_DEFS, unit: string, meaning: string): JsonSchema => ({
  allOf: [{ $ref: `#/$defs/${def}` }],
  properties: { unit: { const: unit } },
  description: `${meaning} [${unit}]`,
});

/** Figures by process node. */
const byNode = (unit: string, meaning: string): JsonSchema => ({
  type: 'object',
  minProperties: 1,
  additionalProperties: ofUnit('bounded', unit, meaning),
  propertyNames: { pattern: '^[0-9.]+$' },
  description: `process node in nm -> ${meaning}`,
});

export const COSTS_SCHEMA: JsonSchema = {
  ...DRAFT,
  title: 'Constants of area and energy: all of them, or those that differ from another cost model',
  $defs: COSTS_DEFS,
  ...object(
    {
      extends: text(
        'a built-in cost model, or the path of another relative to this one, whose constants hold but for those here',
      ),
      ...Object.fromEntries(COST_CONSTANTS.map(({ id, unit, meaning }) => [id, ofUnit('constant', unit, meaning)])),
      density: byNode('MTr/mm2', 'transistors per area: what the area of logic follows'),
      switching: byNode('1', 'energy of switching, relative: what the energy of logic follows'),
    },
    [],
  ),
};
