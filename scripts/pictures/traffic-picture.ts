/** Bytes of a layer at L1, L2 and DRAM. */
import { hitRates } from '../../src/report/explain-layer.js';
import { l1Bytes } from '../../src/model/traffic/traffic.js';
import { showBytes, showPercent } from '../../src/model/units.js';
import { baseline, EXAMPLE, exampleLayer } from './example.js';
import { arrow, COLORS, picture, rect, scale, text, type Picture } from './svg.js';

const PARTS = [
  { key: 'ifmap', name: 'inputs', color: COLORS.sky },
  { key: 'filter', name: 'filters', color: COLORS.mint },
  { key: 'ofmap', name: 'outputs', color: COLORS.sand },
] as const;

export function trafficPicture(): Picture {
  const result = exampleLayer();
  const { traffic } = result;
  const hits = hitRates(result);
  const levels = [
    {
      name: 'requested at L1',
      size: `${baseline.l1_kib} KiB an SM`,
      bytes: { ...traffic.l1, ofmap: 0 },
      serves: hits.l1,
    },
    { name: 'asked of L2', size: `${baseline.l2_mib} MiB`, bytes: { ...traffic.l2, ofmap: 0 }, serves: hits.l2 },
    {
      name: 'DRAM, with outputs',
      size: `${Math.round(baseline.dram_gbps)} GB/s`,
      bytes: traffic.dram,
      serves: undefined,
    },
  ];
  const width = scale(0, l1Bytes(traffic), 0, 560);
  const total = (bytes: Record<(typeof PARTS)[number]['key'], number>) => bytes.ifmap + bytes.filter + bytes.ofmap;
  const alt = `Bytes that ${EXAMPLE.layer} moves: ${levels.map(({ name, bytes }) => `${name} ${showBytes(total(bytes))}`).join(', ')}; L1 serves ${showPercent(hits.l1)}, L2 ${showPercent(hits.l2)} of what it is asked for.`;
  const rows = levels.flatMap(({ name, size, bytes, serves }, i) => {
    const y = 84 + 88 * i;
    let x = 200;
    const bars = PARTS.flatMap(({ key, color }) => {
      const bar = width(bytes[key]);
      const part = bar > 0 ? [rect(x, y, bar, 40, color, { stroke: COLORS.grey })] : [];
      x += bar;
      return part;
    });
    return [
      text(24, y + 17, name, { bold: true }),
      text(24, y + 35, size, { size: 12, fill: COLORS.grey }),
      ...bars,
      text(x + 10, y + 25, showBytes(total(bytes)), { bold: true }),
      ...(serves === undefined
        ? []
        : [
            arrow(232, y + 46, 232, y + 82),
            text(242, y + 69, `${showPercent(serves)} found there, the rest goes on`, { size: 13, fill: COLORS.grey }),
          ]),
    ];
  });
  const legend = PARTS.flatMap(({ name, color }, i) => [
    rect(560 + 96 * i, 22, 16, 16, color, { stroke: COLORS.grey }),
    text(582 + 96 * i, 35, name, { size: 13 }),
  ]);
  return picture(330, alt, [
    text(24, 36, `${EXAMPLE.layer} on ${EXAMPLE.gpu}: bytes, to scale`, { bold: true, size: 16 }),
    ...legend,
    ...rows,
  ]);
}
