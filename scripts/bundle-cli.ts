/**
 * Bundles the command line into dist/cli: a process that starts reads a few large files instead of hundreds of small ones,
 * which is most of what `--help` takes. Threads, and those who import the package, use the modules in dist/src.
 */
import { build, type Metafile } from 'esbuild';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './console-blocks.js';

const OUT = join(ROOT, 'dist/cli');

/** Packages that stay outside: native code, threads that load files of their own, and what only a run needs. */
const EXTERNAL = ['better-sqlite3', 'piscina', 'apache-arrow', 'parquet-wasm', '@resvg/resvg-wasm'];

/** Some bundled packages are CommonJS: they ask for Node's own modules by `require`. */
const REQUIRE = "import { createRequire as $require } from 'node:module'; const require = $require(import.meta.url);";

/**
 * How wide a text is: the help of yargs asks. Its newer versions take 60 ms to start for the sake of emoji, of which there are none
 * here; this one does not.
 */
const ALIAS = { 'string-width': join(ROOT, 'node_modules/string-width') };

/** Folders of the packages that a bundle holds, sorted. */
function packagesOf({ inputs }: Metafile): string[] {
  const folders = Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return [...new Set(folders)].sort();
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

rmSync(OUT, { recursive: true, force: true });
const { metafile } = await build({
  ...{ absWorkingDir: ROOT, entryPoints: ['src/cli/main.ts'], outdir: OUT, metafile: true },
  ...{ bundle: true, splitting: true, minifySyntax: true, minifyWhitespace: true, legalComments: 'none' },
  ...{ format: 'esm', platform: 'node', target: 'node20', external: EXTERNAL, alias: ALIAS, banner: { js: REQUIRE } },
});
const licences = packagesOf(metafile).map(licenceOf);
writeFileSync(join(OUT, 'LICENCES.txt'), licences.join(`\n${'-'.repeat(100)}\n\n`));
