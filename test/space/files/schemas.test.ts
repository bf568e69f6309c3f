import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCosts } from '../../../src/space/files/costs-file.js';
import { builtinNames, findFile, SWEEPS_DIR } from '../../../src/space/files/library.js';
import { SCHEMAS, type JsonSchema } from '../../../src/space/files/schemas.js';

const KINDS = Object.entries<JsonSchema>(SCHEMAS);
const fileOf = (kind: string) => `${kind}.schema.json`;

describe('the published schemas', () => {
  it.each(KINDS)('%s is what files are checked against', (kind, schema) => {
    const published: unknown = JSON.parse(readFileSync(join(SWEEPS_DIR, 'schema', fileOf(kind)), 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it.each(KINDS)('%s is a valid schema', (_kind, schema) => {
    const ajv = new Ajv();
    expect([ajv.validateSchema(schema), ajv.errorsText()]).toEqual([true, 'No errors']);
  });

  it('are all there is', () => {
    expect(readdirSync(join(SWEEPS_DIR, 'schema')).sort()).toEqual(KINDS.map(([kind]) => fileOf(kind)).sort());
  });
});

it('describes every field of every schema', () => {
  const undescribed: string[] = [];
  for (const [kind, schema] of KINDS) {
    const properties = schema['properties'] as Record<
      string,
      { description?: string; properties?: object; enum?: unknown[] }
    >;
    for (const [name, field] of Object.entries(properties))
      if (!field.description && !field.properties && !field.enum && name !== 'layers' && name !== 'workloads')
        undescribed.push(`${kind}: ${name}`);
  }
  expect(undescribed).toEqual([]);
});

it.each(builtinNames('costs'))('the built-in cost table %s is valid', (name) => {
  const { text, file } = findFile('costs', name, '.');
  expect(parseCosts(text, file).uncore_mm2.value).toBeGreaterThan(0);
});
