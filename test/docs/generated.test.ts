import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/console-blocks.js';
import { GENERATED_PAGES } from '../../scripts/pages/generated-pages.js';
import { PICTURES } from '../../scripts/pages/pictures-page.js';
import { METRICS } from '../../src/model/metrics.js';
import { REASONS } from '../../src/model/reasons.js';
import { AXIS_IDS } from '../../src/model/resources.js';

const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');

describe('the generated pages', () => {
  it.each(Object.entries(GENERATED_PAGES))('have %s as its declarations are (npm run docs)', (page, text) => {
    expect(read(page)).toBe(text());
  });

  it.each(Object.entries(PICTURES))('have the picture %s on their page, in words too', (name, draw) => {
    const { alt, svg } = draw();
    expect(read('docs/model-in-pictures.md')).toContain(`![${alt}](pictures/${name}.svg)`);
    expect(svg).toContain('<title>');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('have every axis, metric and reason', () => {
    const page = read('docs/metrics.md');
    const names = [...AXIS_IDS, ...[...METRICS, ...REASONS].map(({ name }) => name)];
    expect(names.filter((name) => !page.includes(`\n| \`${name}\` `))).toEqual([]);
  });

  it('have every field of a spec', () => {
    const page = read('docs/spec.md');
    const fields = ['name', 'model', 'baseline', 'costs', 'workloads', 'axes', 'linked', 'options', 'constraints'];
    const more = ['objectives', 'store', 'network', 'batch', 'pass', 'scale', 'values', 'range', 'steps', 'spacing'];
    const missing = [...fields, ...more, ...AXIS_IDS].filter((field) => !page.includes(`\n| \`${field}\` `));
    expect(missing).toEqual([]);
  });
});
