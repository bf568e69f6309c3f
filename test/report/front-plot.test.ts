import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stripVTControlCharacters } from 'node:util';
import { plotFront } from '../../src/report/front-plot.js';
import type { FrontRow } from '../../src/analysis/front-marks.js';
import type { Objective } from '../../src/space/study.js';

const OBJECTIVES: Objective[] = [
  { metric: 'time_ms', goal: 'minimize' },
  { metric: 'area_mm2', goal: 'minimize' },
];

const design = (time_ms: number, area_mm2: number, marks: Partial<FrontRow> = {}): FrontRow => ({
  ...{ id: 0, balanced: false, knee: false, imbalance: 0, robust: null, time_ms, area_mm2 },
  ...marks,
});

const PLAIN = { width: 60, colours: false };

const plot = (front: readonly FrontRow[], options = PLAIN) => plotFront(OBJECTIVES, front, options);

/** Rows within the axes. */
const inside = (text: string) =>
  text
    .split('\n')
    .slice(1, -2)
    .map((line) => line.replace(/^.*?[│┤]/, ''));

/** Dots that are set, as (column, row) from the upper left. */
function dotsOf(text: string): string[] {
  const order = [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
    [0, 3],
    [1, 3],
  ] as const;
  return inside(text).flatMap((line, row) =>
    [...line].flatMap((character, column) => {
      const bits = character.codePointAt(0)! - 0x2800;
      return order
        .filter((_, bit) => bits >= 0 && (bits >> bit) & 1)
        .map(([x, y]) => `${2 * column + x} ${4 * row + y}`);
    }),
  );
}

describe('a front in characters', () => {
  it('has its least and most at the ends, with names and units', () => {
    const text = plot([design(100, 1, { knee: true }), design(31.6227766, 10), design(10, 100)])!;
    const lines = text.split('\n');
    expect(lines[0]).toBe('time_ms [ms]; k knee and f fastest');
    expect(lines[1]).toMatch(/^100 ┤k/);
    expect(lines[5]).toMatch(/^ {4}│ {26,28}[⠀-⣿]$/u);
    expect(lines[9]!).toMatch(/^ 10 ┤ +f$/);
    expect(lines[9]).toHaveLength(60 - 1);
    expect(lines.at(-1)).toMatch(/^ {5}1 +area_mm2 \[mm2\] +100$/);
    expect(lines).toHaveLength(12);
  });

  it('has a dot for every design, where its logarithms are, whatever the front', () => {
    const figure = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    const front = fc.array(fc.tuple(figure, figure), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(front, fc.integer({ min: 50, max: 100 }), (points, width) => {
        const text = plot(
          points.map(([time, area]) => design(time, area)),
          { width, colours: false },
        )!;
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
        const columns = text.split('\n').at(-2)!.match(/─/g)!.length;
        const place = (value: number, all: number[], steps: number) => {
          const [least, most] = [Math.min(...all), Math.max(...all)].map(Math.log) as [number, number];
          return most > least ? Math.round(((Math.log(value) - least) / (most - least)) * (steps - 1)) : 0;
        };
        const [times, areas] = [points.map(([time]) => time), points.map(([, area]) => area)];
        const expected = new Set(
          points.map(([time, area]) => `${place(area, areas, 2 * columns)} ${35 - place(time, times, 36)}`),
        );
        // The fastest design is a letter; what else its character held is under it.
        const row = inside(text).findIndex((line) => line.includes('f'));
        const column = inside(text)[row]!.indexOf('f');
        const isUnder = (dot: string) => {
          const [x, y] = dot.split(' ').map(Number) as [number, number];
          return x >> 1 === column && y >> 2 === row;
        };
        const seen = [...expected].filter((dot) => !isUnder(dot));
        expect(seen.length).toBeLessThan(expected.size);
        expect(dotsOf(text).sort()).toEqual(seen.sort());
      }),
      { numRuns: 200 },
    );
  });

  it('shows the balanced design before the knee and the fastest where they share a place', () => {
    const all = { balanced: true, knee: true };
    expect(plot([design(1, 3, all), design(2, 2), design(3, 1)])).toMatch(/┤ +\*$/m);
    expect(plot([design(1, 3, { knee: true }), design(2, 2), design(3, 1)])).toMatch(/┤ +k$/m);
  });

  it('colours the marked designs where it may, and nothing else', () => {
    const front = [design(1, 3, { balanced: true }), design(2, 2), design(3, 1)];
    const coloured = plot(front, { ...PLAIN, colours: true })!;
    expect(coloured).toContain('\u001B[1;32m*\u001B[0m balanced');
    expect(stripVTControlCharacters(coloured)).toBe(plot(front));
  });

  it('is drawn of 200,000 designs too', () => {
    const front = Array.from({ length: 200_000 }, (_, i) => design(1 + i, 200_000 - i));
    const text = plot(front)!;
    expect(text.split('\n')[1]).toMatch(/^200,000 ┤/);
    expect(text.split('\n')[9]).toMatch(/^ +1 ┤.*f$/);
  });

  it.each([
    ['of one objective', [OBJECTIVES[0]!], [1, 2, 3], 60],
    ['of two designs', OBJECTIVES, [1, 2], 60],
    ['with a figure that is 0', OBJECTIVES, [0, 1, 2], 60],
    ['on a narrow terminal', OBJECTIVES, [1, 2, 3], 49],
  ] as const)('is none %s', (_, objectives, times, width) => {
    const front = times.map((time) => design(time, 1 / (time + 1)));
    expect(plotFront(objectives, front, { width, colours: false })).toBeUndefined();
  });
});
