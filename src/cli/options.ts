/** Options that several commands share, and checks of what users give for them. */
import type { Shard } from '../engine/shards.js';
import { inputError } from '../errors.js';

export const jsonOption = {
  json: { type: 'boolean', default: false, describe: 'Print JSON instead of text' },
} as const;

export const studyArgument = {
  type: 'string',
  demandOption: true,
  describe: "A study's folder, or its name under results/",
} as const;

export const specArgument = {
  type: 'string',
  demandOption: true,
  describe: 'A sweep spec (YAML or JSON), or the name of a built-in one',
} as const;

/** How rows are written. */
export const ROW_FORMATS = ['table', 'csv', 'json', 'ndjson', 'arrow'] as const;

/** For which scheduler `slurm` writes. */
export const CLUSTER_FORMATS = ['slurm', 'k8s'] as const;

/** A GPU and what is changed of it. */
export const designOptions = {
  gpu: { type: 'string', demandOption: true, requiresArg: true, describe: 'A built-in GPU, or a GPU file' },
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    describe: 'Change the GPU: axis=value, in the unit of GPU files; may be repeated',
  },
} as const;

export const costsOption = {
  costs: {
    type: 'string',
    default: 'default',
    requiresArg: true,
    describe: 'Constants of area and energy: a built-in cost model, or a file',
  },
} as const;

export const networkOption = {
  network: { type: 'string', demandOption: true, requiresArg: true, describe: 'A built-in network, or a network file' },
} as const;

/** What a front is asked for. */
export interface FrontArguments {
  minimize: string[] | undefined;
  maximize: string[] | undefined;
  'at-most': string[];
  'at-least': string[];
}

const metricOption = { type: 'string', array: true, nargs: 1 } as const;

export const frontOptions = {
  minimize: { ...metricOption, describe: 'Metrics to minimise: a,b' },
  maximize: { ...metricOption, describe: 'Metrics to maximise: a,b' },
  'at-most': {
    ...metricOption,
    default: [] as string[],
    describe: 'Only designs with so much or less: area_mm2=600; may be repeated',
  },
  'at-least': {
    ...metricOption,
    default: [] as string[],
    describe: 'Only designs with so much or more: speedup=2; may be repeated',
  },
} as const;

/** The last one, where yargs made a list of an option that was given twice. */
export function lastOf<T>(value: T | T[]): T {
  return Array.isArray(value) ? value.at(-1)! : value;
}

/** An option's text as a whole number within bounds. */
export function wholeNumber(name: string, value: unknown, minimum: number, maximum: number): number {
  const number = Number(lastOf(value));
  if (typeof value === 'boolean' || !Number.isInteger(number) || number < minimum || number > maximum)
    throw inputError({
      what: `--${name}`,
      got: Number.isNaN(number) ? 'not a number' : number,
      expected: `a whole number from ${minimum} to ${maximum}`,
    });
  return number;
}

/** An option's text, `2%` or `2`, as a fraction. */
export function percentage(name: string, value: string | string[]): number {
  const text = lastOf(value);
  const number = Number(/^(.*\S)\s*%$/.exec(text)?.[1] ?? text);
  if (text.trim() === '' || !(number >= 0 && number <= 100))
    throw inputError({ what: `--${name}`, got: text, expected: 'a percentage from 0% to 100%' });
  return number / 100;
}

/** `a,b` or repeated options as a list of names. */
export function nameList(value: readonly string[] | undefined): string[] {
  return (value ?? [])
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter(Boolean);
}

/** Shards that a study may be cut into. */
export const MOST_SHARDS = 100_000;

/** `3/16` as a shard. */
export function shardAsked(value: string | string[]): Shard {
  const text = lastOf(value);
  const [index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim())?.slice(1).map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count || count > MOST_SHARDS)
    throw inputError({ what: '--shard', got: text, expected: 'I/N, from 1/N to N/N: 3/16 is the third of 16' });
  return { index, count };
}
