/** JSON Schemas of the files that users write. `npm run schema` publishes them under sweeps/schema for editors. */
import { DEFAULT_MODEL, MODEL_NAMES } from '../../model/model-names.js';
import { COST_CONSTANTS } from '../../model/costs.js';
import { BLOCK_UNITS, DIE_BLOCKS } from '../../model/die-blocks.js';
import { DEFAULT_PROCESS_NM, DIE_FIELDS, MEMORIES } from '../../model/gpu.js';
import { LARGEST_FILTER, PASSES } from '../../model/layer.js';
import { NUMERIC_METRICS } from '../../model/metrics.js';
import {
  AXIS_IDS,
  CTA_TILE,
  LARGEST_RESOURCE,
  RESOURCES,
  resourceOf,
  smallestOf,
  type ResourceId,
} from '../../model/resources.js';
import { TILE_RULE } from '../../model/tile.js';
import { MAX_EXPRESSION_LENGTH } from '../expression.js';
import {
  MAX_AXIS_VALUES,
  MAX_CONSTRAINTS,
  MAX_ID_LENGTH,
  MAX_LAYERS,
  MAX_NOTE_LENGTH,
  MAX_OPTION_NAME_LENGTH,
  MAX_OPTIONS,
  MAX_TEXT_LENGTH,
  MAX_WORKLOADS,
} from './limits.js';

export type JsonSchema = Record<string, unknown>;

const MAX_DIMENSION = 65_536;

const text = (description: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength: MAX_TEXT_LENGTH,
  description,
});
const wholeNumber = (description: string, minimum = 1): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum: MAX_DIMENSION,
  description,
});

/** A quantity of a resource: positive, or at least zero where zero means something. */
function quantity(id: ResourceId): JsonSchema {
  const resource = resourceOf(id)!;
  const { whole, meaning, unit } = resource;
  return {
    type: whole ? 'integer' : 'number',
    minimum: smallestOf(resource),
    maximum: LARGEST_RESOURCE,
    description: `${meaning} [${unit}]`,
  };
}

const object = (properties: Record<string, JsonSchema>, required: readonly string[], more: JsonSchema = {}) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...more,
});

const list = (items: JsonSchema, description: string, minItems = 1): JsonSchema => ({
  type: 'array',
  items,
  minItems,
  maxItems: MAX_AXIS_VALUES,
  description,
});

const DRAFT = { $schema: 'http://json-schema.org/draft-07/schema#' };

/** What a die has that no axis moves. */
const dieField = (description: string): JsonSchema => ({
  type: 'number',
  minimum: 0,
  maximum: LARGEST_RESOURCE,
  default: 0,
  description,
});

const GPU_SCHEMA: JsonSchema = {
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

/** A number that means both, or [height, width]. */
const heightWidth = (description: string, minimum: number, maximum = MAX_DIMENSION): JsonSchema => ({
  type: ['integer', 'array'],
  minimum,
  maximum,
  items: { type: 'integer', minimum, maximum },
  minItems: 2,
  maxItems: 2,
  description: `${description}: [height, width], or one number for both`,
});

const NETWORK_SCHEMA: JsonSchema = {
  ...DRAFT,
  title: 'A network: its convolution layers',
  ...object(
    {
      name: text('name of the network'),
      layers: {
        type: 'array',
        description: 'its convolutions, each shape once',
        minItems: 1,
        maxItems: MAX_LAYERS,
        items: object(
          {
            name: text('name of the layer, unique in the network'),
            in_channels: wholeNumber('channels of the IFmap'),
            in_height: wholeNumber('height of the IFmap'),
            in_width: wholeNumber('width of the IFmap'),
            out_channels: wholeNumber('channels of the OFmap'),
            filter: heightWidth('filter size', 1, LARGEST_FILTER),
            stride: { ...heightWidth('stride', 1), default: 1 },
            padding: { ...heightWidth('padding on each side', 0), default: 0 },
            groups: { ...wholeNumber('groups of channels'), default: 1 },
            count: { ...wholeNumber('how often the network has this shape'), default: 1 },
          },
          ['name', 'in_channels', 'in_height', 'in_width', 'out_channels', 'filter'],
        ),
      },
    },
    ['name', 'layers'],
  ),
};

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

const AXIS_SCHEMAS: Record<string, JsonSchema> = {
  ...Object.fromEntries(RESOURCES.map((r) => [r.id, axisSchema(r.id)])),
  [CTA_TILE.id]: TILE_AXIS,
};

/** By reference: each is compiled once, though axes come up in two places. */
const AXES = Object.fromEntries(Object.keys(AXIS_SCHEMAS).map((id) => [id, { $ref: `#/$defs/${id}` }]));

/** A named change of the baseline. */
const OPTION_SCHEMA = object(
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

const objective = (description: string) => ({
  type: 'array',
  items: { type: 'string', enum: NUMERIC_METRICS.map((metric) => metric.name) }, // the type keeps uniqueItems from comparing all with all
  uniqueItems: true,
  description,
});

const SWEEP_SCHEMA: JsonSchema = {
  ...DRAFT,
  title: 'A sweep: which designs to evaluate on which workloads',
  $defs: AXIS_SCHEMAS,
  ...object(
    {
      $schema: { type: 'string', description: 'where this schema is, for editors' },
      name: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9-]*$',
        maxLength: MAX_ID_LENGTH,
        description: 'name of the study, its folder under results/',
      },
      model: { enum: MODEL_NAMES, default: DEFAULT_MODEL, description: 'which model works out the times' },
      baseline: text('a built-in GPU id, or the path of a GPU file relative to this one'),
      costs: {
        ...text('a built-in ledger of cost constants, or the path of one relative to this file'),
        default: 'default',
      },
      workloads: {
        type: 'array',
        description: 'what every design runs; each has a front of its own',
        minItems: 1,
        maxItems: MAX_WORKLOADS,
        items: object(
          {
            network: text('a built-in network, or the path of a network file relative to this one'),
            batch: wholeNumber('images of one run'),
            pass: { enum: PASSES, default: 'forward', description: 'training is the sum of the three' },
          },
          ['network', 'batch'],
        ),
      },
      axes: object(AXES, [], { description: 'resources to scale; their values cross' }),
      linked: {
        type: 'array',
        maxItems: AXIS_IDS.length,
        items: object(AXES, [], { minProperties: 1 }),
        description: 'groups of axes that move together instead of crossing',
      },
      options: {
        type: 'array',
        minItems: 2,
        maxItems: MAX_OPTIONS,
        items: OPTION_SCHEMA,
        description: 'named changes of the baseline: together one axis, whose values are the options',
      },
      constraints: {
        type: 'array',
        maxItems: MAX_CONSTRAINTS,
        items: { type: 'string', minLength: 1, maxLength: MAX_EXPRESSION_LENGTH },
        description: 'expressions (CEL) over resource ids and base.<id>; a point is kept where all are true',
      },
      objectives: object(
        { minimize: objective('metrics to minimise'), maximize: objective('metrics to maximise') },
        [],
        { default: { minimize: ['time_ms', 'area_mm2'] }, description: 'what the Pareto front is over' },
      ),
      store: object(
        {
          points: {
            enum: ['all', 'front'],
            default: 'all',
            description: 'which points to keep: all, or the front alone',
          },
          reasons: {
            enum: ['front', 'all'],
            default: 'front',
            description:
              'which designs to store the reasons of (utilisation, slack, elasticity, what binds next): those on the front, or every stored point',
          },
          layers: { const: false, default: false, description: 'whether to keep every layer of every point' },
        },
        [],
        { description: 'what the study keeps' },
      ),
    },
    ['name', 'baseline', 'workloads'],
    { if: { not: { required: ['options'] } }, then: { required: ['axes'] } },
  ),
};

/** A number of a ledger. */
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

const COSTS_SCHEMA: JsonSchema = {
  ...DRAFT,
  title: 'Constants of area and energy: all of them, or those that differ from another ledger',
  $defs: COSTS_DEFS,
  ...object(
    {
      extends: text(
        'a built-in ledger, or the path of another relative to this one, whose constants hold but for those here',
      ),
      ...Object.fromEntries(COST_CONSTANTS.map(({ id, unit, meaning }) => [id, ofUnit('constant', unit, meaning)])),
      density: byNode('MTr/mm2', 'transistors per area: what the area of logic follows'),
      switching: byNode('1', 'energy of switching, relative: what the energy of logic follows'),
    },
    [],
  ),
};

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

const DIES_SCHEMA: JsonSchema = {
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

/** By the kind of file. */
export const SCHEMAS = {
  sweep: SWEEP_SCHEMA,
  gpu: GPU_SCHEMA,
  network: NETWORK_SCHEMA,
  costs: COSTS_SCHEMA,
  dies: DIES_SCHEMA,
};
