import { describe, expect, it } from '@jest/globals';
import { RESOURCES } from '../../../src/model/resources.js';
import { loadGpu, parseGpu } from '../../../src/space/files/gpu-file.js';
import { builtinNames } from '../../../src/space/files/library.js';
import { inputErrorOf, messageOf, TITAN_XP } from '../studies.js';

/** A GPU file's lines with some fields replaced; undefined leaves a field out. */
function gpuText(changes: Record<string, unknown> = {}): string {
  const { sources: _, ...fields } = TITAN_XP;
  return Object.entries({ ...fields, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

const parse = (changes: Record<string, unknown>) => parseGpu(gpuText(changes), 'g.yaml');

/** Line of a field in `gpuText()`. */
const lineOf = (field: string) => Object.keys(TITAN_XP).indexOf(field) + 1;

describe('parseGpu', () => {
  it('reads what it was written from', () => {
    const { sources: _, ...fields } = TITAN_XP;
    expect(parse({})).toEqual(fields);
  });

  it('reads JSON', () => {
    expect(parseGpu(JSON.stringify(TITAN_XP), 'g.json')).toEqual(TITAN_XP);
  });

  it('takes 7 nm for a process that is not named', () => {
    expect(parse({ process_nm: undefined }).process_nm).toBe(7);
  });

  it.each(['l1_kib', 'l1_ns', 'l2_ns', 'dram_ns', 'call_overhead_us'])('takes 0 for %s', (field) => {
    expect(parse({ [field]: 0 })).toMatchObject({ [field]: 0 });
  });

  it.each<[string, string, string]>([
    ['sm_count', '30.5', 'wrong kind of value, got 30.5, expected a whole number'],
    ['sm_count', '0', 'out of bounds, got 0, expected at least 1'],
    ['sm_count', '"30"', 'wrong kind of value, got "30", expected a whole number'],
    ['clock_ghz', '-1', 'out of bounds, got -1, expected at least 1e-9'],
    ['clock_ghz', '1e-300', 'out of bounds, got 1e-300, expected at least 1e-9'],
    ['clock_ghz', '.nan', 'wrong kind of value, got NaN, expected a number'],
    ['clock_ghz', '.inf', 'wrong kind of value, got Infinity, expected a number'],
    ['clock_ghz', '1.5 GHz', 'wrong kind of value, got "1.5 GHz", expected a number'],
    ['clock_ghz', '', 'empty, got null, expected a number'],
    ['l1_kib', '-1', 'out of bounds, got -1, expected at least 0'],
    ['dram_gbps', '1e12', 'out of bounds, got 1000000000000, expected at most 1000000000'],
    ['max_threads', '16', 'out of bounds, got 16, expected at least 32'],
    ['kernel_generation', '5', 'unknown value, got 5, expected one of 6, 7'],
    ['id', 'Titan XP', 'not allowed, got "Titan XP", expected text that matches ^[a-z0-9][a-z0-9._-]*$'],
    ['id', '../../etc', 'not allowed, got "../../etc", expected text that matches ^[a-z0-9][a-z0-9._-]*$'],
    ['name', '""', 'empty, expected some text'],
  ])('refuses %s: %s', (field, value, what) => {
    expect(messageOf(() => parse({ [field]: value }))).toBe(`g.yaml:${lineOf(field)}: ${field}: ${what}`);
  });

  it('names every wrong field at once, on one line', () => {
    const wrong = Object.fromEntries(RESOURCES.map(({ id }) => [id, -1]));
    const error = inputErrorOf(() => parse({ ...wrong, max_ctas: 1.5, colour: 'red' }));
    for (const field of [...Object.keys(wrong), 'max_ctas', 'colour']) expect(error.message).toContain(`: ${field}: `);
    expect(error.problems).toHaveLength(RESOURCES.length + 2);
    expect(error.message).not.toContain('\n');
  });

  it('names missing fields together', () => {
    expect(messageOf(() => parse({ sm_count: undefined }))).toBe("g.yaml: 'sm_count' is missing");
    expect(messageOf(() => parse({ sm_count: undefined, max_ctas: undefined, id: undefined }))).toBe(
      "g.yaml: 'id', 'sm_count', 'max_ctas' are missing",
    );
  });

  it('offers the nearest name for an unknown field', () => {
    expect(messageOf(() => parse({ dram_gpbs: 1 }))).toMatch(
      /^g\.yaml:\d+: dram_gpbs: unknown field 'dram_gpbs', expected one of id, name, .* \(did you mean 'dram_gbps'\?\)$/,
    );
  });

  it.each([
    ['', 'g.yaml: empty, got null, expected a mapping'],
    ['# later', 'g.yaml: empty, got null, expected a mapping'],
    ['titan-xp', 'g.yaml: wrong kind of value, got "titan-xp", expected a mapping'],
    ['[1, 2]', 'g.yaml: wrong kind of value, got [1,2], expected a mapping'],
    ['&a [*a]', 'g.yaml: wrong kind of value, got a value that contains itself, expected a mapping'],
  ])('refuses %j as a whole', (text, message) => {
    expect(messageOf(() => parseGpu(text, 'g.yaml'))).toBe(message);
  });
});

describe('a built-in GPU', () => {
  it.each(builtinNames('gpus'))('%s says where each of its numbers comes from', (name) => {
    const spec = loadGpu(name);
    expect(spec.id).toBe(name);
    const numeric = Object.entries(spec).filter(([, value]) => typeof value === 'number');
    expect(numeric.length).toBeGreaterThan(RESOURCES.length);
    const unsourced = numeric.map(([field]) => field).filter((field) => !spec.sources?.[field]?.trim());
    expect(unsourced).toEqual([]);
    expect(Object.keys(spec.sources!).filter((field) => !(field in spec))).toEqual([]);
  });
});
