import { describe, expect, it } from '@jest/globals';
import { loadCosts, parseCosts } from '../../src/files/costs-file.js';
import { findFile } from '../../src/files/library.js';
import { messageOf } from '../space/studies.js';

const { text } = findFile('costs', 'default', '.');
const parse = (from: string | RegExp, to: string) => {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return parseCosts(changed, 'c.yaml');
};

describe('parseCosts', () => {
  it('keeps the values and leaves units and sources behind', () => {
    const costs = loadCosts();
    expect(costs.reference_nm).toBe(7);
    expect(costs.l2_mm2_per_mib).toBe(2.49);
    expect(costs.density).toEqual({ 4: 98.3, 7: 65.6, 12: 25.3, 16: 25.3, 28: 13.3 });
  });

  it.each([
    [
      'another unit',
      'unit: mm2/MiB',
      'unit: mm2/KiB',
      /c\.yaml:\d+: l2_mm2_per_mib\.unit: not allowed, got "mm2\/KiB", expected "mm2\/MiB"$/,
    ],
    ['no source', "  source: 'LLMCompass: GA100, measured'\n", '', /c\.yaml:\d+: l2_mm2_per_mib: 'source' is missing$/],
    ['a cost of zero', 'value: 2.49', 'value: 0', /l2_mm2_per_mib\.value: out of bounds, got 0, expected more than 0$/],
    ['a node in words', "'16':", 'sixteen:', /density: not allowed, got "sixteen", expected text that matches/],
    [
      'no density at the reference',
      'reference_nm: 7',
      'reference_nm: 5',
      /density: no density for the reference node, 5 nm$/,
    ],
    [
      'no densities',
      /density:\n[^]*/,
      'density: {}\n',
      /density: wrong number of fields, got \{\}, expected at least one entry$/,
    ],
    [
      'an unknown constant',
      'l2_mm2_per_mib',
      'l2_mm2_per_mb',
      /'l2_mm2_per_mib' is missing; .*\(did you mean 'l2_mm2_per_mib'\?\)$/,
    ],
  ])('refuses %s', (_, from, to, message) => {
    expect(messageOf(() => parse(from, to))).toMatch(message);
  });
});
