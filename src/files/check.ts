/** Holds a document against its JSON Schema and says everything that is wrong at once. */
import { Ajv, type ErrorObject } from 'ajv';
import { inputError, type FieldPath, type Problem } from '../errors.js';
import { locate, type Document } from './document.js';
import { nearestName } from './nearest.js';
import type { JsonSchema } from './schemas.js';

const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false });

/** The document's value as `T`; throws an input error that names every wrong field, with its line. */
export function checkDocument<T>(document: Document, schema: JsonSchema): T {
  const validate = ajv.compile<T>(schema);
  if (validate(document.value)) return document.value;
  const problems = (validate.errors ?? [])
    .map((error) => toProblem(error, document.value))
    .filter((p) => p !== undefined);
  throw inputError(...locate(document, problems));
}

/** `/layers/0/filter` -> ['layers', 0, 'filter'], list positions as numbers. */
function pathOf(pointer: string, root: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  let node = root;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(node) ? Number(key) : key);
    node = (node as Record<string, unknown> | undefined)?.[key];
  }
  return path;
}

const BOUND_WORDS: Record<string, string> = { '>=': 'at least', '<=': 'at most', '>': 'more than', '<': 'less than' };

function toProblem(error: ErrorObject, root: unknown): Problem | undefined {
  const path: FieldPath = pathOf(error.instancePath, root);
  const params = error.params as Record<string, unknown>;
  const limit = String(params['limit']);
  const fields = Object.keys(((error.parentSchema as JsonSchema | undefined)?.['properties'] as object) ?? {});
  const got = error.data;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownName(path, String(params['additionalProperty']), fields);
    case 'required':
      return { path, what: `'${String(params['missingProperty'])}' is missing` };
    case 'enum':
      return wrongName(path, got, (params['allowedValues'] as unknown[]).map(String));
    case 'const':
      return { path, what: 'not allowed', got, expected: JSON.stringify(params['allowedValue']) };
    case 'type':
      return { path, what: 'wrong kind of value', got, expected: typeWords(params['type'] as string | string[]) };
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return { path, what: 'out of bounds', got, expected: `${BOUND_WORDS[String(params['comparison'])]} ${limit}` };
    case 'minItems':
      return { path, what: 'too short', got, expected: `at least ${limit} ${limit === '1' ? 'entry' : 'entries'}` };
    case 'maxItems':
      return { path, what: 'too long', expected: `at most ${limit} entries` };
    case 'minProperties':
    case 'maxProperties':
      return { path, what: 'wrong number of fields', got, expected: oneOf(error.keyword, fields) };
    case 'minLength':
      return { path, what: 'empty', expected: 'some text' };
    case 'maxLength':
      return { path, what: 'too long', got, expected: `at most ${limit} characters` };
    case 'pattern':
      return { path, what: 'not allowed', got, expected: `text that matches ${String(params['pattern'])}` };
    case 'propertyNames':
      return undefined; // told by the failing pattern
    default:
      return { path, what: error.message ?? 'not valid' };
  }
}

function oneOf(keyword: string, fields: readonly string[]): string {
  return `${keyword === 'minProperties' ? 'at least' : 'only'} one of ${fields.join(', ')}`;
}

function typeWords(type: string | string[]): string {
  const words: Record<string, string> = {
    object: 'a mapping',
    array: 'a list',
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
  };
  return [type]
    .flat()
    .map((name) => words[name] ?? name)
    .join(' or ');
}

function unknownName(path: FieldPath, name: string, valid: string[]): Problem {
  const nearest = nearestName(name, valid);
  return {
    path: [...path, name],
    what: `unknown ${path[0] === 'axes' || path[0] === 'linked' ? 'axis or field' : 'field'} '${name}'`,
    expected: `one of ${valid.join(', ')}`,
    ...(nearest ? { nearest } : {}),
  };
}

function wrongName(path: FieldPath, got: unknown, valid: string[]): Problem {
  const nearest = typeof got === 'string' ? nearestName(got, valid) : undefined;
  const expected = valid.length === 1 ? valid[0]! : `one of ${valid.join(', ')}`;
  return { path, what: 'unknown value', got, expected, ...(nearest ? { nearest } : {}) };
}
