/** Puts together what `report` writes into its pages: the script as one file, the style sheet, and the typeface, in dist/page. */
import { build } from 'esbuild';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './console-blocks.js';
import { FONT_WEIGHTS } from '../src/report/page/assets.js';

const OUT = join(ROOT, 'dist/page');
const TYPEFACE = join(ROOT, 'node_modules/@fontsource/inter');

/** Bundles the script and the style sheet, and copies the typeface. */
export async function bundlePage(): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  await build({
    ...{ absWorkingDir: ROOT, outdir: OUT, bundle: true, minify: true, legalComments: 'none', charset: 'utf8' },
    entryPoints: { page: 'src/report/page/client/main.ts' },
    ...{ format: 'iife', target: 'es2022' },
  });
  await build({
    ...{ absWorkingDir: ROOT, outdir: OUT, bundle: true, minify: true, target: 'es2022' },
    entryPoints: { page: 'src/report/page/style.css' },
  });
  for (const weight of FONT_WEIGHTS)
    copyFileSync(join(TYPEFACE, `files/inter-latin-${weight}-normal.woff2`), join(OUT, `inter-${weight}.woff2`));
  copyFileSync(join(TYPEFACE, 'LICENSE'), join(OUT, 'inter-LICENSE.txt'));
}
