/** Writes the pages that are generated, and the outputs of all documented commands into README.md and docs/: `npm run docs`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentedPages, prepareFolder, ROOT, withOutputs } from './console-blocks.js';
import { GENERATED_PAGES } from './pages/generated-pages.js';

for (const [page, text] of Object.entries(GENERATED_PAGES)) writeFileSync(join(ROOT, page), text());

const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-docs-'));
try {
  prepareFolder(folder);
  for (const page of documentedPages()) {
    const file = join(ROOT, page);
    writeFileSync(file, withOutputs(readFileSync(file, 'utf8'), folder));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
