/** Constraints over resources, as CEL expressions: parsed, type-checked and interpreted, never run as JavaScript. */
import { Environment } from '@marcbachmann/cel-js';
import { DeltaSweepError, inputError } from '../errors.js';
import { baselineValue, type GpuSpec } from '../model/gpu.js';
import { AXIS_IDS, CTA_TILE, type AxisId, type AxisValue } from '../model/resources.js';
import type { Grid } from './grid.js';
import { nextDigits } from './grid.js';

/** Sub-grids of at most this many cells are remembered, so that an expression is worked out once a cell. */
const MAX_TABLE_CELLS = 1 << 22;

const LIMITS = { maxAstNodes: 1000, maxDepth: 50, maxListElements: 1000, maxMapEntries: 100, maxCallArguments: 32 };

type Values = Partial<Record<AxisId, AxisValue>>;

/** A compiled constraint over a grid. */
export interface Constraint {
  expression: string;
  /** Digits of a point that the expression can depend on. */
  dimensions: readonly number[];
  /** Whether the point with these digits is kept. */
  accepts: (digits: ArrayLike<number>) => boolean;
}

/** All numbers are doubles, so that `2 * dram_gbps`, `sm_count == 60` and `1 / 2` mean what they say. */
function withDoubles(expression: string): string {
  return expression.replace(
    /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?/g,
    (token) => (/^\d+$/.test(token) ? `${token}.0` : token),
  );
}

function environment(): Environment {
  const fields = Object.fromEntries(AXIS_IDS.map((id) => [id, id === CTA_TILE.id ? 'string' : 'double']));
  const env = new Environment({ limits: LIMITS });
  for (const [id, type] of Object.entries(fields)) env.registerVariable(id, type);
  env.registerVariable({ name: 'base', schema: fields });
  env.registerOperator('double % double', (a: number, b: number) => a % b);
  env.registerFunction('min(double, double): double', (a: number, b: number) => Math.min(a, b));
  env.registerFunction('max(double, double): double', (a: number, b: number) => Math.max(a, b));
  return env;
}

/** Resource ids that stand in the text, `base.<id>` left out: a superset of what the expression reads. */
function mentionedAxes(expression: string): Set<string> {
  return new Set(expression.match(/(?<![\w.])[a-z]\w*/g) ?? []);
}

/** One line of the library's message, without its source excerpt, numbers as the user wrote them. */
function reasonOf(error: unknown): string {
  return String((error as Error).message)
    .split('\n')[0]!
    .replaceAll(/(\d)\.0\b/g, '$1');
}

function compileOne(env: Environment, expression: string, position: number, grid: Grid, baseline: Values): Constraint {
  const path = ['constraints', position];
  const text = withDoubles(expression);
  const check = env.check(text);
  if (!check.valid) {
    const reason = reasonOf(check.error);
    throw inputError({
      path,
      what: `cannot be read: ${reason}`,
      got: expression,
      expected: 'resource ids, base.<id>, numbers',
    });
  }
  if (check.type !== 'bool')
    throw inputError({ path, what: `is a ${check.type}`, got: expression, expected: 'a comparison, true or false' });

  const evaluate = env.parse(text);
  const mentioned = mentionedAxes(expression);
  const dimensions = grid.dimensions.flatMap((d, i) => (d.some((axis) => mentioned.has(axis.id)) ? [i + 1] : []));
  const context: Values & { base: Values } = { ...baseline, base: baseline };

  const compute = (digits: ArrayLike<number>): boolean => {
    for (const d of dimensions) for (const axis of grid.dimensions[d - 1]!) context[axis.id] = axis.values[digits[d]!]!;
    try {
      return evaluate(context) === true;
    } catch (error) {
      throw inputError({ path, what: `fails: ${reasonOf(error)}`, got: expression });
    }
  };
  return { expression, dimensions, accepts: remember(compute, dimensions, grid.radices) };
}

/** The same function, with a table of answers where the sub-grid it depends on is small. */
function remember(
  compute: (digits: ArrayLike<number>) => boolean,
  dimensions: readonly number[],
  radices: readonly number[],
): (digits: ArrayLike<number>) => boolean {
  const cells = dimensions.reduce((product, d) => product * radices[d]!, 1);
  if (cells > MAX_TABLE_CELLS) return compute;
  const UNKNOWN = 0;
  const REJECTED = 1;
  const ACCEPTED = 2;
  const table = new Uint8Array(cells);
  return (digits) => {
    let cell = 0;
    for (const d of dimensions) cell = cell * radices[d]! + digits[d]!;
    if (table[cell] === UNKNOWN) table[cell] = compute(digits) ? ACCEPTED : REJECTED;
    return table[cell] === ACCEPTED;
  };
}

/** Compiles a study's constraints. Throws an input error that names every expression that cannot be read. */
export function compileConstraints(expressions: readonly string[], grid: Grid, baseline: GpuSpec): Constraint[] {
  if (expressions.length === 0) return [];
  const env = environment();
  const base = Object.fromEntries(AXIS_IDS.map((id) => [id, baselineValue(baseline, id)])) as Values;
  const constraints: Constraint[] = [];
  const failures: DeltaSweepError[] = [];
  for (const [i, expression] of expressions.entries()) {
    try {
      constraints.push(compileOne(env, expression, i, grid, { ...base }));
    } catch (error) {
      if (!(error instanceof DeltaSweepError)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw inputError(...failures.flatMap((failure) => failure.problems));
  return constraints;
}

/** How many points constraints keep; undefined where counting would take too long. */
export interface Acceptance {
  accepted: number | undefined;
  /** Points that each constraint rejects by itself. */
  rejectedBy: (number | undefined)[];
}

/** Most cells that counting looks at: a fraction of a second. */
const MAX_COUNTED_CELLS = 3_000_000;

/** Counts accepted points without walking the grid: constraints that share no digit are independent, and their shares multiply. */
export function countAccepted(constraints: readonly Constraint[], grid: Grid): Acceptance {
  const rejectedBy = constraints.map((constraint) => {
    const kept = countCells([constraint], constraint.dimensions, grid);
    return kept === undefined
      ? undefined
      : timesRest(cellsOf(constraint.dimensions, grid) - kept, constraint.dimensions, grid);
  });
  let accepted: number | undefined = 1;
  const touched: number[] = [];
  for (const group of independentGroups(constraints)) {
    const dimensions = [...new Set(group.flatMap((c) => c.dimensions))];
    touched.push(...dimensions);
    const kept = countCells(group, dimensions, grid);
    accepted = kept === undefined || accepted === undefined ? undefined : accepted * kept;
    if (kept === 0) return { accepted: 0, rejectedBy };
  }
  return { accepted: accepted === undefined ? undefined : timesRest(accepted, touched, grid), rejectedBy };
}

function cellsOf(dimensions: readonly number[], grid: Grid): number {
  return dimensions.reduce((product, d) => product * grid.radices[d]!, 1);
}

/** `cells` times the sizes of all digits that are not among `dimensions`. */
function timesRest(cells: number, dimensions: readonly number[], grid: Grid): number {
  return grid.radices.reduce((product, radix, d) => (dimensions.includes(d) ? product : product * radix), cells);
}

/** Cells of the sub-grid over `dimensions` that all constraints of the group keep. */
function countCells(group: readonly Constraint[], dimensions: readonly number[], grid: Grid): number | undefined {
  if (cellsOf(dimensions, grid) > MAX_COUNTED_CELLS) return undefined;
  const radices = dimensions.map((d) => grid.radices[d]!);
  const cell = new Array<number>(dimensions.length).fill(0);
  const digits = new Array<number>(grid.radices.length).fill(0);
  let kept = 0;
  do {
    dimensions.forEach((d, i) => (digits[d] = cell[i]!));
    if (group.every((constraint) => constraint.accepts(digits))) kept++;
  } while (!nextDigits(radices, cell));
  return kept;
}

/** Constraints grouped so that no digit is read by two groups. */
function independentGroups(constraints: readonly Constraint[]): Constraint[][] {
  let groups: Constraint[][] = [];
  for (const constraint of constraints) {
    const shares = (group: Constraint[]) =>
      group.some((other) => other.dimensions.some((d) => constraint.dimensions.includes(d)));
    const joined = groups.filter(shares).flat();
    groups = [...groups.filter((group) => !shares(group)), [...joined, constraint]];
  }
  return groups;
}
