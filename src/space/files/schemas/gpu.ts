/** Schema of GPU files. */
import { DEFAULT_PROCESS_NM, DIE_FIELDS, MEMORIES } from '../../../model/gpu.js';
import { LARGEST_RESOURCE, RESOURCES } from '../../../model/resources.js';
import { MAX_ID_LENGTH, MAX_NOTE_LENGTH } from '../limits.js';
import { DRAFT, object, quantity, text, wholeNumber, type JsonSchema } from './parts.js';

/** What a die has that no axis moves. */
const dieField = (description: string): JsonSchema => ({
  type: 'number',
  minimum: 0,
  maximum: LARGEST_RESOURCE,
  default: 0,
  description,
});

export const GPU_SCHEMA: JsonSchema = {
  ...DRAFT,
  title: 'A GPU',
  ...object(
    {
      id: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9._-]*$',
        maxLength: MAX_ID_LENGTH,
        description: 'short name, in lower case',
      },
      name: text('full name'),
      ...Object.fromEntries(RESOURCES.map((r) => [r.id, quantity(r.id)])),
      max_threads: wholeNumber('threads an SM can hold', 32),
      max_ctas: wholeNumber('CTAs an SM can hold'),
      kernel_generation: { enum: [6, 7], description: 'which kernels ran: 6 (cuDNN 6 and before), 7 (cuDNN 7)' },
      call_overhead_us: { type: 'number', minimum: 0, maximum: LARGEST_RESOURCE, description: 'time of a call [us]' },
      process_nm: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1000,
        default: DEFAULT_PROCESS_NM,
        description: 'process node, for areas and energy [nm]',
      },
      ...Object.fromEntries(DIE_FIELDS.map(({ id, meaning, unit }) => [id, dieField(`${meaning} [${unit}]`)])),
      memory: { enum: MEMORIES, default: 'hbm', description: 'kind of DRAM' },
      memory_channels: {
        ...dieField('stacks of HBM, or 32-bit channels of GDDR; by default HBM2e for the bandwidth'),
        exclusiveMinimum: 0,
      },
      sources: {
        type: 'object',
        additionalProperties: { type: 'string', maxLength: MAX_NOTE_LENGTH },
        description: 'field -> where its figure comes from',
      },
    },
    ['id', 'name', ...RESOURCES.map((r) => r.id), 'max_threads', 'max_ctas', 'kernel_generation', 'call_overhead_us'],
  ),
};
