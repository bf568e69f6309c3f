/** The roofline, equation (90) of docs/model.md. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateLayer } from '../../src/model/evaluate.js';
import { toGpu, type GpuSpec } from '../../src/model/gpu.js';
import type { LayerPass } from '../../src/model/layer.js';
import { rooflineSeconds } from '../../src/model/roofline.js';
import { anyBatch, anyGpu, anyLayer, roundGpu, squareLayer } from '../fixtures/model.js';

/** 4 SMs x 128 multiply-accumulates x 1 GHz = 512e9 a second; 128e9 B/s. */
describe('the roofline', () => {
  it.each<[string, Parameters<typeof squareLayer>[0], LayerPass, number, Partial<GpuSpec>]>([
    // 2048 x 128 x 64 = 16,777,216 MACs; 4 (131,072 + 262,144 + 8,192) = 1,605,632 B take 12.544 us
    ['arithmetic', {}, 'forward', 16_777_216 / 512e9, {}],
    ['bytes, at a tenth of the DRAM bandwidth', {}, 'forward', 1_605_632 / 12.8e9, { dram_gbps: 12.8 }],
    // 2048 x 128 MACs take 0.512 us; 4 (2,048 + 262,144 + 128) B
    ['bytes, with one channel in', { inChannels: 1 }, 'forward', 1_057_280 / 128e9, {}],
    // 512 x 128 x 64 MACs: 8.192 us; 4 (131,072 + 65,536 + 8,192) = 819,200 B: 6.4 us
    ['arithmetic of a stride of 2', { stride: 2 }, 'forward', 4_194_304 / 512e9, {}],
    // backward-data multiplies the zeros between strides: 2048 x 64 x 128
    ['dense backward-data', { stride: 2 }, 'backward-data', 16_777_216 / 512e9, {}],
    ['backward-filter', { stride: 2 }, 'backward-filter', 4_194_304 / 512e9, {}],
    // two groups: half the multiply-accumulates and half the filters: 4 (131,072 + 262,144 + 4,096) B
    ['arithmetic in groups', { groups: 2 }, 'forward', 8_388_608 / 512e9, {}],
    ['bytes in groups', { groups: 2 }, 'forward', 1_589_248 / 12.8e9, { dram_gbps: 12.8 }],
    ['arithmetic on twice the SMs', {}, 'forward', 16_777_216 / 1024e9, { sm_count: 8 }],
  ])('is %s by hand', (_what, shape, pass, seconds, changes) => {
    expect(rooflineSeconds(roundGpu(changes), squareLayer(shape), 8, pass) / seconds).toBeCloseTo(1, 12);
  });

  it('has arithmetic that no model is faster than', () => {
    fc.assert(
      fc.property(anyGpu, anyLayer, anyBatch, (spec, layer, batch) => {
        const gpu = toGpu({ ...spec, dram_gbps: 1e9 }); // leaves arithmetic alone
        const result = evaluateLayer(gpu, layer, batch, 'forward', 'delta');
        if ('infeasible' in result) return;
        expect(rooflineSeconds(gpu, layer, batch, 'forward')).toBeLessThanOrEqual(result.seconds);
      }),
    );
  });
});
