/** CTAs of a layer over SMs, wave after wave. */
import { showNumber } from '../../src/model/units.js';
import { baseline, EXAMPLE, exampleLayer } from './example.js';
import { us, waveOf } from './streams-picture.js';
import { COLORS, line, picture, rect, scale, text, type Picture } from './svg.js';

export function wavesPicture(): Picture {
  const { tiling, waves } = exampleLayer();
  const { sm_count: sms } = baseline;
  const slots = waves.full * waves.size + waves.rest;
  const x = scale(0, slots, 70, 836);
  const [top, height] = [64, 8];
  // CTA after CTA goes to the next SM: the first ones of the row get one more.
  const ctasOf = (sm: number) => Math.floor(tiling.ctas / sms) + (sm < tiling.ctas % sms ? 1 : 0);
  const rows = Array.from({ length: sms }, (_, sm) =>
    Array.from({ length: ctasOf(sm) }, (_, i) => {
      const isLast = i >= waves.full * waves.size;
      const fill = isLast ? COLORS.orange : Math.floor(i / waves.size) % 2 === 0 ? COLORS.sky : COLORS.mint;
      return rect(x(i) + 0.5, top + height * sm + 0.5, x(1) - x(0) - 1, height - 1, fill);
    }).join(''),
  );
  const bottom = top + height * sms;
  const last = tiling.ctas % sms;
  const alt = `${showNumber(tiling.ctas)} CTAs of ${EXAMPLE.layer} over ${sms} SMs: ${waves.full} full waves of ${waves.size} CTAs an SM, and a last one in which ${last} SMs have one CTA each and the others none.`;
  return picture(bottom + 82, alt, [
    text(24, 36, `${showNumber(tiling.ctas)} CTAs over ${sms} SMs, ${waves.size} at a time`, { bold: true, size: 16 }),
    text(60, top + 10, 'SM 1', { anchor: 'end', size: 12, fill: COLORS.grey }),
    text(60, bottom, `SM ${sms}`, { anchor: 'end', size: 12, fill: COLORS.grey }),
    ...rows,
    ...Array.from({ length: waves.full + 1 }, (_, w) =>
      line(x(w * waves.size), top - 4, x(w * waves.size), bottom + 4, { stroke: COLORS.grey }),
    ),
    ...[0, waves.full - 1].map((w) =>
      text((x(w * waves.size) + x((w + 1) * waves.size)) / 2, bottom + 20, `wave ${w + 1}`, {
        anchor: 'middle',
        size: 12,
        fill: COLORS.grey,
      }),
    ),
    text(836, top - 10, 'rest', { anchor: 'end', size: 12, bold: true }),
    text(
      24,
      bottom + 50,
      `The last wave has work for ${last} of ${sms} SMs and still takes ${us(waveOf(waves.rest).wave)} us, a full one ${us(waveOf(waves.size).wave)} us. The busiest SM, with`,
      {
        size: 13,
      },
    ),
    text(
      24,
      bottom + 68,
      `${waves.ctasPerSm} CTAs where the mean is ${showNumber(Number((tiling.ctas / sms).toFixed(2)))}, decides the time: more SMs help in steps, not smoothly.`,
      {
        size: 13,
      },
    ),
  ]);
}
