/**
 * Compiles the schemas of user files to code that checks them, dist/src/files/validators/KIND.js, at build time: compiling one when
 * the program starts takes as long as anything else that it does before its work.
 */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMAS } from '../src/files/schemas.js';
import { ROOT } from './console-blocks.js';

const FOLDER = join(ROOT, 'dist/src/files/validators');

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictTypes: false,
  // The schemas are the program's own, held against the meta-schema by a test.
  meta: false,
  validateSchema: false,
  inlineRefs: false,
  code: { source: true, esm: true },
});
for (const [kind, schema] of Object.entries(SCHEMAS)) {
  const contents = standalone.default(ajv, ajv.compile(schema));
  await build({
    ...{ absWorkingDir: ROOT, stdin: { contents, resolveDir: ROOT }, outfile: join(FOLDER, `${kind}.js`) },
    ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20', minifySyntax: true, minifyWhitespace: true },
  });
}
// Their types are declared there.
cpSync(join(ROOT, 'src/files/validators'), FOLDER, { recursive: true });
