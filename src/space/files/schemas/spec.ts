/** Schema of specs. */
import { PASSES } from '../../../model/layer.js';
import { NUMERIC_METRICS } from '../../../model/metrics.js';
import { DEFAULT_MODEL, MODEL_NAMES } from '../../../model/model-names.js';
import { AXIS_IDS } from '../../../model/resources.js';
import { MAX_EXPRESSION_LENGTH } from '../../expression.js';
import { DEFAULT_OBJECTIVES } from '../../study.js';
import { MAX_CONSTRAINTS, MAX_ID_LENGTH, MAX_OPTIONS, MAX_WORKLOADS } from '../limits.js';
import { AXES, AXIS_SCHEMAS, OPTION_SCHEMA } from './axes.js';
import { DRAFT, object, text, wholeNumber, type JsonSchema } from './parts.js';

const objective = (description: string) => ({
  type: 'array',
  items: { type: 'string', enum: NUMERIC_METRICS.map((metric) => metric.name) }, // the type keeps uniqueItems from comparing all with all
  uniqueItems: true,
  description,
});

export const SWEEP_SCHEMA: JsonSchema = {
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
      model: {
        type: 'string',
        default: DEFAULT_MODEL,
        examples: [...MODEL_NAMES, './my-model.mjs'],
        description: `the model of times: ${MODEL_NAMES.join(', ')}, or the path of a module (docs/models.md)`,
      },
      baseline: text('a built-in GPU id, or the path of a GPU file relative to this one'),
      costs: {
        ...text('a built-in cost model, or the path of one relative to this file'),
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
        { default: DEFAULT_OBJECTIVES, description: 'what the Pareto front is over' },
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
