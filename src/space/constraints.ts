/** Constraints over resources: which points of a grid a study keeps, and how many. */
import { DeltaSweepError, inputErrors, type Problem } from '../errors.js';
import { baselineValue, type GpuSpec } from '../model/gpu.js';
import { AXIS_IDS } from '../model/resources.js';
import { parseExpression, type AxisValues, type Scope } from './expression.js';
import type { Grid } from './grid.js';
import { nextDigits } from './grid.js';

/** Sub-grids of at most this many cells, over all constraints, are remembered: an expression is evaluated once a cell. */
const MAX_TABLE_CELLS = 1 << 23;

/** A compiled constraint over a grid. */
export interface Constraint {
  expression: string;
  /** Digits of a point that the expression can depend on. */
  dimensions: readonly number[];
  /** Work of working it out once. */
  nodes: number;
  /** Whether the point with these digits is kept. */
  accepts: (digits: ArrayLike<number>) => boolean;
}

function compileOne(text: string, position: number, grid: Grid, base: AxisValues, tableCells: number): Constraint {
  const { reads, nodes, holds } = parseExpression(text, ['constraints', position]);
  const dimensions = grid.dimensions.flatMap((d, i) => (d.some((axis) => reads.has(axis.id)) ? [i + 1] : []));
  const scope: Scope = { ...base, base };
  const compute = (digits: ArrayLike<number>): boolean => {
    for (const d of dimensions) for (const axis of grid.dimensions[d - 1]!) scope[axis.id] = axis.values[digits[d]!]!;
    return holds(scope);
  };
  return { expression: text, dimensions, nodes, accepts: remember(compute, dimensions, grid, tableCells) };
}

/** The same function, with a table of answers where the sub-grid it depends on is small. */
function remember(
  compute: (digits: ArrayLike<number>) => boolean,
  dimensions: readonly number[],
  grid: Grid,
  tableCells: number,
): (digits: ArrayLike<number>) => boolean {
  const { radices } = grid;
  const cells = cellsOf(dimensions, grid);
  if (cells > tableCells) return compute;
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
  const base: AxisValues = Object.fromEntries(AXIS_IDS.map((id) => [id, baselineValue(baseline, id)]));
  const tableCells = MAX_TABLE_CELLS / expressions.length;
  const problems: Problem[] = [];
  const constraints = expressions.flatMap((expression, i) => {
    try {
      return [compileOne(expression, i, grid, base, tableCells)];
    } catch (error) {
      if (!(error instanceof DeltaSweepError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw inputErrors(problems);
  return constraints;
}

/** How many points constraints keep; undefined where counting would take too long. */
export interface Acceptance {
  accepted: number | undefined;
  /** Points that each constraint rejects by itself. */
  rejectedBy: (number | undefined)[];
}

/** Most steps of expressions that counting takes, twice at worst: a fraction of a second. */
const MAX_COUNTED_STEPS = 30_000_000;
const MAX_COUNTED_CELLS = 3_000_000;

/** Counts accepted points without walking the grid: constraints that share no digit are independent, and their shares multiply. */
export function countAccepted(constraints: readonly Constraint[], grid: Grid): Acceptance {
  const steps = constraints.reduce((sum, constraint) => sum + constraint.nodes, 0);
  const mostCells = Math.min(MAX_COUNTED_CELLS, MAX_COUNTED_STEPS / steps);
  const rejectedBy = constraints.map((constraint) => {
    const kept = countCells([constraint], constraint.dimensions, grid, mostCells);
    return kept === undefined
      ? undefined
      : timesRest(cellsOf(constraint.dimensions, grid) - kept, constraint.dimensions, grid);
  });
  let accepted: number | undefined = 1;
  const touched: number[] = [];
  for (const group of independentGroups(constraints)) {
    const dimensions = [...new Set(group.flatMap((c) => c.dimensions))];
    touched.push(...dimensions);
    const kept = countCells(group, dimensions, grid, mostCells);
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

/** Cells of the sub-grid over `dimensions` that all constraints of the group keep; undefined if it has more than `mostCells`. */
function countCells(
  group: readonly Constraint[],
  dimensions: readonly number[],
  grid: Grid,
  mostCells: number,
): number | undefined {
  if (cellsOf(dimensions, grid) > mostCells) return undefined;
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
