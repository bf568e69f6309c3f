/** Traffic of the backward passes (docs/model.md, 13). */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateLayer, evaluateWorkload } from '../../../src/model/evaluate.js';
import { modelOf } from '../../../src/model/models.js';
import { toGpu, type GpuSpec } from '../../../src/model/gpu.js';
import type { LayerResult } from '../../../src/model/layer-model.js';
import { forwardGemm, gemmOf, outHeight, outWidth, type Layer, type LayerPass } from '../../../src/model/layer.js';
import { makeTile } from '../../../src/model/tile.js';
import { tileGemm } from '../../../src/model/tiling.js';
import {
  backwardFilterTraffic,
  gradientConvolution,
  withDensity,
  withTransposedFilters,
} from '../../../src/model/traffic/backward.js';
import { rememberedTraffic } from '../../../src/model/traffic/remembered.js';
import { anyBatch, anyGpu, anyLayer, roundGpu, squareLayer } from '../../fixtures/model.js';

type Shape = Parameters<typeof squareLayer>[0];

function evaluate(pass: LayerPass, layer: Layer, batch: number, changes: Partial<GpuSpec> = {}): LayerResult {
  const result = evaluateLayer(roundGpu(changes), layer, batch, pass, 'delta');
  if ('infeasible' in result) throw new Error(result.infeasible);
  return result;
}

describe('the gradient convolution (docs/model.md, 13.1)', () => {
  // back = max(0, filter - 1 - pad); size = in + filter - 1 - 2 back; density = pixels out/size^2
  it.each<[string, Shape, { size: number; pad: number; density: number }]>([
    ['stride 1: the gradients as they are', { size: 14, filter: 3, pad: 1 }, { size: 14, pad: 1, density: 1 }],
    ['no padding: back 2, 8 + 2 - 4', { size: 8, filter: 3 }, { size: 6, pad: 2, density: 1 }],
    [
      'stride 2: 14 of 28 in each direction',
      { size: 28, filter: 3, stride: 2, pad: 1 },
      { size: 28, pad: 1, density: 0.25 },
    ],
    ['1x1, stride 2: 28 of 56', { size: 56, stride: 2 }, { size: 56, pad: 0, density: 0.25 }],
    [
      '7x7, stride 2: back 3, 112 of 224',
      { size: 224, filter: 7, stride: 2, pad: 3 },
      { size: 224, pad: 3, density: 0.25 },
    ],
    [
      '11x11, stride 4: back 10, 227 + 10 - 20; 55 of 217',
      { size: 227, filter: 11, stride: 4 },
      { size: 217, pad: 10, density: 3025 / 47_089 },
    ],
    ['padding beyond the filter: 8 gradients for 6 pixels, cut', { size: 6, pad: 1 }, { size: 6, pad: 0, density: 1 }],
    ['padding beyond a 3x3 filter: 6 + 2, of 10', { size: 6, filter: 3, pad: 3 }, { size: 8, pad: 0, density: 1 }],
  ])('is right by hand with %s', (_case, shape, { size, pad, density }) => {
    const gradient = gradientConvolution(squareLayer(shape));
    expect(gradient.layer).toMatchObject({
      ...{ inHeight: size, inWidth: size, padHeight: pad, padWidth: pad },
      ...{ strideHeight: 1, strideWidth: 1, inChannels: 128, outChannels: 64 },
    });
    expect(gradient.density).toBeCloseTo(density, 12);
  });

  it('takes heights and widths apart', () => {
    const { layer, density } = gradientConvolution(
      squareLayer({
        ...{ inHeight: 20, filterHeight: 5, strideHeight: 3, padHeight: 2 }, // 7 out; back 2: 20 + 4 - 4
        ...{ inWidth: 33, filterWidth: 1, strideWidth: 2, padWidth: 0 }, // 17 out; back 0: 33
      }),
    );
    expect([layer.inHeight, layer.inWidth, layer.padHeight, layer.padWidth]).toEqual([20, 33, 2, 0]);
    expect(density).toBeCloseTo((7 * 17) / (20 * 33), 12);
  });

  it('has as many pixels out as the layer has in, and the GEMM of backward-data', () => {
    fc.assert(
      fc.property(anyLayer, anyBatch, (layer, batch) => {
        const gradient = gradientConvolution(layer);
        expect([outHeight(gradient.layer), outWidth(gradient.layer)]).toEqual([layer.inHeight, layer.inWidth]);
        expect(forwardGemm(gradient.layer, batch)).toEqual(gemmOf(layer, batch, 'backward-data'));
        expect(gradient.density).toBeGreaterThan(0);
        expect(gradient.density).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('traffic of backward-data (docs/model.md, 13.1)', () => {
  it('has the first operand shrink with the density, and nothing else', () => {
    const traffic = {
      l1: { ifmap: 800, filter: 7 },
      l2: { ifmap: 400, filter: 5 },
      dram: { ifmap: 200, filter: 3, ofmap: 11 },
      inStep: { ifmap: 160, filter: 2 },
      written: 13,
    };
    expect(withDensity(traffic, 0.25)).toEqual({
      l1: { ifmap: 200, filter: 7 },
      l2: { ifmap: 100, filter: 5 },
      dram: { ifmap: 50, filter: 3, ofmap: 11 },
      inStep: { ifmap: 40, filter: 2 },
      written: 13,
    });
    expect(withDensity(traffic, 1)).toEqual(traffic);
  });

  it.each<Shape>([{}, { stride: 2 }, { size: 15, filter: 3, stride: 2, pad: 1 }])(
    'is that of the gradient convolution at its density, with %j',
    (shape) => {
      const layer = squareLayer(shape);
      const { tile, traffic, tiling, activeCtas } = evaluate('backward-data', layer, 4);
      const gradient = gradientConvolution(layer);
      const active = Math.min(activeCtas, Math.ceil(tiling.ctas / 4));
      const design = { smCount: 4, activeCtas: active, l1Bytes: 32 * 1024, l2Bytes: 2 * 1024 ** 2 };
      const forward = rememberedTraffic(gradient.layer, 4, tile, design);
      const { dram: _, ...expected } = withTransposedFilters(withDensity(forward, gradient.density));
      expect(traffic).toMatchObject(expected);
      expect(traffic.l1.filter).toBe(2 * forward.l1.filter); // of each sector, half is used
      expect(traffic.written).toBe(4 * 4 * 64 * layer.inHeight ** 2); // the gradient of the input
    },
  );
});

describe('traffic of backward-filter (docs/model.md, 13.2)', () => {
  const MACHINE = { smCount: 4, activeCtas: 1, l2Bytes: 2 * 1024 ** 2 };
  const TILE = makeTile(128, 64, 8);
  function trafficOf(shape: Shape, batch: number, split: number, machine = {}) {
    const layer = squareLayer(shape);
    const gemm = gemmOf(layer, batch, 'backward-filter');
    const tiling = tileGemm(gemm, TILE, split);
    return { tiling, traffic: backwardFilterTraffic(layer, batch, gemm, TILE, tiling, { ...MACHINE, ...machine }) };
  }

  it('of a 1x1 layer is right by hand', () => {
    // M 64, N 128, K 8 x 256 = 2048: 1 x 2 tiles of 256 loops, 512 loops in all
    const { tiling, traffic } = trafficOf({}, 8, 1);
    expect(tiling).toEqual({ rows: 1, columns: 2, ctas: 2, split: 1, loops: 256 });
    expect(traffic).toEqual({
      // runs of 8 pixels, unaligned: 4 (7 + 8) = 60 B
      l1: { ifmap: 512 * 128 * 60, filter: 512 * 64 * 60 },
      // 128 channels of 8 pixels; 64 of 8
      l2: { ifmap: 512 * 4 * 1024, filter: 512 * 4 * 512 },
      // 4 x 8 x 64 x 256; 4 x 2048 x 128; 4 x 64 x 128
      dram: { ifmap: 524_288, filter: 1_048_576, ofmap: 32_768 },
    });
  });

  it('with K split has the same loops in more CTAs, and the result twice', () => {
    const { tiling, traffic } = trafficOf({}, 8, 2);
    expect(tiling).toEqual({ rows: 1, columns: 2, ctas: 4, split: 2, loops: 128 });
    const whole = trafficOf({}, 8, 1).traffic;
    expect(traffic).toEqual({ ...whole, dram: { ...whole.dram, ofmap: 65_536 } });
  });

  it('pads each part of K to whole k-blocks', () => {
    // K = 2048 in 3 parts of 683: 86 loops each, 2 x 3 x 86 = 516 in all
    expect(trafficOf({}, 8, 3).tiling).toEqual({ rows: 1, columns: 2, ctas: 6, split: 3, loops: 86 });
    expect(trafficOf({}, 8, 3).traffic.l2.filter).toBe(516 * 4 * 512);
  });

  it.each<[string, Shape, number, number]>([
    // taps; channels 128/taps; span 7 S + Wf. Run: 4 min(7 S + 8, 64) B
    ['3x3: 14.2 channels x 3 rows x 10', { filter: 3, pad: 1 }, 60, (128 / 9) * 3 * 10],
    ['3x3, stride 2: 14.2 x 3 x 17, runs of 22', { filter: 3, pad: 1, stride: 2 }, 88, (128 / 9) * 3 * 17],
    ['1x1, stride 2: 128 x 15, but no more than operands', { stride: 2 }, 88, 1024],
    ['stride 8: a sector a pixel', { stride: 8 }, 256, 1024],
    ['stride 9: no more than a sector a pixel', { stride: 9 }, 256, 1024],
    ['13x13: a channel at least, 13 rows of 20', { filter: 13, pad: 6 }, 60, 260],
  ])('asks L1 for runs and L2 for what taps touch: %s', (_case, shape, run, touched) => {
    const { tiling, traffic } = trafficOf(shape, 8, 1);
    const loops = tiling.ctas * tiling.loops;
    expect(traffic.l1).toEqual({ ifmap: loops * 128 * run, filter: loops * 64 * 60 });
    expect(traffic.l2.ifmap).toBeCloseTo(loops * 4 * touched, 3);
  });

  it.each([
    // M = 576: 5 rows of CTAs; N = 256: 4 columns; 524,288 B of IFmap
    ['4 SMs hold less than a column at a time', { l2Bytes: 524_287 }, 4],
    ['L2 holds the IFmap', { l2Bytes: 524_288 }, 1],
    ['10 CTAs at a time are 2 columns', { l2Bytes: 1, smCount: 5, activeCtas: 2 }, 2],
    ['15 are 3: two passes', { l2Bytes: 1, smCount: 5, activeCtas: 3 }, 2],
    ['19 are 3 whole ones', { l2Bytes: 1, smCount: 19 }, 2],
    ['20 are all 4', { l2Bytes: 1, smCount: 20 }, 1],
  ])('reads the IFmap once a pass over the columns: %s', (_case, machine, passes) => {
    const { traffic } = trafficOf({ filter: 3, pad: 1, outChannels: 256 }, 8, 1, machine);
    expect(traffic.dram.ifmap).toBe(524_288 * passes);
  });

  it('counts the gradients and the result of every group', () => {
    // 2 groups: M 32, N 64, K 2048 each; the IFmap is that of all groups already
    const { tiling, traffic } = trafficOf({ groups: 2 }, 8, 1);
    expect(tiling.ctas).toBe(2);
    expect(traffic.dram).toEqual({ ifmap: 524_288, filter: 1_048_576, ofmap: 16_384 }); // 2 x 4 x 32 x 64
  });
});

describe('how K is split (docs/model.md, 13.2)', () => {
  // split = max(1, min(floor(SMs/tiles), floor(K/256)))
  it.each<[string, Shape, number, number, number]>([
    ['M 64, N 128: 1 tile of 128x128x8, 4 SMs, K = 2048', {}, 8, 4, 4],
    ['K = 256 is worth one CTA', {}, 1, 4, 1],
    ['K = 512 is worth two', {}, 2, 4, 2],
    ['K = 767: 3 x 225 = 675 pixels are worth two', { size: 15 }, 3, 4, 2],
    ['K = 765: 85 x 9 pixels, just below three', { size: 3 }, 85, 4, 2],
    ['3 SMs', {}, 8, 3, 3],
    ['N 256: 2 tiles, 7 SMs', { outChannels: 256 }, 8, 7, 3],
    ['N 1024: 8 tiles, more than SMs', { outChannels: 1024 }, 8, 4, 1],
    ['2 groups are 2 tiles', { groups: 2 }, 8, 4, 2],
  ])('%s', (_case, shape, batch, sms, split) => {
    const { tiling } = evaluate('backward-filter', squareLayer(shape), batch, { sm_count: sms });
    expect(tiling.split).toBe(split);
  });

  it('is for backward-filter alone', () => {
    expect(evaluate('forward', squareLayer({ inChannels: 4096 }), 1).tiling.split).toBe(1);
    expect(evaluate('backward-data', squareLayer({ outChannels: 4096 }), 1).tiling.split).toBe(1);
  });
});

describe('training (docs/model.md, 13)', () => {
  it('is the sum of the three passes, the first layer without backward-data', () => {
    fc.assert(
      fc.property(anyGpu, fc.array(anyLayer, { minLength: 1, maxLength: 3 }), anyBatch, (spec, layers, batch) => {
        const gpu = toGpu({ ...spec, smem_kib: Math.max(10, spec.smem_kib) });
        const timeOf = (pass: 'training' | LayerPass, chosen: readonly Layer[]) => {
          const result = evaluateWorkload(gpu, { network: { name: 'net', layers: chosen }, batch, pass }, 'delta');
          if ('infeasible' in result) throw new Error(result.infeasible);
          return [result.seconds, result.flops, result.dramBytes];
        };
        const parts = [
          timeOf('forward', layers),
          timeOf('backward-filter', layers),
          timeOf('backward-data', layers.slice(1)),
        ];
        timeOf('training', layers).forEach((figure, i) =>
          expect(figure / parts.reduce((sum, part) => sum + part[i]!, 0)).toBeCloseTo(1, 12),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('is covered by delta alone', () => {
    expect(modelOf('delta').passes).toEqual(['forward', 'backward-data', 'backward-filter', 'training']);
  });
});
