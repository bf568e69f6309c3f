/** A front as a small picture of characters, for terminals: dots of Braille, the marked designs as letters. */
import { METRICS } from '../model/metrics.js';
import { showNumber } from '../model/units.js';
import type { Objective } from '../space/study.js';
import { extentOf } from './charts/scale.js';
import type { FrontRow } from '../analysis/front-marks.js';
import { listed } from './table.js';

/** Rows of characters within the axes. */
const ROWS = 9;

/** Narrower than this, a picture shows nothing. */
const LEAST_WIDTH = 50;

/** Fewer designs are seen from the table. */
const LEAST_DESIGNS = 3;

/** Bits of a Braille character's dots, by column and row. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const BRAILLE = 0x2800;

/** Designs that are told apart; where two share a place, the first of these is shown. */
const MARKS = [
  { letter: '*', name: 'balanced', color: 32 },
  { letter: 'k', name: 'knee', color: 36 },
  { letter: 'f', name: 'fastest', color: 35 },
] as const;

type Mark = (typeof MARKS)[number];

export interface PlotOptions {
  /** Characters of a line. */
  width: number;
  /** Whether marks are coloured. */
  colours: boolean;
}

/** Positions of positive values from the least to the most, 0 to `steps - 1`; by their logarithms. */
function placesOf(values: readonly number[], steps: number): number[] {
  const logs = values.map(Math.log);
  const [least, most] = extentOf(logs);
  return logs.map((log) => (most > least ? Math.round(((log - least) / (most - least)) * (steps - 1)) : 0));
}

const labelOf = (name: string) => {
  const { unit } = METRICS.find((metric) => metric.name === name)!;
  return unit === '1' ? name : `${name} [${unit}]`;
};

const valuesOf = (front: readonly FrontRow[], { metric }: Objective) => front.map((design) => Number(design[metric]));

function marksOf(front: readonly FrontRow[]): Map<Mark['name'], number> {
  const times = front.map((design) => Number(design['time_ms']));
  const places: [Mark['name'], number][] = [
    ['balanced', front.findIndex(({ balanced }) => balanced)],
    ['knee', front.findIndex(({ knee }) => knee)],
    ['fastest', times.indexOf(extentOf(times)[0])],
  ];
  return new Map(places.filter(([, at]) => at >= 0));
}

/**
 * The front over its first two objectives, both logarithmic: the first upwards, the second to the right; at most 12 lines.
 * Undefined where there is nothing to see: one objective, few designs, figures that are not positive, a narrow terminal.
 */
export function plotFront(
  objectives: readonly Objective[],
  front: readonly FrontRow[],
  { width, colours }: PlotOptions,
): string | undefined {
  const [up, right] = objectives;
  if (!up || !right || front.length < LEAST_DESIGNS || width < LEAST_WIDTH) return undefined;
  const [ys, xs] = [valuesOf(front, up), valuesOf(front, right)];
  if (![...xs, ...ys].every((value) => value > 0)) return undefined;
  const show = (values: readonly number[]) => extentOf(values).map(showNumber);
  const [[bottom, top], [first, last]] = [show(ys), show(xs)] as [[string, string], [string, string]];
  const margin = Math.max(bottom.length, top.length) + 1;
  const columns = width - margin - 2;
  const cells = drawDots(placesOf(xs, 2 * columns), placesOf(ys, 4 * ROWS), columns);
  const legend = putMarks(cells, front, placesOf(xs, 2 * columns), placesOf(ys, 4 * ROWS), colours);
  const axis = (row: number) => (row === 0 ? `${top} ┤` : row === ROWS - 1 ? `${bottom} ┤` : '│').padStart(margin + 1);
  const lines = cells.map((row, r) => `${axis(r)}${row.join('')}`.trimEnd());
  const names = labelOf(right.metric);
  const room = Math.max(1, columns - first.length - last.length - names.length);
  const gap = ' '.repeat(Math.floor(room / 2));
  return [
    `${labelOf(up.metric)}; ${legend}`,
    ...lines,
    `${' '.repeat(margin)}└${'─'.repeat(columns)}`,
    `${' '.repeat(margin + 1)}${first}${gap}${names}${' '.repeat(room - gap.length)}${last}`,
  ].join('\n');
}

/** Rows of characters, the uppermost first. */
function drawDots(xs: readonly number[], ys: readonly number[], columns: number): string[][] {
  const bits = Array.from({ length: ROWS }, () => new Uint8Array(columns));
  xs.forEach((x, i) => {
    const y = 4 * ROWS - 1 - ys[i]!;
    bits[y >> 2]![x >> 1]! |= DOTS[x & 1]![y & 3]!;
  });
  return bits.map((row) => Array.from(row, (dots) => (dots === 0 ? ' ' : String.fromCharCode(BRAILLE + dots))));
}

/** Puts letters where the marked designs are; the legend that names them. */
function putMarks(
  cells: string[][],
  front: readonly FrontRow[],
  xs: readonly number[],
  ys: readonly number[],
  colours: boolean,
): string {
  const paint = ({ letter, color }: Mark) => (colours ? `\u001B[1;${color}m${letter}\u001B[0m` : letter);
  const at = marksOf(front);
  const marked = MARKS.filter(({ name }) => at.has(name));
  for (const mark of [...marked].reverse()) {
    const design = at.get(mark.name)!;
    cells[ROWS - 1 - (ys[design]! >> 2)]![xs[design]! >> 1] = paint(mark);
  }
  return listed(marked.map((mark) => `${paint(mark)} ${mark.name}`));
}
