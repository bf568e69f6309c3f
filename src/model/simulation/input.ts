/** What a simulation is asked, and what it refuses (docs/model.md, 9). */
import { inputError, type Problem } from '../../errors.js';
import type { Layer } from '../layer.js';
import type { Operands, TileSizes } from './addresses.js';

/** Element addresses fit 31 bits: 8 GiB of input, filters and results. */
const MAX_ELEMENTS = 2 ** 31;
const MAX_CACHE_BYTES = 2 ** 36;

export interface SimulationInput {
  layer: Layer;
  batch: number;
  tile: TileSizes;
  smCount: number;
  /** CTAs that an SM holds at once. */
  activeCtas: number;
  /** Bytes of each SM's L1; 0 for the paper's definition of L2 traffic: a memory of one tile load, without limit. */
  l1Bytes: number;
  /** Bytes of the L2 that all SMs share. */
  l2Bytes: number;
}

export interface Settings {
  /** Whether the CTAs of an SM share its speed equally, as they do where they wait for DRAM; default: older ones are faster. */
  inStep: boolean;
  /** Seed of the small random differences of speed, a whole number; default 1. */
  seed: number;
}

export const DEFAULT_SETTINGS: Settings = { inStep: false, seed: 1 };

/** A rule for numbers, with its words. */
interface Rule {
  holds: (value: number) => boolean;
  expected: string;
}

const COUNT: Rule = { holds: (value) => Number.isSafeInteger(value) && value >= 1, expected: 'a whole number from 1' };
const WHOLE: Rule = { holds: Number.isSafeInteger, expected: 'a whole number' };
const CACHE: Rule = { holds: (value) => value >= 0 && value <= MAX_CACHE_BYTES, expected: 'bytes from 0 to 64 GiB' };

/** Throws an input error that names everything wrong. */
export function checkInput(input: SimulationInput, settings: Settings): void {
  const { tile } = input;
  const rules: [name: string, got: number, rule: Rule][] = [
    ['batch', input.batch, COUNT],
    ['tile.m', tile.m, COUNT],
    ['tile.n', tile.n, COUNT],
    ['tile.k', tile.k, COUNT],
    ['smCount', input.smCount, COUNT],
    ['activeCtas', input.activeCtas, COUNT],
    ['l1Bytes', input.l1Bytes, CACHE],
    ['l2Bytes', input.l2Bytes, CACHE],
    ['seed', settings.seed, WHOLE],
  ];
  const problems: Problem[] = rules
    .filter(([, got, rule]) => !rule.holds(got))
    .map(([name, got, { expected }]) => ({ path: name.split('.'), what: 'out of bounds', got, expected }));
  if (problems.length > 0) throw inputError(...problems);
}

/** Throws an input error if there is nothing to simulate, or more than addresses can count. */
export function checkOperands(operands: Operands): void {
  const { m, n, k, end } = operands;
  if (![m, n, k].every(COUNT.holds))
    throw inputError({
      path: ['layer'],
      what: 'not a convolution',
      got: { m, n, k },
      expected: 'whole M, N and K from 1',
    });
  if (end > MAX_ELEMENTS)
    throw inputError({
      path: ['layer'],
      what: 'input, filters and results of one group are too large to simulate',
      got: 4 * end,
      expected: `at most ${4 * MAX_ELEMENTS} bytes`,
    });
}
