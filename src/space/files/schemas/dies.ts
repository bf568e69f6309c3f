/** Schema of the published areas of dies. */
import { BLOCK_UNITS, DIE_BLOCKS } from '../../../model/die-blocks.js';
import { LARGEST_RESOURCE } from '../../../model/resources.js';
import { GPU_SCHEMA } from './gpu.js';
import { DRAFT, object, text, type JsonSchema } from './parts.js';

const areaOf = (description: string): JsonSchema => ({
  type: 'number',
  exclusiveMinimum: 0,
  maximum: LARGEST_RESOURCE,
  description: `${description} [mm2]`,
});

const {
  id: _id,
  name: _name,
  sources: _sources,
  ...GPU_FIELDS
} = GPU_SCHEMA['properties'] as Record<string, JsonSchema>;

export const DIES_SCHEMA: JsonSchema = {
  ...DRAFT,
  title: 'Dies whose area is published',
  ...object(
    {
      dies: {
        type: 'array',
        minItems: 1,
        description: 'dies, in the order of tables',
        items: object(
          {
            name: text('name of the die'),
            like: text('a built-in GPU with this die, or a path'),
            with: object(GPU_FIELDS, [], { description: 'what the whole die has more or less of than that GPU' }),
            area_mm2: areaOf('published area'),
            blocks: object(
              Object.fromEntries(DIE_BLOCKS.map((block) => [block, areaOf(`measured, per ${BLOCK_UNITS[block]}`)])),
              [],
            ),
            held_out: { type: 'boolean', default: false, description: 'whether it gave no cost constant' },
            source: text('where the area comes from'),
          },
          ['name', 'like', 'with', 'area_mm2', 'source'],
        ),
      },
    },
    ['dies'],
  ),
};
