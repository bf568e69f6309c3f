/**
 * Bundles the command line and the engine's threads into dist/cli, each as one file, and records their code caches: who starts reads
 * two files instead of hundreds, and V8 compiles nothing again. Those who import the package use the modules in dist/src.
 */
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** What a bundle begins and ends with: it is a function, which takes what belongs to a CommonJS module (src/start/code-cache.cts). */
const BEGIN =
  "(function (exports, require, module, __filename) { 'use strict'; const $url = require('node:url').pathToFileURL(__filename).href;";
const END = '})';

const COMMON = {
  ...{ absWorkingDir: ROOT, metafile: true, platform: 'node', target: 'node20', format: 'cjs' },
  ...{ bundle: true, minifySyntax: true, minifyWhitespace: true, legalComments: 'none' },
} as const satisfies BuildOptions;

/** A bundle that src/start runs: without dynamic imports, which such a function cannot do. */
const BUNDLE = {
  ...COMMON,
  ...{ external: EXTERNAL, alias: ALIAS, supported: { 'dynamic-import': false } },
  ...{ define: { 'import.meta.url': '$url' }, banner: { js: BEGIN }, footer: { js: END } },
} as const satisfies BuildOptions;

/** Escapes what a bundle still has of other characters: in regular expressions, which esbuild leaves as they are. */
function makeAscii(file: string): void {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/[^\0-\x7f]/g, escaped));
}

rmSync(OUT, { recursive: true, force: true });
const bundles = await Promise.all([
  build({ ...BUNDLE, entryPoints: ['dist/src/cli/main.js'], outfile: join(OUT, 'command.js') }),
  build({ ...BUNDLE, entryPoints: ['dist/src/storage/worker.js'], outfile: join(OUT, 'thread.js') }),
  build({ ...COMMON, entryPoints: ['dist/src/start/main.cjs'], outfile: join(OUT, 'main.js') }),
  build({ ...COMMON, entryPoints: ['dist/src/start/worker.cjs'], outfile: join(OUT, 'worker.cjs') }),
]);
['command.js', 'thread.js'].forEach((name) => makeAscii(join(OUT, name)));
writeFileSync(join(OUT, 'package.json'), '{ "type": "commonjs" }\n');
const folders = bundles.flatMap(({ metafile }) => packagesOf(metafile));
const licences = [...new Set(folders)].sort().map(licenceOf);
writeFileSync(join(OUT, 'LICENCES.txt'), licences.join(`\n${'-'.repeat(100)}\n\n`));

// V8 believes in a cache only where its own options are those that it was made with.
execFileSync(process.execPath, [join(ROOT, 'dist/scripts/record-code-caches.js')], {
  env: { ...process.env, NODE_OPTIONS: '' },
  stdio: 'pipe',
});
