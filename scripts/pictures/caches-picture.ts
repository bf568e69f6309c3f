/** What survives in a cache, and what that makes of a layer's DRAM traffic. */
import { dramReadBytes } from '../../src/model/traffic/traffic.js';
import { cacheShape, hitProbability, L1_WAYS, L2_WAYS, LINE_BYTES } from '../../src/model/traffic/hit.js';
import { MIB, showBytes } from '../../src/model/units.js';
import { baseline, EXAMPLE, exampleLayer } from './example.js';
import { COLORS, line, path, picture, scale, text, type Picture } from './svg.js';

const [TOP, BOTTOM] = [78, 290];

/** Sizes of L2 that are drawn, MiB. */
const SIZES = Array.from({ length: 33 }, (_, i) => 0.25 * 2 ** (i / 4));

/** The chance that a line is still there, over how much else came in since, in units of the cache. */
function survivalCurve(ways: number, x: (share: number) => number, y: (chance: number) => number): [number, number][] {
  const bytes = 3 * MIB;
  const cache = cacheShape(bytes, ways);
  return Array.from({ length: 121 }, (_, i) => {
    const share = i / 60;
    return [x(share), y(hitProbability(cache, (share * bytes) / LINE_BYTES))];
  });
}

function survivalPanel(): string[] {
  const x = scale(0, 2, 70, 390);
  const y = scale(0, 1, BOTTOM, TOP);
  return [
    text(24, 36, 'Whether a line is still in the cache', { bold: true, size: 16 }),
    ...[0, 0.5, 1].flatMap((chance) => [
      line(70, y(chance), 390, y(chance), { stroke: COLORS.light }),
      text(62, y(chance) + 4, `${100 * chance}%`, { anchor: 'end', size: 12, fill: COLORS.grey }),
    ]),
    ...[0, 0.5, 1, 1.5, 2].map((share) =>
      text(x(share), BOTTOM + 20, String(share), { anchor: 'middle', size: 12, fill: COLORS.grey }),
    ),
    path(
      [
        [x(0), y(1)],
        [x(1), y(1)],
        [x(1), y(0)],
        [x(2), y(0)],
      ],
      { stroke: COLORS.grey, 'stroke-dasharray': '5 4', 'stroke-width': 1.5 },
    ),
    path(survivalCurve(L2_WAYS, x, y), { stroke: COLORS.blue }),
    path(survivalCurve(L1_WAYS, x, y), { stroke: COLORS.red }),
    text(x(1.42), y(0.32), `L1, ${L1_WAYS} ways`, { fill: '#a33f00', size: 13, bold: true }),
    text(x(0.1), y(0.62), `L2, ${L2_WAYS} ways`, { fill: COLORS.blue, size: 13, bold: true }),
    text(x(1.04), y(0.93), 'no sets', { fill: COLORS.grey, size: 12 }),
    text(230, BOTTOM + 42, 'other lines since, in units of the cache', {
      anchor: 'middle',
      size: 12,
      fill: COLORS.grey,
    }),
  ];
}

function trafficPanel(): string[] {
  const curve = SIZES.map((l2_mib) => [l2_mib, dramReadBytes(exampleLayer({ l2_mib }).traffic)] as const);
  const here = dramReadBytes(exampleLayer().traffic);
  const most = Math.max(...curve.map(([, bytes]) => bytes));
  const x = scale(SIZES[0]!, SIZES.at(-1)!, 500, 830, true);
  const y = scale(0, most * 1.05, BOTTOM, TOP);
  const ticks = [0.25, 1, 4, 16, 64];
  const step = 10 ** Math.floor(Math.log10(most));
  const levels = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  return [
    text(452, 36, `DRAM reads of ${EXAMPLE.layer}`, { bold: true, size: 16 }),
    ...levels.flatMap((bytes) => [
      line(500, y(bytes), 830, y(bytes), { stroke: COLORS.light }),
      text(492, y(bytes) + 4, bytes === 0 ? '0' : showBytes(bytes), { anchor: 'end', size: 12, fill: COLORS.grey }),
    ]),
    ...ticks.map((size) => text(x(size), BOTTOM + 20, String(size), { anchor: 'middle', size: 12, fill: COLORS.grey })),
    path(
      curve.map(([size, bytes]) => [x(size), y(bytes)] as const),
      { stroke: COLORS.blue },
    ),
    `<circle cx="${x(baseline.l2_mib).toFixed(1)}" cy="${y(here).toFixed(1)}" r="5" fill="${COLORS.orange}" stroke="${COLORS.ink}"/>`,
    text(x(baseline.l2_mib), y(here) - 14, `${EXAMPLE.gpu}: ${baseline.l2_mib} MiB, ${showBytes(here)}`, {
      anchor: 'middle',
      size: 13,
      bold: true,
    }),
    text(665, BOTTOM + 42, 'L2, MiB (logarithmic)', { anchor: 'middle', size: 12, fill: COLORS.grey }),
  ];
}

export function cachesPicture(): Picture {
  const [small, large] = [0.25, 64].map((l2_mib) => showBytes(dramReadBytes(exampleLayer({ l2_mib }).traffic)));
  const alt =
    `Left: the chance that a line is still in a cache falls around the point where as much else has come in as the cache holds, in L1 with ${L1_WAYS} ways more gently than in L2 with ${L2_WAYS}. ` +
    `Right: ${EXAMPLE.layer} reads ${small} from DRAM with an L2 of 0.25 MiB and ${large} with one of 64 MiB, falling where its reuse begins to fit.`;
  return picture(354, alt, [...survivalPanel(), ...trafficPanel()]);
}
