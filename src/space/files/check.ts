/** Holds a document against its JSON Schema and says everything that is wrong at once. */
import type { ErrorObject, ValidateFunction } from 'ajv';
import { inputErrors, MAX_SHOWN_PROBLEMS, showName, type FieldPath, type Problem } from '../../errors.js';
import { locate, type Document } from './document.js';
import { nearestName } from '../nearest.js';
import type { JsonSchema } from './schemas.js';

/**
 * The document's value as `T`; throws an input error that names every wrong field, with its line.
 *
 * @param validate of validators/, by the kind of file
 */
export function checkDocument<T>(document: Document, validate: ValidateFunction): T {
  if (validate(document.value)) return document.value as T;
  const problems = toProblems(validate.errors ?? [], document.value);
  throw inputErrors(locate(document, problems));
}

/** More errors than a message tells, even where several are one problem. */
const MAX_TOLD_ERRORS = 40 * MAX_SHOWN_PROBLEMS;

/** A problem an error; missing fields of one object are one problem. */
function toProblems(errors: readonly ErrorObject[], root: unknown): Problem[] {
  const missing = new Map<string, string[]>();
  for (const { keyword, instancePath, params } of errors)
    if (keyword === 'required')
      missing.set(instancePath, [...(missing.get(instancePath) ?? []), String(params['missingProperty'])]);
  return errors.flatMap((error, i) => {
    if (i >= MAX_TOLD_ERRORS) return { what: 'not valid' }; // counted alone
    if (error.keyword !== 'required') return toProblem(error, root) ?? [];
    const fields = missing.get(error.instancePath);
    missing.delete(error.instancePath);
    return fields ? { path: pathOf(error.instancePath, root), what: missingWords(fields) } : [];
  });
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
    case 'enum':
      if ((error.parentSchema as JsonSchema)['type'] === 'string' && typeof got !== 'string') return undefined; // the error of the type says it
      return wrongName(path, got, (params['allowedValues'] as unknown[]).map(String));
    case 'const':
      return { path, what: 'not allowed', got, expected: JSON.stringify(params['allowedValue']) };
    case 'type':
      return {
        path,
        what: got === null ? 'empty' : 'wrong kind of value',
        got,
        expected: typeWords(params['type'] as string | string[]),
      };
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
      return { path, what: 'wrong number of fields', got, expected: countWords(error.keyword, fields) };
    case 'uniqueItems':
      return { path, what: 'an entry is there twice', got: (got as unknown[])[Number(params['i'])] };
    case 'minLength':
      return { path, what: 'empty', expected: 'some text' };
    case 'maxLength':
      return { path, what: 'too long', got, expected: `at most ${limit} characters` };
    case 'pattern':
      return { path, what: 'not allowed', got, expected: `text that matches ${String(params['pattern'])}` };
    case 'propertyNames':
      return undefined; // the error of the pattern says it
    case 'if':
      return undefined; // the error of what it requires says it
    default:
      return { path, what: error.message ?? 'not valid' };
  }
}

const missingWords = (fields: readonly string[]) =>
  `${fields.map((field) => `'${field}'`).join(', ')} ${fields.length === 1 ? 'is' : 'are'} missing`;

const oneOf = (names: readonly string[]) => (names.length === 1 ? names[0]! : `one of ${names.join(', ')}`);

function countWords(keyword: string, fields: readonly string[]): string {
  const names = fields.length > 0 ? oneOf(fields) : 'one entry';
  return `${keyword === 'minProperties' ? 'at least' : 'only'} ${names}`;
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

/** Axes are the fields of `axes`, of each linked group, and of what an option scales or sets. */
function isAxes(path: FieldPath): boolean {
  const axesLengths: Record<string, number> = { axes: 1, linked: 2, options: 3 };
  return axesLengths[String(path[0])] === path.length;
}

function unknownName(path: FieldPath, name: string, valid: string[]): Problem {
  const nearest = nearestName(name, valid);
  return {
    path: [...path, name],
    what: `unknown ${isAxes(path) ? 'axis' : 'field'} ${showName(name)}`,
    expected: oneOf(valid),
    ...(nearest ? { nearest } : {}),
  };
}

function wrongName(path: FieldPath, got: unknown, valid: string[]): Problem {
  const nearest = typeof got === 'string' ? nearestName(got, valid) : undefined;
  return { path, what: 'unknown value', got, expected: oneOf(valid), ...(nearest ? { nearest } : {}) };
}
