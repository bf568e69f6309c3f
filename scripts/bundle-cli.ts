/**
 * Bundles the command line and the engine's threads into dist/cli, each as one file: a start reads one file instead of hundreds.
 * Those who import the package use the modules in dist/src.
 */
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './console-blocks.js';

const OUT = join(ROOT, 'dist/cli');

/** Packages that stay outside: native code, threads that load files of their own, WebAssembly. */
const EXTERNAL = ['better-sqlite3', 'piscina', 'parquet-wasm', '@resvg/resvg-wasm'];

/**
 * How wide a text is: the help of yargs asks. Its newer versions take 60 ms to start for the sake of emoji, of which there are none
 * here; this one does not.
 */
const ALIAS = { 'string-width': join(ROOT, 'node_modules/string-width') };

/** Folders of the packages that a bundle holds. */
function packagesOf({ inputs }: Metafile): string[] {
  const folders = Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return [...new Set(folders)];
}

/** The licence that a package comes with. */
function licenceOf(folder: string): string {
  const names = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENSE-MIT.txt', 'license', 'LICENCE'];
  const file = names.map((name) => join(ROOT, folder, name)).find((path) => existsSync(path));
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Record<
    'name' | 'version' | 'license',
    string
  >;
  return `${name} ${version}: ${license}\n\n${file ? readFileSync(file, 'utf8').trim() : 'no text in its package'}\n`;
}

/** CommonJS: Piscina requires the threads' file, and Node aborts the process when a thread is stopped while it requires an ES module. */
const BUNDLE = {
  ...{ absWorkingDir: ROOT, metafile: true, platform: 'node', target: 'node20', format: 'cjs' },
  ...{ bundle: true, minifySyntax: true, minifyWhitespace: true, legalComments: 'none' },
  ...{ external: EXTERNAL, alias: ALIAS, supported: { 'dynamic-import': false } },
  ...{ define: { 'import.meta.url': '$url' } },
} as const satisfies BuildOptions;

/** What stands in for `import.meta.url`. */
const URL_OF_FILE = "const $url = require('node:url').pathToFileURL(__filename).href;";

/** Node keeps what it compiles of the command for the next start, from 22.1 on. */
const COMPILE_CACHE = "require('node:module').enableCompileCache?.();";

/** Writes both bundles, the command's entry, and the licences of what they hold. */
export async function bundleCli(): Promise<void> {
  const bundles = await Promise.all([
    build({
      ...{ ...BUNDLE, entryPoints: ['src/cli/main.ts'], outfile: join(OUT, 'command.js') },
      banner: { js: URL_OF_FILE },
    }),
    build({
      ...{ ...BUNDLE, entryPoints: ['src/storage/worker.ts'], outfile: join(OUT, 'worker.cjs') },
      supported: { 'dynamic-import': true }, // a user's model is an ES module
      banner: { js: URL_OF_FILE },
    }),
  ]);
  writeFileSync(join(OUT, 'main.js'), `#!/usr/bin/env node\n${COMPILE_CACHE}\nrequire('./command.js');\n`, {
    mode: 0o755,
  });
  writeFileSync(join(OUT, 'package.json'), '{ "type": "commonjs" }\n');
  const folders = bundles.flatMap(({ metafile }) => packagesOf(metafile));
  const licences = [...new Set(folders)].sort().map(licenceOf);
  writeFileSync(join(OUT, 'LICENCES.txt'), licences.join(`\n${'-'.repeat(100)}\n\n`));
}
