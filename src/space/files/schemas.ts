/** JSON Schemas of the files that users write. `npm run schema` publishes them under sweeps/schema for editors. */
import { COSTS_SCHEMA } from './schemas/costs.js';
import { DIES_SCHEMA } from './schemas/dies.js';
import { GPU_SCHEMA } from './schemas/gpu.js';
import { NETWORK_SCHEMA } from './schemas/network.js';
import { SWEEP_SCHEMA } from './schemas/spec.js';

export type { JsonSchema } from './schemas/parts.js';

/** By the kind of file. */
export const SCHEMAS = {
  sweep: SWEEP_SCHEMA,
  gpu: GPU_SCHEMA,
  network: NETWORK_SCHEMA,
  costs: COSTS_SCHEMA,
  dies: DIES_SCHEMA,
};
