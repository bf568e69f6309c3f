/** docs/model.md against the code that cites it and the constants that it tabulates. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { loadCosts } from '../../src/space/files/costs-file.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(join(ROOT, 'docs/model.md'), 'utf8');

/** Sections as the headings number them: 3, 3.2, 3.2a. */
const sections = new Set(
  Array.from(text.matchAll(/^#+ (\d[\d.]*[ab]?)\.? /gm), ([, number]) => number!.replace(/\.$/, '')),
);

/** Sections that a source text cites, `3.2a` or `2 to 4`. */
const cited = (source: string) =>
  Array.from(source.matchAll(/docs\/model\.md, (\d[\d.]*[ab]?(?: (?:to|and) \d)?)/g)).flatMap(([, numbers]) =>
    numbers!.split(/ to | and /).map((number) => number.replace(/\.$/, '')),
  );

const sourcesUnder = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [`${folder}/${file}`, cited(readFileSync(join(ROOT, folder, file), 'utf8'))] as const)
    .filter(([, numbers]) => numbers.length > 0);

describe('docs/model.md', () => {
  it.each([...sourcesUnder('src'), ...sourcesUnder('test')])('has the sections that %s cites', (_file, numbers) => {
    expect(numbers.filter((number) => !sections.has(number))).toEqual([]);
  });

  it('numbers its equations in order, and marks each as published or derived', () => {
    const equations = Array.from(text.matchAll(/^\((\d+)\) .*\[[PD]\]/gm), ([, number]) => Number(number));
    expect(equations).toEqual(equations.map((_, i) => i + 1));
    expect(equations).toHaveLength(text.match(/^\(\d+\) /gm)!.length);
  });

  it('tabulates the constants that areas are built from', () => {
    const { density, switching, ...constants } = loadCosts();
    const number = '([\\d.]+)';
    const cells = `${number} +\\| ${number} +\\| ${number} `;
    const figures = ([value, low, high]: string[]) => ({ value: Number(value), low: Number(low), high: Number(high) });
    const ofTable = Array.from(
      text.matchAll(new RegExp(`^\\| \`(\\w+)\` +\\| ${cells}+\\| [^|]+\\| (\\d+) `, 'gm')),
      ([, id, value, low, high, node]) => [id, { ...figures([value!, low!, high!]), node: Number(node) }],
    );
    expect(Object.fromEntries(ofTable)).toEqual(constants);
    const nodes = Array.from(
      text.matchAll(new RegExp(`^\\| (\\d+) nm +\\| ${cells}+\\| ${cells}`, 'gm')),
      ([, nm, ...rest]) => [nm, figures(rest.slice(0, 3)), figures(rest.slice(3))] as const,
    );
    expect(Object.fromEntries(nodes.map(([nm, figure]) => [nm, figure]))).toEqual(density);
    expect(Object.fromEntries(nodes.map(([nm, , figure]) => [nm, figure]))).toEqual(switching);
  });
});
