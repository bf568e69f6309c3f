/** Before any test: bundles what runs as a process or a thread of its own, from the sources as they are now. */
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const bundle = (source, outfile) =>
  build({
    ...{ absWorkingDir: ROOT, entryPoints: [source], outfile, bundle: true },
    ...{ packages: 'external', platform: 'node', format: 'esm', target: 'node20' },
  });

export default async function setup() {
  await bundle('scripts/bundle.ts', 'dist/scripts/bundle.js');
  execFileSync(process.execPath, ['dist/scripts/bundle.js'], { cwd: ROOT, stdio: 'inherit' });
  await bundle('test/helpers/merge-process.ts', 'dist/test/merge-process.js');
}
