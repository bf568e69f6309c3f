import { describe, expect, it } from '@jest/globals';
import { baselineValue, macsPerSecondOfSm, toGpu, withAxes } from '../../src/model/gpu.js';
import { AXIS_IDS, describeAxis, RESOURCES, resourceOf } from '../../src/model/resources.js';
import { ROUND_GPU } from '../fixtures/model.js';

describe('a GPU in SI units', () => {
  it('converts every figure of its file once', () => {
    expect(toGpu(ROUND_GPU)).toEqual({
      smCount: 4,
      clockHz: 1e9,
      macsPerClk: 128,
      macsPerInstr: 32,
      issuePerClk: 4,
      registerBytes: 262_144, // 256 x 1024
      smemBytes: 98_304, // 96 x 1024
      smemBytesPerS: 128e9,
      l1Bytes: 32_768, // 32 x 1024
      l1BytesPerS: 64e9,
      l2Bytes: 2_097_152, // 2 x 1024 x 1024
      l2BytesPerS: 256e9,
      dramBytesPerS: 128e9,
      l1LatencyS: 50 * 1e-9,
      l2LatencyS: 100 * 1e-9,
      dramLatencyS: 400 * 1e-9,
      maxThreads: 2048,
      maxCtas: 32,
      kernelGeneration: 6,
      callOverheadS: 4 * 1e-6,
      processNm: 7,
      ...{ fp64PerClk: 0, tensorPerClk: 0, rtCores: 0, nvlinks: 0 }, // absent ones
      memory: 'hbm',
      channelsPerByteRate: 2 / 128e9,
    });
  });

  it('multiplies lanes by clock for the rate of an SM', () => {
    expect(macsPerSecondOfSm(toGpu({ ...ROUND_GPU, clock_ghz: 1.5 }))).toBe(192e9); // 128 x 1.5e9
  });

  it('sets axes in their own units and leaves the rest and the original alone', () => {
    const gpu = toGpu(ROUND_GPU);
    const scaled = withAxes(gpu, { l2_mib: 3, dram_gbps: 500, cta_tile: '256x128x8' });
    expect(scaled).toMatchObject({ l2Bytes: 3 * 2 ** 20, dramBytesPerS: 500e9, ctaTile: { name: '256x128x8' } });
    expect({ ...scaled, ctaTile: undefined }).toEqual({
      ...gpu,
      l2Bytes: 3 * 2 ** 20,
      dramBytesPerS: 500e9,
      ctaTile: undefined,
    });
    expect(gpu).toEqual(toGpu(ROUND_GPU));
    expect(withAxes(scaled, { cta_tile: 'auto' }).ctaTile).toBeUndefined();
  });

  it('knows the unscaled value of an axis', () => {
    expect(baselineValue(ROUND_GPU, 'smem_gbps')).toBe(128);
    expect(baselineValue(ROUND_GPU, 'cta_tile')).toBe('auto');
  });
});

describe('resources', () => {
  it('are declared once each, and have a field of their own', () => {
    expect(new Set(AXIS_IDS).size).toBe(AXIS_IDS.length);
    expect(new Set(RESOURCES.map((resource) => resource.si)).size).toBe(RESOURCES.length);
  });

  it('are found by id; the tile is described but is no quantity', () => {
    expect(resourceOf('l2_gbps')).toMatchObject({ si: 'l2BytesPerS', siPerUnit: 1e9, unit: 'GB/s' });
    expect(resourceOf('cta_tile')).toBeUndefined();
    expect(describeAxis('cta_tile').unit).toBe('-');
    expect(describeAxis('l1_ns').unit).toBe('ns');
  });
});
