/** Publishes the JSON Schemas under sweeps/schema, for editors: `npm run schema`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SWEEPS_DIR } from '../src/space/files/library.js';
import { SCHEMAS } from '../src/space/files/schemas.js';

const folder = join(SWEEPS_DIR, 'schema');
mkdirSync(folder, { recursive: true });
for (const [kind, schema] of Object.entries(SCHEMAS))
  writeFileSync(join(folder, `${kind}.schema.json`), `${JSON.stringify(schema, null, 2)}\n`);
