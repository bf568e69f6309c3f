/**
 * Compiles the schemas of user files and of state files to code that checks them, validators/KIND.js, at build time: compiling one
 * when the program starts takes as long as anything else that it does before its work.
 */
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMAS } from '../src/space/files/schemas.js';
import { STATE_SCHEMAS } from '../src/storage/folder/state-schemas.js';
import { ROOT } from './console-blocks.js';

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
/** The kinds of files, by the folder of their validators. */
const KINDS = { 'src/space/files/validators': SCHEMAS, 'src/storage/folder/validators': STATE_SCHEMAS };

/** Writes the validators beside the declarations of their types, and copies both to dist for those who import the package. */
export async function compileValidators(): Promise<void> {
  for (const [folder, schemas] of Object.entries(KINDS)) {
    for (const [kind, schema] of Object.entries(schemas)) {
      const contents = standalone.default(ajv, ajv.compile(schema));
      await build({
        ...{ absWorkingDir: ROOT, stdin: { contents, resolveDir: ROOT }, outfile: join(folder, `${kind}.js`) },
        ...{ bundle: true, format: 'esm', platform: 'node', target: 'node20' },
        ...{ minifySyntax: true, minifyWhitespace: true },
      });
    }
    cpSync(join(ROOT, folder), join(ROOT, 'dist', folder), { recursive: true });
  }
}
