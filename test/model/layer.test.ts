import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadNetwork } from '../../src/space/files/network-file.js';
import {
  convolutionCount,
  forwardGemm,
  gemmOf,
  layerPasses,
  macsOf,
  macsPerImage,
  outHeight,
  outWidth,
  PASSES,
} from '../../src/model/layer.js';
import { anyBatch, anyLayer, squareLayer } from '../fixtures/model.js';

describe('output size (docs/model.md, 1)', () => {
  it.each([
    [{ size: 227, filter: 11, stride: 4 }, 55], // floor(216/4) + 1
    [{ size: 224, filter: 7, stride: 2, pad: 3 }, 112], // floor(223/2) + 1
    [{ size: 28, filter: 3, pad: 1 }, 28], // 27 + 1
    [{ size: 56, filter: 1, stride: 2 }, 28], // floor(55/2) + 1
    [{ size: 7, filter: 7 }, 1], // 0 + 1
    [{ size: 6, filter: 7 }, 0], // floor(-1/1) + 1: the filter does not fit
  ])('of %j is %i', (shape, size) => {
    const layer = squareLayer(shape);
    expect([outHeight(layer), outWidth(layer)]).toEqual([size, size]);
  });

  it('takes heights and widths apart', () => {
    const layer = squareLayer({
      ...{ inHeight: 20, filterHeight: 5, strideHeight: 3, padHeight: 2 }, // floor(19/3) + 1 = 7
      ...{ inWidth: 33, filterWidth: 1, strideWidth: 2, padWidth: 0 }, // floor(32/2) + 1 = 17
    });
    expect([outHeight(layer), outWidth(layer)]).toEqual([7, 17]);
  });

  it('counts the positions at which the filter lies inside the padded input', () => {
    const positions = (length: number, filter: number, stride: number, pad: number) => {
      let count = 0;
      for (let at = -pad; at + filter <= length + pad; at += stride) count++;
      return count;
    };
    fc.assert(
      fc.property(anyLayer, (layer) => {
        expect(outHeight(layer)).toBe(
          positions(layer.inHeight, layer.filterHeight, layer.strideHeight, layer.padHeight),
        );
      }),
    );
  });
});

describe('implicit GEMM (docs/model.md, 1)', () => {
  it.each([
    // AlexNet conv1: M = 2 x 55 x 55, N = 96, K = 3 x 11 x 11
    [{ size: 227, filter: 11, stride: 4, inChannels: 3, outChannels: 96 }, 2, { m: 6050, n: 96, k: 363, groups: 1 }],
    // AlexNet conv2: M = 27 x 27, N = 256/2, K = 96/2 x 5 x 5
    [
      { size: 27, filter: 5, pad: 2, inChannels: 96, outChannels: 256, groups: 2 },
      1,
      { m: 729, n: 128, k: 1200, groups: 2 },
    ],
    // depthwise: N = 1, K = 3 x 3, 32 times
    [{ size: 8, filter: 3, pad: 1, inChannels: 32, outChannels: 32, groups: 32 }, 1, { m: 64, n: 1, k: 9, groups: 32 }],
  ])('of %j at batch %i is %j', (shape, batch, gemm) => {
    expect(forwardGemm(squareLayer(shape), batch)).toEqual(gemm);
  });

  it('multiplies once per output, channel of the group and tap', () => {
    fc.assert(
      fc.property(anyLayer, anyBatch, (layer, batch) => {
        const outputs = batch * layer.outChannels * outHeight(layer) * outWidth(layer);
        const taps = (layer.inChannels * layer.filterHeight * layer.filterWidth) / layer.groups;
        expect(macsOf(forwardGemm(layer, batch))).toBeCloseTo(outputs * taps, 3);
      }),
    );
  });
});

describe('the GEMM of each pass (docs/model.md, 1 and 13)', () => {
  it.each([
    [
      'a 3x3 layer of stride 1 keeps its pixels: 2 x 8 x 8 = 128 and 9 taps',
      squareLayer({ size: 8, filter: 3, pad: 1, inChannels: 16, outChannels: 32 }),
      {
        forward: { m: 128, n: 32, k: 144, groups: 1 },
        'backward-data': { m: 128, n: 16, k: 288, groups: 1 },
        'backward-filter': { m: 144, n: 32, k: 128, groups: 1 },
      },
    ],
    [
      'a 1x1 layer of stride 2: 2 x 4 x 4 = 32 pixels out, 2 x 8 x 8 = 128 in',
      squareLayer({ size: 8, stride: 2, inChannels: 16, outChannels: 32 }),
      {
        forward: { m: 32, n: 32, k: 16, groups: 1 },
        'backward-data': { m: 128, n: 16, k: 32, groups: 1 },
        'backward-filter': { m: 16, n: 32, k: 32, groups: 1 },
      },
    ],
    [
      'a grouped 5x3 layer: (9 - 5)/2 + 1 = 3 rows and (9 - 3)/1 + 1 = 7 columns out, 24/4 = 6 and 32/4 = 8 channels',
      squareLayer({
        ...{ size: 9, groups: 4, inChannels: 24, outChannels: 32 },
        ...{ filterHeight: 5, filterWidth: 3, strideHeight: 2 },
      }),
      {
        forward: { m: 42, n: 8, k: 90, groups: 4 }, // 2 x 3 x 7; 6 x 15
        'backward-data': { m: 162, n: 6, k: 120, groups: 4 }, // 2 x 9 x 9; 8 x 15
        'backward-filter': { m: 90, n: 8, k: 42, groups: 4 },
      },
    ],
  ])('is right for %s', (_case, layer, gemms) => {
    for (const pass of ['forward', 'backward-data', 'backward-filter'] as const)
      expect(gemmOf(layer, 2, pass)).toEqual(gemms[pass]);
  });

  it('is the forward one with the operands exchanged for backward-filter: the same multiply-accumulates', () => {
    fc.assert(
      fc.property(anyLayer, anyBatch, (layer, batch) => {
        const [forward, filter] = [gemmOf(layer, batch, 'forward'), gemmOf(layer, batch, 'backward-filter')];
        expect(macsOf(filter)).toBe(macsOf(forward));
        expect([filter.m, filter.k]).toEqual([forward.k, forward.m]);
      }),
    );
  });
});

describe('the passes of a layer', () => {
  it('of training are three, but for the first layer, whose input needs no gradient', () => {
    expect(layerPasses('training', 0)).toEqual(['forward', 'backward-filter']);
    expect(layerPasses('training', 1)).toEqual(['forward', 'backward-data', 'backward-filter']);
    expect(layerPasses('training', 52)).toEqual(['forward', 'backward-data', 'backward-filter']);
  });

  it.each(PASSES.filter((pass) => pass !== 'training'))('of %s are that one, for every layer', (pass) => {
    expect(layerPasses(pass, 0)).toEqual([pass]);
    expect(layerPasses(pass, 7)).toEqual([pass]);
  });
});

describe('built-in networks', () => {
  /** MACs of a square convolution of one image: pixels out, channels in and out, filter size. */
  const conv = (size: number, inChannels: number, outChannels: number, filter: number) =>
    size ** 2 * inChannels * outChannels * filter ** 2;
  const sum = (terms: number[]) => terms.reduce((a, b) => a + b, 0);

  /** ResNets: a 7x7 stem, then stages of bottleneck blocks, the first of each with a projection. */
  function resnet(blocks: number[]): number {
    let channels = 64;
    return blocks.reduce(
      (total, count, stage) => {
        const [size, width] = [56 / 2 ** stage, 64 * 2 ** stage];
        for (let block = 0; block < count; block++) {
          total += conv(size, channels, width, 1) + conv(size, width, width, 3) + conv(size, width, 4 * width, 1);
          if (block === 0) total += conv(size, channels, 4 * width, 1);
          channels = 4 * width;
        }
        return total;
      },
      conv(112, 3, 64, 7),
    );
  }

  /** An inception module: 1x1; 3x3 with its reduction; 5x5 with its reduction; 1x1 after pooling. */
  const inception = (size: number, input: number, [a, b3, b, c5, c, d]: number[]) =>
    conv(size, input, a! + b3! + c5! + d!, 1) + conv(size, b3!, b!, 3) + conv(size, c5!, c!, 5);

  const googlenet = sum([
    conv(112, 3, 64, 7) + conv(56, 64, 64, 1) + conv(56, 64, 192, 3),
    inception(28, 192, [64, 96, 128, 16, 32, 32]) + inception(28, 256, [128, 128, 192, 32, 96, 64]),
    inception(14, 480, [192, 96, 208, 16, 48, 64]) + inception(14, 512, [160, 112, 224, 24, 64, 64]),
    inception(14, 512, [128, 128, 256, 24, 64, 64]) + inception(14, 512, [112, 144, 288, 32, 64, 64]),
    inception(14, 528, [256, 160, 320, 32, 128, 128]) + inception(7, 832, [256, 160, 320, 32, 128, 128]),
    inception(7, 832, [384, 192, 384, 48, 128, 128]),
  ]);

  /** VGG-16's blocks of 3x3 convolutions; pixels of an image in each block. */
  const vgg = (pixels: number[]) =>
    [
      [3, 64, 64],
      [64, 128, 128],
      [128, 256, 256, 256],
      [256, 512, 512, 512],
      [512, 512, 512, 512],
    ]
      .flatMap((widths, block) => widths.slice(1).map((width, i) => 9 * pixels[block]! * widths[i]! * width))
      .reduce((a, b) => a + b);

  it.each([
    // 55^2 96 363 + 27^2 256 1200 + 13^2 384 2304 + 13^2 384 1728 + 13^2 256 1728
    ['alexnet', 5, 105_415_200 + 223_948_800 + 149_520_384 + 112_140_288 + 74_760_192, 665_784_864],
    ['vgg16', 13, vgg([224 ** 2, 112 ** 2, 56 ** 2, 28 ** 2, 14 ** 2]), 15_346_630_656],
    ['googlenet', 57, googlenet, 1_581_647_872],
    ['resnet50', 53, resnet([3, 4, 6, 3]), 3_855_925_248],
    ['resnet152', 155, resnet([3, 8, 36, 3]), 11_280_367_616],
    // VGG-16 on 600x1000, then the proposal network: 3x3, and 1x1 to 2 and 4 figures for each of 9 anchors
    [
      'faster-rcnn-vgg16',
      16,
      vgg([600 * 1000, 300 * 500, 150 * 250, 75 * 125, 38 * 63]) + 38 * 63 * 512 * (512 * 9 + 18 + 36),
      189_583_607_808,
    ],
  ])('%s has %i convolutions and the multiply-accumulates of its paper', (name, convolutions, derived, known) => {
    const network = loadNetwork(name);
    expect(derived).toBe(known);
    expect(convolutionCount(network)).toBe(convolutions);
    expect(macsPerImage(network)).toBe(known);
  });

  it('resnet152 has 20 distinct shapes', () => {
    const shapes = loadNetwork('resnet152').layers.map(({ name: _name, count: _count, ...shape }) => shape);
    expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(20);
    expect(shapes).toHaveLength(20);
  });
});
