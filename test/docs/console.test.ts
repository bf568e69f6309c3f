import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentedPages, prepareFolder, ROOT, runInFolder, withOutputs } from '../../scripts/console-blocks.js';

describe('the documented commands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-docs-'));

  beforeAll(() => {
    prepareFolder(folder);
    for (const study of ['balanced-scaling', 'scaling-options'])
      runInFolder(`delta-sweep run sweeps/${study}.yaml`, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(documentedPages())('print what %s shows', (page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    expect(withOutputs(text, folder)).toBe(text);
  });

  it('start the README', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect(readme.indexOf('```console')).toBeGreaterThan(0);
    expect(readme.indexOf('```console')).toBeLessThan(600);
  });
});
