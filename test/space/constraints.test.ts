import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AxisId, AxisValue } from '../../src/model/resources.js';
import { compileConstraints, countAccepted } from '../../src/space/constraints.js';
import { digitsOf, makeGrid, type Grid } from '../../src/space/grid.js';
import { MAX_EXPRESSION_LENGTH } from '../../src/space/expression.js';
import { axis, inputErrorOf, messageOf, studyOf, TITAN_XP } from './studies.js';

const GRAMMAR = 'a comparison of resource ids, base.<id>, numbers and quoted tiles, joined by && or ||';

const GRID = makeGrid(1, [
  axis('sm_count', [30, 60, 90]),
  axis('l2_gbps', [500, 1000, 2000]),
  axis('dram_gbps', [250, 500, 1000]),
  axis('cta_tile', ['auto', '128x128x8']),
]);

const compile = (expressions: string[], grid: Grid = GRID) => compileConstraints(expressions, grid, TITAN_XP);

function digits(grid: Grid, index: number): number[] {
  const result: number[] = [];
  digitsOf(grid, index, result);
  return result;
}

/** The design of a point: the baseline with the point's values. */
function designOf(grid: Grid, index: number): Record<string, AxisValue> {
  const d = digits(grid, index);
  const values = grid.dimensions.flatMap((axes, i) => axes.map(({ id, values }) => [id, values[d[i + 1]!]!]));
  return { ...TITAN_XP, cta_tile: 'auto', ...Object.fromEntries(values) } as Record<string, AxisValue>;
}

const allIds = (grid: Grid) => Array.from({ length: grid.size }, (_, i) => i);

/** Ids of the grid's points that an expression keeps. */
function keptBy(expression: string, grid: Grid = GRID): number[] {
  const [constraint] = compile([expression], grid);
  return allIds(grid).filter((id) => constraint!.accepts(digits(grid, id)));
}

type Design = Record<string, number>;

describe('a constraint', () => {
  it.each<[string, (v: Design, base: Design) => boolean]>([
    ['l2_gbps >= 2 * dram_gbps', (v) => v['l2_gbps']! >= 2 * v['dram_gbps']!],
    ['dram_gbps > base.dram_gbps', (v) => v['dram_gbps']! > 449.114],
    ['smem_kib / base.smem_kib <= register_kib / base.register_kib', () => true],
    ['sm_count == 60', (v) => v['sm_count'] === 60],
    ['sm_count != 60', (v) => v['sm_count'] !== 60],
    ['1/2 > 0.4', () => true],
    ['sm_count / 4 == 7.5', (v) => v['sm_count'] === 30],
    ['sm_count % 60 == 0', (v) => v['sm_count'] === 60],
    ['-sm_count < -40', (v) => v['sm_count']! > 40],
    ['sm_count > 3e1', (v) => v['sm_count']! > 30],
    ['sm_count in [30, 90]', (v) => [30, 90].includes(v['sm_count']!)],
    ['!(sm_count in [30, 90])', (v) => ![30, 90].includes(v['sm_count']!)],
    ['min(sm_count, 60) == 60', (v) => v['sm_count']! >= 60],
    ['max(l2_gbps, 2 * dram_gbps) <= 1000', (v) => v['l2_gbps']! <= 1000 && v['dram_gbps']! <= 500],
    ["cta_tile == 'auto' || sm_count > 30", (v) => (v['cta_tile'] as unknown) === 'auto' || v['sm_count']! > 30],
    ['cta_tile in ["128x128x8", "64x64x8"]', (v) => (v['cta_tile'] as unknown) === '128x128x8'],
    ["cta_tile.startsWith('128x')", (v) => (v['cta_tile'] as unknown) === '128x128x8'],
    ['cta_tile == base.cta_tile', (v) => (v['cta_tile'] as unknown) === 'auto'],
    ['sm_count > 60 ? l2_gbps == 2000 : true', (v) => v['sm_count']! <= 60 || v['l2_gbps'] === 2000],
    ['int(sm_count / 7) == int(base.sm_count / 7)', (v) => v['sm_count'] === 30],
    ['base . sm_count == 30 && sm_count == 60 // all of it', (v) => v['sm_count'] === 60],
    ['l2_mib == 3', () => true],
    ['true', () => true],
  ])('%s', (expression, holds) => {
    const expected = allIds(GRID).filter((id) => holds(designOf(GRID, id) as Design, TITAN_XP as unknown as Design));
    expect(expected.length).toBeGreaterThan(0);
    expect(keptBy(expression)).toEqual(expected);
  });

  it('depends on the digits that it reads alone, the baseline left out', () => {
    const dimensions = compile(['l2_gbps > base.sm_count', 'true', 'cta_tile == "sm_count"']).map((c) => c.dimensions);
    expect(dimensions).toEqual([[2], [], [4]]);
  });

  it('reads every axis of a linked group', () => {
    const grid = makeGrid(2, [
      [
        { id: 'l1_kib', values: [10, 20] },
        { id: 'l1_gbps', values: [7, 8] },
      ],
    ]);
    expect(keptBy('l1_gbps == 8', grid)).toEqual([1, 3]);
    expect(keptBy('l1_kib == 10 && l1_gbps == 7', grid)).toEqual([0, 2]);
  });

  it.each([
    [
      'sm_cout > 1',
      'unknown name \'sm_cout\', got "sm_cout > 1", expected one of sm_count, clock_ghz, macs_per_clk, macs_per_instr, ' +
        'issue_per_clk, register_kib, smem_kib, smem_gbps, l1_kib, l1_gbps, l2_mib, l2_gbps, dram_gbps, l1_ns, l2_ns, ' +
        "dram_ns, cta_tile, base (did you mean 'sm_count'?)",
    ],
    [
      'base.drm_gbps > 1',
      "unknown resource of 'base': 'drm_gbps', got \"base.drm_gbps > 1\", expected one of sm_count, clock_ghz, " +
        'macs_per_clk, macs_per_instr, issue_per_clk, register_kib, smem_kib, smem_gbps, l1_kib, l1_gbps, l2_mib, ' +
        "l2_gbps, dram_gbps, l1_ns, l2_ns, dram_ns, cta_tile (did you mean 'dram_gbps'?)",
    ],
    ['sm_count + 1', 'is a number, got "sm_count + 1", expected a comparison, true or false'],
    ['cta_tile', 'is a string, got "cta_tile", expected a comparison, true or false'],
    ['sm_count = 60', `cannot be read: Unexpected character: =, got "sm_count = 60", expected ${GRAMMAR}`],
    [
      'sm_count > 1 and sm_count < 9',
      `cannot be read: Unexpected character: 'd', got "sm_count > 1 and sm_count < 9", expected ${GRAMMAR}`,
    ],
    ['sm_count >', `cannot be read: Unexpected token: EOF, got "sm_count >", expected ${GRAMMAR}`],
    ['cta_tile > 3', `cannot be read: no such overload: string > number, got "cta_tile > 3", expected ${GRAMMAR}`],
    [
      '1 < sm_count < 9',
      `cannot be read: no such overload: bool < number, got "1 < sm_count < 9", expected ${GRAMMAR}`,
    ],
    ['[1][0] > 0', `cannot be read: no [] here, got "[1][0] > 0", expected ${GRAMMAR}`],
    [
      'mix(1, 2) > 0',
      'unknown function \'mix\', got "mix(1, 2) > 0", expected one of min, max, int, double, startsWith, endsWith, ' +
        "contains (did you mean 'min'?)",
    ],
  ])('%s is refused in words', (expression, what) => {
    expect(messageOf(() => compile([expression]))).toBe(`constraints[0]: ${what}`);
  });

  it('that fails at a point is reported with the point reached', () => {
    const [constraint] = compile(['double(cta_tile) > 0']);
    expect(messageOf(() => constraint!.accepts([0, 0, 0, 0, 0]))).toBe(
      'constraints[0]: fails: double() type error: cannot convert to number, got "double(cta_tile) > 0", ' +
        'expected true or false',
    );
  });

  it('that cannot be read does not hide the next one', () => {
    const { problems } = inputErrorOf(() => compile(['sm_count > 1', 'nope > 1', 'sm_count', ')']));
    expect(problems.map(({ path }) => path)).toEqual([
      ['constraints', 1],
      ['constraints', 2],
      ['constraints', 3],
    ]);
  });

  it.each([
    'constructor',
    'process.exit(1)',
    'globalThis == globalThis',
    'this.constructor == 1',
    'base.constructor == base.constructor',
    'base.__proto__ == base.__proto__',
    'base["constructor"] == 1',
    'base["con" + "structor"] == 1',
    'cta_tile.constructor == "x"',
    'cta_tile.length > 1',
    'sm_count.toString() == "30"',
    'require("fs") == 1',
    'import("fs") == 1',
    'eval("1") == 1',
    '(function(){ return true })()',
    '() => true',
    '`${1}` == "1"',
    '__proto__ == 1',
    'toString() == "x"',
    'hasOwnProperty("a")',
    'type(sm_count) == double',
    'dyn(base).constructor == 1',
    '{"a": 1}.a == 1',
    'optional.none() == optional.none()',
  ])('reaches no JavaScript: %s', (expression) => {
    expect(inputErrorOf(() => compile([expression])).problems[0]!.path).toEqual(['constraints', 0]);
  });

  it.each([
    ['loops', `${'[1,2,3,4,5,6,7,8,9].all(x, '.repeat(12)}true${')'.repeat(12)}`, "unknown function 'all'"],
    ['patterns', `"${'a'.repeat(50)}!".matches("^(a+)+$")`, "unknown function 'matches'"],
    ['deep nesting', `${'('.repeat(400)}sm_count > 1${')'.repeat(400)}`, 'cannot be read: Exceeded maxDepth (50)'],
    ['negations', `${'!'.repeat(2000)}true`, 'too long'],
    ['long sums', `${'1+'.repeat(5000)}1 > 0`, 'too long'],
    ['long lists', `1 in [${'1,'.repeat(5000)}1]`, 'too long'],
    ['ten thousand brackets', '('.repeat(10_000), 'too long'],
  ])('cannot take long: %s are refused', (_, expression, what) => {
    expect(messageOf(() => compile([expression]))).toContain(`constraints[0]: ${what}`);
  });

  it('are read in no time, hundreds of the longest', () => {
    const longest = `sm_count${'+1'.repeat(490)} > 0`;
    const start = process.cpuUsage();
    compile(Array<string>(200).fill(longest));
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });

  it('that rejects every point is named', () => {
    expect(messageOf(() => studyOf({ constraints: ['sm_count > 0', 'sm_count > 1000'] }))).toBe(
      'constraints[1]: rejects every point of the grid, got "sm_count > 1000"',
    );
  });

  it('may reject every point with another', () => {
    expect(messageOf(() => studyOf({ constraints: ['sm_count > 30', 'sm_count < 60'] }))).toBe(
      'constraints: together they reject every point of the grid',
    );
  });
});

/** An expression as text, and what it means in JavaScript. */
interface Meaning<T> {
  text: string;
  of: (design: Record<string, number>) => T;
}

const AXES: AxisId[] = ['sm_count', 'clock_ghz', 'l2_mib', 'dram_gbps'];

const literals = fc
  .oneof(fc.nat({ max: 100 }), fc.constantFrom(0.5, 1e-7, 2.5e10, 449.114))
  .map((n): Meaning<number> => ({ text: String(n), of: () => n }));

const names = fc.oneof(
  fc.constantFrom(...AXES).map((id): Meaning<number> => ({ text: id, of: (v) => v[id]! })),
  fc.constantFrom(...AXES).map((id): Meaning<number> => ({ text: `base.${id}`, of: () => TITAN_XP[id as 'sm_count'] })),
);

const ARITHMETIC: [string, (a: number, b: number) => number][] = [
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['%', (a, b) => a % b],
];
const COMPARISONS: [string, (a: number, b: number) => boolean][] = [
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a >= b],
  ['==', (a, b) => a === b],
  ['!=', (a, b) => a !== b],
];

const { truth } = fc.letrec<{ number: Meaning<number>; truth: Meaning<boolean> }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    names,
    literals,
    fc
      .tuple(tie('number'), fc.constantFrom(...ARITHMETIC), tie('number'))
      .map(([a, [sign, f], b]): Meaning<number> => ({
        text: `(${a.text} ${sign} ${b.text})`,
        of: (v) => f(a.of(v), b.of(v)),
      })),
    fc
      .tuple(tie('number'), fc.constantFrom('min' as const, 'max' as const), tie('number'))
      .map(([a, name, b]): Meaning<number> => ({
        text: `${name}(${a.text}, ${b.text})`,
        of: (v) => Math[name](a.of(v), b.of(v)),
      })),
    tie('number').map((a): Meaning<number> => ({ text: `-(${a.text})`, of: (v) => -a.of(v) })),
  ),
  truth: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .tuple(tie('number'), fc.constantFrom(...COMPARISONS), tie('number'))
      .map(([a, [sign, f], b]): Meaning<boolean> => ({
        text: `${a.text} ${sign} ${b.text}`,
        of: (v) => f(a.of(v), b.of(v)),
      })),
    fc
      .tuple(tie('truth'), tie('truth'))
      .map(([a, b]): Meaning<boolean> => ({ text: `(${a.text} && ${b.text})`, of: (v) => a.of(v) && b.of(v) })),
    fc
      .tuple(tie('truth'), tie('truth'))
      .map(([a, b]): Meaning<boolean> => ({ text: `(${a.text} || ${b.text})`, of: (v) => a.of(v) || b.of(v) })),
    tie('truth').map((a): Meaning<boolean> => ({ text: `!(${a.text})`, of: (v) => !a.of(v) })),
    fc.tuple(tie('truth'), tie('truth'), tie('truth')).map(([a, b, c]): Meaning<boolean> => ({
      text: `(${a.text} ? ${b.text} : ${c.text})`,
      of: (v) => (a.of(v) ? b.of(v) : c.of(v)),
    })),
    fc.tuple(tie('number'), fc.array(literals, { minLength: 1, maxLength: 3 })).map(([a, list]): Meaning<boolean> => ({
      text: `${a.text} in [${list.map(({ text }) => text).join(', ')}]`,
      of: (v) => list.some((item) => item.of(v) === a.of(v)),
    })),
  ),
}));

/** Expressions of a length that specs may have. */
const expressionOf = truth.filter(({ text }) => text.length <= MAX_EXPRESSION_LENGTH);

/** Grids of at most a few hundred points over some of the axes, two of them linked now and then. */
const grids = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.subarray(AXES),
    fc.array(fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([workloads, ids, values, linked]) => {
    const axes = ids.map((id, i) => ({ id, values: values[i]! }));
    if (!linked || axes.length < 2)
      return makeGrid(
        workloads,
        axes.map((a) => [a]),
      );
    const [first, second, ...rest] = axes;
    const together = first!.values.map((_, i) => second!.values[i % second!.values.length]!);
    return makeGrid(workloads, [[first!, { ...second!, values: together }], ...rest.map((a) => [a])]);
  });

describe('constraints over random grids', () => {
  it('keep the points that JavaScript would keep', () => {
    fc.assert(
      fc.property(grids, expressionOf, (grid, expression) => {
        const expected = allIds(grid).filter((id) => expression.of(designOf(grid, id) as Design));
        expect(keptBy(expression.text, grid)).toEqual(expected);
        expect(keptBy(expression.text, grid)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('are counted as walking the grid would', () => {
    fc.assert(
      fc.property(grids, fc.array(expressionOf, { maxLength: 5 }), (grid, expressions) => {
        const constraints = compile(
          expressions.map(({ text }) => text),
          grid,
        );
        const rejects = (id: number) => constraints.map((constraint) => !constraint.accepts(digits(grid, id)));
        const rejected = allIds(grid).map(rejects);
        const accepted = rejected.filter((flags) => !flags.includes(true)).length;
        const counted = countAccepted(constraints, grid);
        expect(counted.accepted).toBe(accepted);
        expect(counted.rejectedBy).toEqual(constraints.map((_, i) => rejected.filter((flags) => flags[i]).length));
      }),
      { numRuns: 500 },
    );
  });
});

describe('countAccepted', () => {
  it('counts all points where nothing constrains them', () => {
    expect(countAccepted([], GRID)).toEqual({ accepted: 54, rejectedBy: [] });
  });

  it('counts each constraint by itself and all together', () => {
    const constraints = compile(['sm_count > 30', "cta_tile == 'auto'", 'l2_gbps >= 2 * dram_gbps', 'sm_count < 90']);
    expect(countAccepted(constraints, GRID)).toEqual({ accepted: 1 * 6 * 1, rejectedBy: [18, 27, 18, 18] });
  });

  it('multiplies what independent constraints keep of a grid too large to walk', () => {
    const thousand = Array.from({ length: 1000 }, (_, i) => i + 1);
    const grid = makeGrid(2, [axis('sm_count', thousand), axis('l2_mib', thousand), axis('dram_gbps', thousand)]);
    const counted = countAccepted(compile(['sm_count <= 10', 'l2_mib > 900'], grid), grid);
    expect(counted).toEqual({ accepted: 2 * 10 * 100 * 1000, rejectedBy: [2 * 990 * 1e6, 2 * 900 * 1e6] });
  });

  const long = Array.from({ length: 2000 }, (_, i) => i + 1);
  const wide = makeGrid(1, [axis('sm_count', long), axis('l2_mib', long), axis('dram_gbps', long)]);

  it('gives up where it would take too long, for that constraint alone', () => {
    const counted = countAccepted(compile(['sm_count <= l2_mib', 'dram_gbps <= 500'], wide), wide);
    expect(counted).toEqual({ accepted: undefined, rejectedBy: [undefined, 1500 * 4e6] });
  });

  it('knows that nothing is left even where it gives up', () => {
    const counted = countAccepted(compile(['sm_count <= l2_mib', 'dram_gbps > 5000'], wide), wide);
    expect(counted.accepted).toBe(0);
  });

  it('gives up sooner on long expressions', () => {
    const grid = makeGrid(1, [axis('sm_count', long), axis('l2_mib', long.slice(0, 500))]);
    const short = 'sm_count <= l2_mib';
    const counts = [short, Array<string>(40).fill(short).join(' && ')].map(
      (expression) => countAccepted(compile([expression], grid), grid).accepted,
    );
    expect(counts).toEqual([(500 * 501) / 2, undefined]);
  });
});
