/** JSON Schemas of the state files that the program writes into the folders of studies and searches, and reads again. */
import { PASSES } from '../../model/layer.js';
import { AXIS_IDS, RESOURCES } from '../../model/resources.js';
import { OVER_WORKLOADS } from '../../analysis/over-workloads.js';
import { STUDY_FORMAT } from './study-files.js';

type JsonSchema = Record<string, unknown>;

const TEXT = { type: 'string' };
const NUMBER = { type: 'number' };
const WHOLE = { type: 'integer', minimum: 0 };

/** Points of a chunk at most: more were never asked for. */
const MAX_CHUNK_POINTS = 2 ** 31;

const listOf = (items: JsonSchema) => ({ type: 'array', items });

/** An object with some fields, others allowed. */
const object = (properties: Record<string, JsonSchema>, optional: Record<string, JsonSchema> = {}) => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
});

const fieldsOf = (names: readonly string[], schema: JsonSchema) =>
  Object.fromEntries(names.map((name) => [name, schema]));

const LAYER_FIELDS = [
  ...['inChannels', 'inHeight', 'inWidth', 'outChannels', 'filterHeight', 'filterWidth'],
  ...['strideHeight', 'strideWidth', 'padHeight', 'padWidth', 'groups', 'count'],
];

const OBJECTIVE = object({ metric: TEXT, goal: { enum: ['minimize', 'maximize'] } });

const STUDY = object(
  {
    name: TEXT,
    model: TEXT,
    baseline: object({
      id: TEXT,
      name: TEXT,
      ...fieldsOf(
        RESOURCES.map(({ id }) => id),
        NUMBER,
      ),
      process_nm: NUMBER,
    }),
    workloads: {
      ...listOf(
        object({
          network: object({ name: TEXT, layers: listOf(object({ name: TEXT, ...fieldsOf(LAYER_FIELDS, WHOLE) })) }),
          batch: WHOLE,
          pass: { enum: PASSES },
        }),
      ),
      minItems: 1,
    },
    dimensions: listOf({
      ...listOf(object({ id: { enum: AXIS_IDS }, values: { ...listOf({ type: ['number', 'string'] }), minItems: 1 } })),
      minItems: 1,
    }),
    constraints: listOf(TEXT),
    objectives: { ...listOf(OBJECTIVE), minItems: 1 },
    store: { enum: ['all', 'front'] },
    reasons: { enum: ['front', 'all'] },
    costs: { type: 'object' },
  },
  { options: listOf(TEXT), modelSource: TEXT },
);

const SHARD = { index: { type: 'integer', minimum: 1 }, count: { type: 'integer', minimum: 1 } };

/** `study.json`. */
const MANIFEST = object(
  {
    format: { const: STUDY_FORMAT },
    name: TEXT,
    hash: TEXT,
    tool_version: TEXT,
    model_version: WHOLE,
    columns: listOf(TEXT),
    host: TEXT,
    chunk_points: { type: 'integer', minimum: 1, maximum: MAX_CHUNK_POINTS },
    started: TEXT,
    finished: { type: ['string', 'null'] },
    study: STUDY,
  },
  {
    shard: object({ ...SHARD, chunks: object({ from: WHOLE, to: WHOLE }) }),
    merged: object({ shards: WHOLE, of: WHOLE }),
  },
);

/** `study.owner`. */
const OWNER = object({ pid: WHOLE, host: TEXT, since: TEXT });

/** `study.progress`. */
const PROGRESS = object({
  ...{ host: TEXT, pid: WHOLE, since: NUMBER, written: NUMBER },
  ...{ resumed_at: WHOLE, done: WHOLE, failed_chunks: WHOLE },
});

const FRONT = object({
  ids: listOf(WHOLE),
  logTimes: listOf(NUMBER),
  areas: listOf(NUMBER),
  shared: listOf(listOf(NUMBER)),
});

/** The file of a frontier search. */
const SEARCH = object(
  {
    ...{ hash: TEXT, name: TEXT, asked: TEXT, seconds: NUMBER },
    state: object({ rounds: WHOLE, ofRounds: WHOLE, designs: WHOLE, boxes: WHOLE, fronts: listOf(FRONT) }),
  },
  {
    shard: object({
      shard: object(SHARD),
      study: STUDY,
      query: object({
        objectives: listOf(OBJECTIVE),
        over: { enum: OVER_WORKLOADS },
        limits: listOf(object({ metric: TEXT, side: { enum: ['at most', 'at least'] }, value: NUMBER })),
      }),
      sha256: TEXT,
    }),
  },
);

/** By the names of their validators. */
export const STATE_SCHEMAS: Record<string, JsonSchema> = {
  study: MANIFEST,
  owner: OWNER,
  progress: PROGRESS,
  search: SEARCH,
};
