import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forwardGemm } from '../../../src/model/layer.js';
import { makeTile } from '../../../src/model/tile.js';
import { PAPER_TILES } from '../../../src/model/tile-choice.js';
import { tileGemm } from '../../../src/model/tiling.js';
import {
  closedFormTraffic,
  filterLoadInefficiency,
  ifmapDistanceElements,
  ifmapL2Elements,
  ifmapLoadInefficiency,
  ifmapTouchedElements,
} from '../../../src/model/delta-2019/closed-form.js';
import { dramBytes, dramReadBytes, l1Bytes, l2Bytes } from '../../../src/model/traffic/traffic.js';
import { anyBatch, anyLayer, squareLayer } from '../../fixtures/model.js';

const WIDE = makeTile(128, 128, 8);
const MIDDLE = makeTile(128, 64, 4);

describe('tiling (docs/model.md, 2.3)', () => {
  it.each([
    // ceil(1000/128) = 8, ceil(300/128) = 3, ceil(75/8) = 10
    [{ m: 1000, n: 300, k: 75, groups: 1 }, WIDE, { rows: 8, columns: 3, ctas: 24, loops: 10 }],
    // exact multiples, four groups launched together: 2 x 1 x 4 CTAs
    [{ m: 256, n: 64, k: 16, groups: 4 }, MIDDLE, { rows: 2, columns: 1, ctas: 8, loops: 4 }],
    // smaller than a tile in every direction
    [{ m: 1, n: 1, k: 1, groups: 1 }, WIDE, { rows: 1, columns: 1, ctas: 1, loops: 1 }],
  ])('of %j in %o', (gemm, tile, tiling) => expect(tileGemm(gemm, tile)).toEqual({ ...tiling, split: 1 }));
});

describe('load inefficiency at L1 (docs/model.md, 3.1)', () => {
  it.each([
    [{ size: 56 }, 1], // 56 x 1/56
    [{ size: 56, stride: 2 }, 2], // 56 x 2/56
    [{ size: 28, filter: 3, pad: 1 }, 30 / 28], // (28 + 2) x 1/(30 - 3 + 1)
    [{ size: 227, filter: 11, stride: 4 }, 908 / 217], // 227 x 4/(227 - 11 + 1)
    [{ size: 7, filter: 7 }, 7], // one position a row: 7/1
  ])('of the IFmap of %j is %d', (shape, inefficiency) =>
    expect(ifmapLoadInefficiency(squareLayer(shape))).toBeCloseTo(inefficiency, 12),
  );

  it('of the IFmap reads widths, not heights', () => {
    const layer = squareLayer({ size: 28, filter: 3, pad: 1, filterHeight: 1, strideHeight: 4, padHeight: 0 });
    expect(ifmapLoadInefficiency(layer)).toBeCloseTo(30 / 28, 12);
  });

  it.each([4, 8, 12, 16, 64])('of the filters is the mean number of sectors of a run of %i elements', (blkK) => {
    let sectors = 0;
    for (let start = 0; start < 8; start++)
      sectors += new Set(Array.from({ length: blkK }, (_, i) => Math.floor((start + i) / 8))).size;
    expect(filterLoadInefficiency(blkK)).toBeCloseTo(sectors / 8 / (blkK / 8), 12);
  });
});

describe("the paper's distances at L2 (docs/model.md, 3.2a)", () => {
  it.each([
    // MLI 30/28: 128 MLI 4/9 = 60.952; Dist_H = (3/3)(26 + 0) + 0 = 26, times 1 + 128/784
    [{ size: 28, filter: 3, pad: 1 }, MIDDLE, (128 * (30 / 28) * 4) / 9 + 26 * (1 + 128 / 784)],
    // MLI 460/224: 128 MLI 4/49 = 21.458; Dist_H = (3/7)(218 + 2 x 4) + (4/7) 2 x 3, times 1 + 128/12544
    [
      { size: 224, filter: 7, stride: 2, pad: 3 },
      MIDDLE,
      (128 * (460 / 224) * 4) / 49 + ((3 * 226) / 7 + 24 / 7) * (1 + 128 / 12_544),
    ],
    // blkK = Wf + 1, its limit: 128 MLI 8/49 = 42.915; Dist_H = (7/7)(218 + 0) + 0
    [{ size: 224, filter: 7, stride: 2, pad: 3 }, WIDE, (128 * (460 / 224) * 8) / 49 + 218 * (1 + 128 / 12_544)],
  ])('of %j', (shape, tile, elements) => {
    const layer = squareLayer(shape);
    expect(ifmapDistanceElements(layer, tile)).toBeCloseTo(elements, 9);
    expect(ifmapL2Elements(layer, forwardGemm(layer, 1), tile)).toBeCloseTo(elements, 9);
  });
});

/** Mean over all tiles and k-blocks: elements in the distinct 32-byte sectors of the input that one touches. */
function touchedBySimulation(shape: Parameters<typeof squareLayer>[0], batch: number, tile = WIDE): number {
  const layer = squareLayer(shape);
  const gemm = forwardGemm(layer, batch);
  const { inHeight: hi, inWidth: wi, filterHeight: hf, filterWidth: wf, inChannels: ci } = layer;
  const wo = Math.floor((wi + 2 * layer.padWidth - wf) / layer.strideWidth) + 1;
  const pixels = gemm.m / batch;
  let [sectors, blocks] = [0, 0];
  for (let m0 = 0; m0 < gemm.m; m0 += tile.m)
    for (let k0 = 0; k0 < gemm.k; k0 += tile.k) {
      const touched = new Set<number>();
      for (let m = m0; m < Math.min(m0 + tile.m, gemm.m); m++)
        for (let k = k0; k < Math.min(k0 + tile.k, gemm.k); k++) {
          const [image, pixel] = [Math.floor(m / pixels), m % pixels];
          const [channel, tap] = [Math.floor(k / (hf * wf)), k % (hf * wf)];
          const y = Math.floor(pixel / wo) * layer.strideHeight + Math.floor(tap / wf) - layer.padHeight;
          const x = (pixel % wo) * layer.strideWidth + (tap % wf) - layer.padWidth;
          if (y >= 0 && y < hi && x >= 0 && x < wi)
            touched.add(Math.floor((((image * ci + channel) * hi + y) * wi + x) / 8));
        }
      sectors += touched.size;
      blocks++;
    }
  return (8 * sectors) / blocks;
}

describe('the counted elements at L2 (docs/model.md, 3.2b)', () => {
  it.each([
    // a tile of 128 pixels and 8 channels, each element once
    [{ size: 16 }, 1, 1024],
    // M = 49: 7 rows of 7 pixels of 8 channels
    [{ size: 7 }, 1, 392],
    // stride 2 on 28: Wo = 14, 128/14 rows of min(28, 27) elements of 8 channels
    [{ size: 28, stride: 2 }, 1, (128 / 14) * 27 * 8],
    // stride 16: Wo = 8, 16 rows of min(128, 113) elements would be 14,464; no more than a sector an operand, 8 x 128 x 8
    [{ size: 128, stride: 16 }, 2, 8192],
    // 3x3: rho = 10/3, chi = 16/9, v = 15/8; rows = 128/28 + (15/8 - 1)(1 + 128/784) = 5.589; width min(28, 30)
    [{ size: 28, filter: 3, pad: 1 }, 1, (16 / 9) * (128 / 28 + (7 / 8) * (1 + 128 / 784)) * 28],
  ])('are right by hand for %j at batch %i', (shape, batch, elements) => {
    const layer = squareLayer(shape);
    const gemm = forwardGemm(layer, batch);
    expect(ifmapTouchedElements(layer, gemm, WIDE)).toBeCloseTo(elements, 9);
    expect(ifmapL2Elements(layer, gemm, WIDE)).toBeCloseTo(elements, 9);
  });

  // The form averages over where a tile starts and spreads a filter evenly over its taps, and it counts rows whole, so
  // that it is a few percent off where a tile covers several rows, and up to a fifth where an image is a few tiles only.
  it.each([
    [{ size: 28 }, 4, 0.05],
    [{ size: 28, stride: 2 }, 4, 0.05],
    [{ size: 28, filter: 3, pad: 1 }, 4, 0.05],
    [{ size: 56, filter: 3, pad: 1 }, 2, 0.05],
    [{ size: 28, filter: 5, pad: 2 }, 4, 0.05],
    [{ size: 14, filter: 3, pad: 1 }, 8, 0.1],
    [{ size: 56, filter: 3, stride: 2, pad: 1 }, 4, 0.15],
    [{ size: 7, filter: 3, pad: 1 }, 16, 0.2],
  ])('match the sectors that %j touches at batch %i, counted, within %d', (shape, batch, tolerance) => {
    const layer = squareLayer({ ...shape, inChannels: 16 });
    const counted = touchedBySimulation({ ...shape, inChannels: 16 }, batch);
    const ratio = ifmapTouchedElements(layer, forwardGemm(layer, batch), WIDE) / counted;
    expect(Math.abs(Math.log(ratio))).toBeLessThan(tolerance);
  });

  it.each([
    [{ size: 28, filter: 3, pad: 1, inChannels: 16 }, MIDDLE, 0.4, 0.55],
    [{ size: 112, filter: 7, stride: 2, pad: 3, inChannels: 3 }, WIDE, 0.25, 0.4],
  ])("show that the paper's form undercounts %j: it is a limit, and stays one", (shape, tile, low, high) => {
    const ratio = ifmapDistanceElements(squareLayer(shape), tile) / touchedBySimulation(shape, 2, tile);
    expect(ratio).toBeGreaterThan(low);
    expect(ratio).toBeLessThan(high);
  });

  it('take over where the block of K is longer than a filter row and one', () => {
    const layer = squareLayer({ size: 28, filter: 3, pad: 1 });
    const gemm = forwardGemm(layer, 4);
    expect(ifmapL2Elements(layer, gemm, MIDDLE)).toBe(ifmapDistanceElements(layer, MIDDLE));
    expect(ifmapL2Elements(layer, gemm, WIDE)).toBe(ifmapTouchedElements(layer, gemm, WIDE));
    // a filter wider than the image, on padding: the distances would subtract it
    const wide = squareLayer({ size: 4, filter: 7, pad: 3 });
    expect(ifmapL2Elements(wide, forwardGemm(wide, 4), WIDE)).toBe(
      ifmapTouchedElements(wide, forwardGemm(wide, 4), WIDE),
    );
  });
});

describe('bytes of a layer (docs/model.md, 3)', () => {
  it('are right by hand for a 1x1 layer', () => {
    // M = 8 x 16 x 16 = 2048, N = 128, K = 64: 16 x 1 CTAs of 8 loops, 128 in all
    const layer = squareLayer();
    const traffic = closedFormTraffic(layer, 8, forwardGemm(layer, 8), WIDE);
    expect(traffic).toEqual({
      l1: { ifmap: 128 * 4 * 128 * 8, filter: 128 * 4 * 128 * 15 }, // MLI 1; 15/8
      l2: { ifmap: 128 * 4 * 1024, filter: 128 * 4 * 1024 },
      dram: { ifmap: 4 * 8 * 64 * 256, filter: 4 * 64 * 128, ofmap: 4 * 2048 * 128 },
    });
    expect([l1Bytes(traffic), l2Bytes(traffic)]).toEqual([128 * 11_776, 128 * 8192]);
    expect([dramReadBytes(traffic), dramBytes(traffic)]).toEqual([557_056, 1_605_632]);
  });

  it.each([
    // AlexNet conv2, groups of N = 128, K = 1200: IFmap 96 x 27^2 once, filters 1200 x 128 x 2, OFmap 256 x 27^2
    [
      { size: 27, filter: 5, pad: 2, inChannels: 96, outChannels: 256, groups: 2 },
      1,
      { ifmap: 279_936, filter: 1_228_800, ofmap: 746_496 },
    ],
    // N = 384 is 3 columns: IFmap 3 x 2 x 64 x 8^2, filters 64 x 384, OFmap 2 x 384 x 8^2
    [{ size: 8, outChannels: 384 }, 2, { ifmap: 98_304, filter: 98_304, ofmap: 196_608 }],
    // N = 129 is 2 columns although the second holds one filter
    [{ size: 8, outChannels: 129 }, 1, { ifmap: 32_768, filter: 33_024, ofmap: 33_024 }],
  ])('at DRAM of %j at batch %i', (shape, batch, bytes) => {
    const layer = squareLayer(shape);
    expect(closedFormTraffic(layer, batch, forwardGemm(layer, batch), WIDE).dram).toEqual(bytes);
  });

  it('are positive and finite for every layer and tile', () => {
    fc.assert(
      fc.property(anyLayer, anyBatch, fc.constantFrom(...PAPER_TILES), (layer, batch, { tile }) => {
        const { l1, l2, dram } = closedFormTraffic(layer, batch, forwardGemm(layer, batch), tile);
        for (const bytes of [...Object.values(l1), ...Object.values(l2), ...Object.values(dram)]) {
          expect(bytes).toBeGreaterThan(0);
          expect(bytes).toBeLessThan(Infinity);
        }
      }),
    );
  });
});
