/** A convolution as an implicit GEMM, cut into CTA tiles. */
import { outHeight, outWidth } from '../../src/model/layer.js';
import { showNumber } from '../../src/model/units.js';
import { EXAMPLE, exampleLayer } from './example.js';
import { arrow, COLORS, line, picture, rect, text, type Picture } from './svg.js';

/** A pile of planes: the channels of a feature map. */
function planes(x: number, y: number, size: number, fill: string): string[] {
  return [3, 2, 1, 0].map((i) => rect(x + 6 * i, y - 6 * i, size, size, fill, { stroke: COLORS.grey }));
}

/** A matrix with a band across it. */
function matrix(
  x: number,
  y: number,
  width: number,
  height: number,
  band: [number, number, number, number],
  fill: string,
): string[] {
  return [
    rect(x, y, width, height, COLORS.pale, { stroke: COLORS.grey }),
    rect(x + band[0], y + band[1], band[2], band[3], fill, { stroke: COLORS.grey }),
  ];
}

export function gemmPicture(): Picture {
  const { layer, gemm, tile, tiling } = exampleLayer();
  const [m, n, k] = [gemm.m, gemm.n, gemm.k].map(showNumber);
  const { filterHeight, filterWidth } = layer;
  const shape = `${layer.inChannels} x ${layer.inHeight} x ${layer.inWidth}`;
  const alt =
    `The convolution ${EXAMPLE.layer} as a matrix product: a matrix of ${m} output pixels by ${k} inputs each, times one of ${k} by ${n} filters, ` +
    `gives ${m} by ${n} outputs, cut into ${tiling.rows} rows and ${tiling.columns} columns of tiles of ${tile.m} by ${tile.n}.`;
  const [top, aLeft, bLeft, cLeft] = [120, 285, 470, 640];
  return picture(424, alt, [
    text(24, 36, `${EXAMPLE.layer} of ${EXAMPLE.network}, batch ${EXAMPLE.batch}`, { bold: true, size: 16 }),
    // The convolution.
    text(24, 74, 'IFmaps', { bold: true }),
    ...planes(24, 118, 110, COLORS.sky),
    rect(58, 142, 33, 33, COLORS.orange, { stroke: COLORS.ink }),
    text(24, 250, `${EXAMPLE.batch} images of`),
    text(24, 268, shape, { fill: COLORS.grey }),
    text(24, 300, `one output pixel reads`),
    text(24, 318, `${filterHeight} x ${filterWidth} taps of ${layer.inChannels} channels`, { fill: COLORS.grey }),
    text(24, 336, `= ${k} inputs`, { fill: COLORS.grey }),
    arrow(180, 170, 262, 170),
    text(221, 160, 'a row each', { anchor: 'middle', size: 12, fill: COLORS.grey }),
    // M x K
    text(aLeft, 74, `${m} x ${k}`, { bold: true }),
    text(aLeft, 94, 'never stored: loads find it', { size: 12, fill: COLORS.grey }),
    ...matrix(aLeft, top, 120, 230, [0, 66, 120, 26], COLORS.sky),
    rect(aLeft + 44, top + 66, 9, 26, COLORS.orange, { stroke: COLORS.ink }),
    text(aLeft + 60, top + 250, 'K, in blocks of ' + tile.k, { anchor: 'middle', size: 12, fill: COLORS.grey }),
    text(aLeft - 8, top + 115, `M = images x ${outHeight(layer)} x ${outWidth(layer)}`, {
      ...{ anchor: 'middle', size: 12, fill: COLORS.grey, turn: -90 },
    }),
    text(aLeft + 142, top + 120, 'x', { size: 20, anchor: 'middle' }),
    // K x N
    text(bLeft, 74, `${k} x ${n}`, { bold: true }),
    text(bLeft, 94, 'filters', { size: 12, fill: COLORS.grey }),
    ...matrix(bLeft, top, 96, 130, [0, 0, 48, 130], COLORS.mint),
    rect(bLeft, top + 48, 48, 9, COLORS.orange, { stroke: COLORS.ink }),
    text(bLeft + 48, top + 150, `N = ${n} filters`, { anchor: 'middle', size: 12, fill: COLORS.grey }),
    text(bLeft + 130, top + 120, '=', { size: 20, anchor: 'middle' }),
    // M x N
    text(cLeft, 74, `${m} x ${n} outputs`, { bold: true }),
    text(cLeft, 94, `${tiling.rows} x ${tiling.columns} tiles of ${tile.m} x ${tile.n}`, {
      size: 12,
      fill: COLORS.grey,
    }),
    ...matrix(cLeft, top, 96, 230, [0, 66, 48, 26], COLORS.orange),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((row) =>
      line(cLeft, top + 26 * row - 12, cLeft + 96, top + 26 * row - 12, { stroke: COLORS.light }),
    ),
    line(cLeft + 48, top, cLeft + 48, top + 230, { stroke: COLORS.light }),
    rect(cLeft, top + 66, 48, 26, COLORS.orange, { stroke: COLORS.ink }),
    arrow(cLeft + 150, top + 79, cLeft + 102, top + 79),
    text(cLeft + 156, top + 83, 'one CTA', { size: 13 }),
    text(cLeft, top + 250, `${showNumber(tiling.ctas)} CTAs, ${showNumber(tiling.loops)} loops each`, {
      size: 12,
      fill: COLORS.grey,
    }),
    text(
      24,
      406,
      `A CTA walks K: in every loop it loads ${tile.m} x ${tile.k} inputs and ${tile.k} x ${tile.n} weights, and multiplies them into its tile of outputs.`,
      { size: 13 },
    ),
  ]);
}
