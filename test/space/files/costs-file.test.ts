import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadCosts, parseCosts } from '../../../src/space/files/costs-file.js';
import { findFile } from '../../../src/space/files/library.js';
import { COST_CONSTANTS } from '../../../src/model/costs.js';
import { tempFolders } from '../../helpers/temp.js';
import { messageOf } from '../studies.js';

const { text } = findFile('costs', 'default', '.');
const parse = (from: string | RegExp, to: string) => {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return parseCosts(changed, 'c.yaml');
};
const makeFolder = tempFolders();

/** A constant as files write it. */
const constant = (value: number, low = value, high = value) =>
  `{ value: ${value}, low: ${low}, high: ${high}, unit: mm2/MiB, node: 7, source: mine }`;

describe('parseCosts', () => {
  it('keeps figures and nodes and leaves units and sources behind', () => {
    const costs = loadCosts();
    expect(Object.keys(costs)).toEqual([...COST_CONSTANTS.map(({ id }) => id), 'density', 'switching']);
    expect(costs.l2_mm2_per_mib).toEqual({ value: 2.49, low: 2.2, high: 2.9, node: 7 });
    expect(costs.density[7]).toEqual({ value: 65.6, low: 62.3, high: 68.9 });
  });

  it.each([
    [
      'another unit',
      'unit: mm2/MiB',
      'unit: mm2/KiB',
      /c\.yaml:\d+: l2_mm2_per_mib\.unit: not allowed, got "mm2\/KiB", expected "mm2\/MiB"$/,
    ],
    [
      'no source',
      "  source: 'LLMCompass: measured on GA100'\n",
      '',
      /c\.yaml:\d+: l2_mm2_per_mib: 'source' is missing$/,
    ],
    ['a cost of zero', 'value: 2.49', 'value: 0', /l2_mm2_per_mib\.value: out of bounds, got 0, expected more than 0$/],
    [
      'a value beyond its own bounds',
      'value: 2.49',
      'value: 3',
      /c\.yaml:\d+: l2_mm2_per_mib: out of order, got "2\.2, 3, 2\.9", expected low <= value <= high$/,
    ],
    ['a node in words', "'16':", 'sixteen:', /density: not allowed, got "sixteen", expected text that matches/],
    [
      'a node without a density',
      /(l2_mm2_per_mib:[^]*?node: )7/,
      '$15',
      /l2_mm2_per_mib\.node: no density for this node, got 5, expected one of 4, 7, 12, 16, 28 nm$/,
    ],
    [
      'no densities',
      /density:\n[^]*(?=switching)/,
      'density: {}\n',
      /density: wrong number of fields, got \{\}, expected at least one entry$/,
    ],
    [
      'an unknown constant',
      'l2_mm2_per_mib',
      'l2_mm2_per_mb',
      /unknown field 'l2_mm2_per_mb', .*\(did you mean 'l2_mm2_per_mib'\?\)$/,
    ],
    [
      'a constant that is not there',
      /l2_mm2_per_mib:[^]*?(?=crossbar)/,
      '',
      /^c\.yaml.*: 'l2_mm2_per_mib' is missing, expected every constant, or 'extends: default'$/,
    ],
  ])('refuses %s', (_, from, to, message) => {
    expect(messageOf(() => parse(from, to))).toMatch(message);
  });
});

describe('a cost model that extends another', () => {
  const l2 = (file: string) => loadCosts(file).l2_mm2_per_mib;

  it('changes what it names, and nothing else', () => {
    const costs = parseCosts(`extends: default\nl2_mm2_per_mib: ${constant(4)}`, 'mine.yaml');
    expect(costs).toEqual({ ...loadCosts(), l2_mm2_per_mib: { value: 4, low: 4, high: 4, node: 7 } });
  });

  it('adds nodes to those that are there', () => {
    const figures = '{ value: 160, low: 150, high: 170, unit: MTr/mm2, source: mine }';
    const { density } = parseCosts(`extends: default\ndensity: { '3': ${figures} }`, 'mine.yaml');
    expect(density).toEqual({ ...loadCosts().density, 3: { value: 160, low: 150, high: 170 } });
  });

  it('may extend a file, whose path starts from its own folder', () => {
    const folder = makeFolder();
    const write = (name: string, body: string) => writeFileSync(join(folder, name), body);
    write('base.yaml', `extends: default\nl2_mm2_per_mib: ${constant(4)}`);
    write('mine.yaml', 'extends: ./base.yaml');
    expect(l2(join(folder, 'mine.yaml')).value).toBe(4);
    write('loop.yaml', 'extends: ./loop.yaml');
    expect(messageOf(() => l2(join(folder, 'loop.yaml')))).toMatch(
      /loop\.yaml:1: extends: too many cost models extend each other, expected at most 8$/,
    );
    write('broken.yaml', `extends: default\nl2_mm2_per_mib: ${constant(4, 5)}`);
    write('on-broken.yaml', 'extends: ./broken.yaml');
    expect(messageOf(() => l2(join(folder, 'on-broken.yaml')))).toMatch(/broken\.yaml:2: l2_mm2_per_mib: out of order/);
  });

  it('is reported at the field that names a cost model that is not there', () => {
    expect(messageOf(() => parseCosts('extends: defualt', 'mine.yaml'))).toMatch(
      /^mine\.yaml:1: extends: unknown cost table 'defualt'.*\(did you mean 'default'\?\)$/,
    );
  });
});
