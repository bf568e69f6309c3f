/** The streams of a full wave, and the time that they make together. */
import { BOTTLENECKS } from '../../src/model/bottleneck.js';
import { OVERLAP_NORM } from '../../src/model/kernel/kernel-time.js';
import { MICRO, showNumber } from '../../src/model/units.js';
import { EXAMPLE, exampleLayer } from './example.js';
import { COLORS, line, picture, rect, scale, text, type Picture } from './svg.js';

const MEANINGS: Record<string, string> = {
  compute: 'multipliers busy',
  issue: 'schedulers busy',
  smem: 'shared memory',
  l1: 'L1 loads',
  l2: 'L2 loads and stores',
  dram: 'DRAM reads and writes',
  latency: 'one CTA alone, its waits',
};

/** Microseconds, as pictures show them. */
export const us = (seconds: number) => showNumber(Number((seconds / MICRO).toPrecision(4)));

/** Seconds of a wave of a number of CTAs: each term, and the p-norm of all. */
export function waveOf(ctas: number) {
  const { cta } = exampleLayer();
  const terms = BOTTLENECKS.filter((name) => name !== 'launch').map((name) => ({
    name,
    seconds: (name === 'latency' ? 1 : ctas) * cta[name],
  }));
  const p = OVERLAP_NORM;
  const largest = Math.max(...terms.map(({ seconds }) => seconds));
  const wave = largest * terms.reduce((sum, { seconds }) => sum + (seconds / largest) ** p, 0) ** (1 / p);
  return { terms, wave, largest, p };
}

export function streamsPicture(): Picture {
  const { waves, bottleneck } = exampleLayer();
  const { terms, wave, largest, p } = waveOf(waves.size);
  const sum = terms.reduce((total, { seconds }) => total + seconds, 0);
  const x = scale(0, wave * 1.06, 300, 810);
  // Beside a long bar a label would meet the line of the wave.
  const isLong = (seconds: number) => seconds > wave / 2;
  const alt = `A wave of ${waves.size} CTAs of ${EXAMPLE.layer}: ${terms.map(({ name, seconds }) => `${name} ${us(seconds)}`).join(', ')} microseconds. Together they take ${us(wave)}, a little more than the longest, ${bottleneck}.`;
  const rows = terms.flatMap(({ name, seconds }, i) => {
    const y = 64 + 34 * i;
    const binds = name === bottleneck;
    const label = `${binds ? 'binds: ' : ''}${us(seconds)}`;
    return [
      text(24, y + 17, name, { bold: true }),
      text(100, y + 17, MEANINGS[name]!, { size: 12, fill: COLORS.grey }),
      rect(300, y, Math.max(1, x(seconds) - 300), 24, binds ? COLORS.orange : COLORS.sky, { stroke: COLORS.grey }),
      isLong(seconds)
        ? text(x(seconds) - 8, y + 17, label, { size: 13, bold: binds, anchor: 'end' })
        : text(x(seconds) + 8, y + 17, label, { size: 13 }),
    ];
  });
  const bottom = 64 + 34 * terms.length;
  return picture(bottom + 84, alt, [
    text(24, 36, `One wave of ${waves.size} CTAs on an SM, in microseconds`, { bold: true, size: 16 }),
    ...rows,
    line(x(wave), 54, x(wave), bottom + 4, { stroke: COLORS.red, 'stroke-width': 2 }),
    text(x(wave), bottom + 24, `the wave: ${us(wave)}`, { anchor: 'middle', bold: true, fill: '#a33f00' }),
    line(300, 58, 300, bottom, { stroke: COLORS.grey }),
    text(
      24,
      bottom + 56,
      `Streams overlap, though not perfectly: the wave is their p-norm with p = ${p}, between the longest (${us(largest)}) and the sum (${us(sum)}).`,
      { size: 13 },
    ),
    text(
      24,
      bottom + 72,
      'Two streams of nearly equal length cost a little more than one; short ones cost next to nothing.',
      {
        size: 13,
      },
    ),
  ]);
}
