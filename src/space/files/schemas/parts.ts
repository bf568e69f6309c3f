/** What schemas of several files are made of. */
import { LARGEST_RESOURCE, resourceOf, smallestOf, type ResourceId } from '../../../model/resources.js';
import { MAX_AXIS_VALUES, MAX_TEXT_LENGTH } from '../limits.js';

export type JsonSchema = Record<string, unknown>;

export const MAX_DIMENSION = 65_536;

export const text = (description: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength: MAX_TEXT_LENGTH,
  description,
});
export const wholeNumber = (description: string, minimum = 1): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum: MAX_DIMENSION,
  description,
});

/** A quantity of a resource: positive, or at least zero where zero means something. */
export function quantity(id: ResourceId): JsonSchema {
  const resource = resourceOf(id)!;
  const { whole, meaning, unit } = resource;
  return {
    type: whole ? 'integer' : 'number',
    minimum: smallestOf(resource),
    maximum: LARGEST_RESOURCE,
    description: `${meaning} [${unit}]`,
  };
}

export const object = (properties: Record<string, JsonSchema>, required: readonly string[], more: JsonSchema = {}) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...more,
});

export const list = (items: JsonSchema, description: string, minItems = 1): JsonSchema => ({
  type: 'array',
  items,
  minItems,
  maxItems: MAX_AXIS_VALUES,
  description,
});

export const DRAFT = { $schema: 'http://json-schema.org/draft-07/schema#' };
