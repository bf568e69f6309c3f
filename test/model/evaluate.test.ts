import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BOTTLENECKS, STREAMS } from '../../src/model/bottleneck.js';
import { evaluateLayer, evaluateWorkload } from '../../src/model/evaluate.js';
import { utilizationOf, type WorkloadResult } from '../../src/model/workload-result.js';
import { modelOf } from '../../src/model/models.js';
import { toGpu, withAxes } from '../../src/model/gpu.js';
import type { Layer, Workload } from '../../src/model/layer.js';
import { RESOURCES, type ResourceId } from '../../src/model/resources.js';
import { anyBatch, anyGpu, anyLayer, roundGpu, squareLayer } from '../fixtures/model.js';

const workloadOf = (batch: number, ...layers: Layer[]): Workload => ({
  network: { name: 'net', layers },
  batch,
  pass: 'forward',
});

function evaluate(gpu = roundGpu(), workload = workloadOf(8, squareLayer())): WorkloadResult {
  const result = evaluateWorkload(gpu, workload, 'delta-2019');
  if ('infeasible' in result) throw new Error(result.infeasible);
  return result;
}

describe('a layer on a GPU (docs/model.md, 2 to 4)', () => {
  it('goes through tile, occupancy, traffic and time', () => {
    // M = 2048, N = 128, K = 64; 2 CTAs of 128x128x8 by registers; two waves of 21.392 us, computed for the time model
    const result = evaluateLayer(roundGpu(), squareLayer(), 8, 'forward', 'delta-2019');
    expect(result).toMatchObject({
      gemm: { m: 2048, n: 128, k: 64, groups: 1 },
      tile: { name: '128x128x8' },
      tiling: { rows: 16, columns: 1, ctas: 16, loops: 8 },
      activeCtas: 2,
      flops: 33_554_432, // 2 x 2048 x 128 x 64
      traffic: { l1: { ifmap: 524_288 }, dram: { ofmap: 1_048_576 } },
      bottleneck: 'compute',
    });
    expect((result as { seconds: number }).seconds).toBeCloseTo(42.784e-6, 12);
  });

  it('says why it cannot run', () => {
    const gpu = roundGpu({ register_kib: 16 });
    const infeasible = 'no CTA fits an SM: tile 128x32x4 needs 40 KiB of registers';
    expect(evaluateLayer(gpu, squareLayer(), 8, 'forward', 'delta-2019')).toEqual({ infeasible });
    expect(evaluateWorkload(gpu, workloadOf(8, squareLayer()), 'delta-2019')).toEqual({ infeasible });
  });
});

describe('a workload on a GPU (docs/model.md, 5)', () => {
  it('is infeasible when one of its layers is', () => {
    // 128 KiB of registers for the wide tile are there, and it is the only one allowed
    const gpu = withAxes(roundGpu({ max_threads: 255 }), { cta_tile: '128x128x8' });
    expect(evaluateWorkload(gpu, workloadOf(1, squareLayer()), 'delta-2019')).toEqual({
      infeasible: 'no CTA fits an SM: tile 128x128x8 needs 256 threads',
    });
  });

  it('counts each layer as often as it occurs', () => {
    const [once, thrice] = [1, 3].map((count) => evaluate(roundGpu(), workloadOf(8, squareLayer({ count }))));
    expect(thrice!.images).toBe(8);
    expect(thrice!.flops).toBe(3 * 33_554_432);
    expect(thrice!.l1Bytes).toBe(3 * 128 * 11_776);
    expect(thrice!.l2Bytes).toBe(3 * 128 * 8192);
    expect(thrice!.dramBytes).toBe(3 * 1_605_632);
    expect(thrice!.seconds).toBeCloseTo(3 * 42.784e-6, 12);
    expect(thrice!.busy.smem).toBeCloseTo(3 * 8.192e-6, 12);
    expect(thrice!.bound.latency).toBeCloseTo(3 * 0.8e-6, 12);
    expect(thrice!.secondsByBottleneck).toEqual({ ...once!.secondsByBottleneck, compute: 3 * once!.seconds });
  });

  it('spends the whole time of a layer under its bottleneck', () => {
    // 1x1 of 64 channels is bound by compute; of one channel, by DRAM: a single loop, and then its epilogue
    const thin = squareLayer({ name: 'thin', inChannels: 1 });
    const [wide, narrow] = [evaluate(), evaluate(roundGpu(), workloadOf(8, thin))];
    const both = evaluate(roundGpu(), workloadOf(8, squareLayer(), thin));
    expect(both.secondsByBottleneck.compute).toBe(wide.seconds);
    expect(both.secondsByBottleneck.dram).toBe(narrow.seconds);
    expect(both.seconds).toBeCloseTo(wide.seconds + narrow.seconds, 15);
  });

  it('spends all its time under some bottleneck, and keeps every stream within it', () => {
    const layers = fc.array(fc.tuple(anyLayer, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(anyGpu, layers, anyBatch, (spec, chosen, batch) => {
        const workload = workloadOf(batch, ...chosen.map(([layer, count]) => ({ ...layer, count })));
        const result = evaluate(toGpu(spec), workload);
        const shares = BOTTLENECKS.map((name) => result.secondsByBottleneck[name] / result.seconds);
        expect(Math.abs(shares.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
        const utilization = utilizationOf(result);
        for (const stream of STREAMS) {
          expect(utilization[stream]).toBeGreaterThanOrEqual(0);
          expect(utilization[stream]).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });
});

describe('delta-2019', () => {
  const { unread } = modelOf('delta-2019');
  /** Small enough to bind, or to be fewer CTAs; latencies are lengthened. */
  const worse = (id: ResourceId) =>
    id.endsWith('_ns') ? 1e4 : id === 'register_kib' || id === 'smem_kib' ? 0.5 : 1e-3;

  it('covers the forward pass alone', () => expect(modelOf('delta-2019').passes).toEqual(['forward']));

  it.each(RESOURCES.map(({ id, si }) => [id, si] as const))('reads %s exactly if it says so', (id, si) => {
    // registers and shared memory for two CTAs, so that half of either leaves one
    const gpu = roundGpu({ smem_kib: 32 });
    const factor = id === 'sm_count' ? 0.5 : worse(id);
    const changed = evaluate({ ...gpu, [si]: gpu[si] * factor });
    expect(changed.seconds === evaluate(gpu).seconds).toBe(unread.includes(id));
  });
});
