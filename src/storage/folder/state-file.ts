/** Reads JSON state files: checked against their schema. */
import type { ValidateFunction } from 'ajv';
import { readFileSync } from 'node:fs';

/** What is wrong with a state file. */
export class StateProblem extends Error {}

/** The contents of a state file. Throws a `StateProblem` where it is missing, no JSON, or not as its schema says. */
export function readState<T>(file: string, validate: ValidateFunction): T {
  const state = parse(file);
  if (validate(state)) return state as T;
  const { instancePath = '', message = 'is invalid' } = validate.errors?.[0] ?? {};
  throw new StateProblem(`${instancePath.slice(1).replaceAll('/', '.') || 'the document'} ${message}`);
}

/** The same, undefined in place of a problem: for files that are only informative. */
export function readStateIfSound<T>(file: string, validate: ValidateFunction): T | undefined {
  try {
    return readState<T>(file, validate);
  } catch {
    return undefined;
  }
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new StateProblem((error as Error).message, { cause: error });
  }
}
