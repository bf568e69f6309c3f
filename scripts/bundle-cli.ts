/**
 * Bundles the command line and the engine's threads into dist/cli: who starts reads a few large files instead of hundreds of small
 * ones, which is most of what `--help` takes. Those who import the package use the modules in dist/src.
 */
import { build, type BuildOptions, type Metafile } from 'esbuild';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './console-blocks.js';

const OUT = join(ROOT, 'dist/cli');

/** Packages that stay outside the command: native code, threads that load files of their own, and what only a run needs. */
const EXTERNAL = ['better-sqlite3', 'piscina', 'apache-arrow', 'parquet-wasm', '@resvg/resvg-wasm'];

/** Some bundled packages are CommonJS: they ask for Node's own modules by `require`. */
const REQUIRE = "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);";

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

/** What the threads ask of ES modules alone: their file is CommonJS (src/engine/pool.ts). */
const OWN_URL = "const $url = require('node:url').pathToFileURL(__filename).href;";

const COMMON = {
  ...{ absWorkingDir: ROOT, metafile: true, platform: 'node', target: 'node20' },
  ...{ bundle: true, minifySyntax: true, minifyWhitespace: true, legalComments: 'none' },
} as const satisfies BuildOptions;

rmSync(OUT, { recursive: true, force: true });
const [command, thread] = await Promise.all([
  build({
    ...{ ...COMMON, entryPoints: ['dist/src/cli/main.js'], outdir: OUT, splitting: true },
    ...{ format: 'esm', external: EXTERNAL, alias: ALIAS, banner: { js: REQUIRE } },
  }),
  build({
    ...{ ...COMMON, entryPoints: ['dist/src/engine/worker.js'], outfile: join(OUT, 'worker.cjs') },
    ...{ format: 'cjs', external: ['piscina'], define: { 'import.meta.url': '$url' }, banner: { js: OWN_URL } },
  }),
]);
const folders = [command, thread].flatMap(({ metafile }) => packagesOf(metafile));
const licences = [...new Set(folders)].sort().map(licenceOf);
writeFileSync(join(OUT, 'LICENCES.txt'), licences.join(`\n${'-'.repeat(100)}\n\n`));
