/** The script, style sheet and fonts of a page, as the build bundles them (scripts/bundle-page.ts). */
import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '../../package-root.js';

/** The weights of the typeface of pages and charts. */
export const FONT_WEIGHTS = [400, 600] as const;

export interface PageAssets {
  script: string;
  style: string;
  /** The font files (WOFF2). */
  fonts: { weight: number; bytes: Uint8Array }[];
}

const read = (name: string) => readFileSync(new URL(`dist/page/${name}`, PACKAGE_ROOT));

export function readFonts(): PageAssets['fonts'] {
  return FONT_WEIGHTS.map((weight) => ({ weight, bytes: read(`inter-${weight}.woff2`) }));
}

export function readAssets(): PageAssets {
  return {
    script: read('page.js').toString('utf8').trim(),
    style: read('page.css').toString('utf8'),
    fonts: readFonts(),
  };
}
