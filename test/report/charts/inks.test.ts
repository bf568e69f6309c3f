import { describe, expect, it } from '@jest/globals';
import { BOTTLENECKS } from '../../../src/model/bottleneck.js';
import { contrast, INKS, inkOn, THEMES } from '../../../src/report/charts/inks.js';
import { shapePath } from '../../../src/report/charts/shapes.js';

type Rgb = [number, number, number];

/** Channels of a colour, linear. */
const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;

/** Colour vision without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1). */
const VISIONS: Record<string, Rgb[]> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Oklab (Ottosson 2020): a distance of 0.02 is just seen. */
function oklab(rgb: Rgb): Rgb {
  const mix = (m: Rgb[], v: Rgb) => m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as Rgb;
  const lms = mix(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map(Math.cbrt) as Rgb;
  return mix(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms,
  );
}

function seen(hex: string, vision: Rgb[]): Rgb {
  const rgb = linear(hex);
  return oklab(
    vision.map((row) => Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]))) as Rgb,
  );
}

const distance = (a: Rgb, b: Rgb) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe('contrast', () => {
  // https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio: 21 is the most; #777777 on white is the well-known near miss of 4.5.
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#ffffff', 8.59],
  ])('of %s on %s is %d', (a, b, expected) => {
    expect(contrast(a, b)).toBeCloseTo(expected, 2);
    expect(contrast(b, a)).toBe(contrast(a, b));
  });
});

describe.each(THEMES)('the %s theme', (theme) => {
  const inks = INKS[theme];
  const grounds = [inks.page, inks.surface];

  it.each(['ink', 'muted', 'accent'] as const)('has %s text of contrast 4.5 on every ground (WCAG AA)', (name) => {
    for (const ground of grounds) expect(contrast(inks[name], ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each([...BOTTLENECKS, 'needed'] as const)('has marks of %s of contrast 3 on every ground (WCAG AA)', (name) => {
    for (const ground of grounds) expect(contrast(inks[name], ground)).toBeGreaterThanOrEqual(3);
  });

  it.each(BOTTLENECKS)('has text on %s of contrast 4.5', (name) => {
    expect(contrast(inkOn(inks[name]), inks[name])).toBeGreaterThanOrEqual(4.5);
  });

  it('has text of contrast 4.5 on cells that are filled as far as they can be', () => {
    const mixed = (part: number) =>
      `#${[1, 3, 5]
        .map((at) => {
          const [a, b] = [inks.accent, inks.page].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16));
          return Math.round(part * a! + (1 - part) * b!)
            .toString(16)
            .padStart(2, '0');
        })
        .join('')}`;
    expect(contrast(inks.ink, mixed(0.34))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(inks.ink, inks.rule)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(VISIONS))('has bottlenecks that people with %s colour vision can distinguish', (_, vision) => {
    const colours = BOTTLENECKS.map((name) => seen(inks[name], vision));
    for (const [i, a] of colours.entries())
      for (const b of colours.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(0.09);
  });
});

describe('bottlenecks', () => {
  it('have different shapes', () => {
    expect(new Set(BOTTLENECKS.map((name) => shapePath(name, 4))).size).toBe(BOTTLENECKS.length);
  });
});
