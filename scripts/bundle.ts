/**
 * Makes what tsc does not, from the sources: the validators, the WebAssembly kernel, the script of the report's page, the command and
 * the pool's threads in one file each. `npm run build` runs it after tsc, and Jest runs it before tests: it takes two seconds.
 */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCli } from './bundle-cli.js';
import { bundlePage } from './bundle-page.js';
import { compileValidators } from './compile-validators.js';
import { ROOT } from './console-blocks.js';

const KERNEL = join(ROOT, 'src/engine/staged/assembly/waves.ts');
const KERNEL_OUT = join(ROOT, 'dist/src/engine/staged/waves.wasm');
const KERNEL_OPTIONS = ['-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--importMemory'];

const modified = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;

await compileValidators();
// The one step that takes seconds.
if (modified(KERNEL_OUT) < modified(KERNEL)) {
  const asc = join(ROOT, 'node_modules/assemblyscript/bin/asc.js');
  execFileSync(process.execPath, [asc, KERNEL, '-o', KERNEL_OUT, ...KERNEL_OPTIONS], { cwd: ROOT, stdio: 'inherit' });
}
await Promise.all([bundlePage(), bundleCli()]);
