/** What holds for the time of every layer on every GPU (docs/model.md, 11). */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BOTTLENECKS, STREAMS, type Stream } from '../../src/model/bottleneck.js';
import { evaluateLayer } from '../../src/model/evaluate.js';
import { utilizationOf } from '../../src/model/workload-result.js';
import { toGpu, type GpuSpec } from '../../src/model/gpu.js';
import type { LayerResult } from '../../src/model/layer-model.js';
import type { Layer, LayerPass } from '../../src/model/layer.js';
import { anyBatch, anyGpu, anyLayer } from '../fixtures/model.js';

/** Any GPU, in what `delta` reads beyond delta-2019 too; a 128x32x8 tile always fits. */
const anyDeltaGpu: fc.Arbitrary<GpuSpec> = fc
  .tuple(
    anyGpu,
    fc.record({
      macs_per_instr: fc.constantFrom(32, 64, 512),
      issue_per_clk: fc.constantFrom(1, 2, 4, 8),
      l1_kib: fc.constantFrom(0, 16, 64, 256),
      l2_mib: fc.constantFrom(0.5, 4, 50),
      kernel_generation: fc.constantFrom(6, 7),
      call_overhead_us: fc.constantFrom(0, 4, 1000),
    }),
  )
  .map(([spec, more]) => ({ ...spec, ...more, smem_kib: Math.max(10, spec.smem_kib) }));

const anyPass = fc.constantFrom<LayerPass>('forward', 'backward-data', 'backward-filter');

function evaluate(spec: GpuSpec, layer: Layer, batch: number, pass: LayerPass): LayerResult {
  const result = evaluateLayer(toGpu(spec), layer, batch, pass, 'delta');
  if ('infeasible' in result) throw new Error(result.infeasible);
  return result;
}

const forAll = (check: (spec: GpuSpec, layer: Layer, batch: number, pass: LayerPass) => void, numRuns = 30) =>
  fc.assert(fc.property(anyDeltaGpu, anyLayer, anyBatch, anyPass, check), { numRuns });

describe('the time of any layer on any GPU', () => {
  it('is the sum of what binds it', () => {
    forAll((spec, layer, batch, pass) => {
      const { seconds, bound } = evaluate(spec, layer, batch, pass);
      const parts = BOTTLENECKS.map((name) => bound[name]);
      expect(parts.reduce((a, b) => a + b) / seconds).toBeCloseTo(1, 12);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    });
  });

  it('is no shorter than any stream is busy', () => {
    forAll((spec, layer, batch, pass) => {
      const utilization = utilizationOf(evaluate(spec, layer, batch, pass));
      for (const stream of STREAMS) {
        expect(utilization[stream]).toBeGreaterThan(0);
        expect(utilization[stream]).toBeLessThanOrEqual(1 + 1e-12);
      }
    });
  });

  it('lies between the largest term of each wave and their sum', () => {
    forAll((spec, layer, batch, pass) => {
      const { seconds, cta, waves } = evaluate(spec, layer, batch, pass);
      const call = spec.call_overhead_us * 1e-6;
      const termsOf = (ctas: number) => [...STREAMS.map((stream) => ctas * cta[stream]), ctas > 0 ? cta.latency : 0];
      const over = (f: (terms: number[]) => number) =>
        call + waves.full * f(termsOf(waves.size)) + f(termsOf(waves.rest));
      expect(seconds).toBeGreaterThanOrEqual(over((terms) => Math.max(...terms)) * (1 - 1e-12));
      expect(seconds).toBeLessThanOrEqual(over((terms) => Math.max(...terms)) * 7 ** (1 / 8) * (1 + 1e-12));
      expect(seconds).toBeLessThanOrEqual(over((terms) => terms.reduce((a, b) => a + b)) * (1 + 1e-12));
    });
  });

  it.each(['clock_ghz', 'macs_per_clk', 'smem_gbps', 'l1_gbps', 'l2_gbps', 'dram_gbps'] as const)(
    'never grows when %s grows',
    (rate) => {
      forAll((spec, layer, batch, pass) => {
        const before = evaluate(spec, layer, batch, pass).seconds;
        for (const factor of [1.01, 2, 40]) {
          const after = evaluate({ ...spec, [rate]: spec[rate] * factor }, layer, batch, pass).seconds;
          expect(after).toBeLessThanOrEqual(before * (1 + 1e-12));
        }
      }, 12);
    },
  );

  it.each(['l2_ns', 'dram_ns', 'call_overhead_us'] as const)('never grows when %s shrinks', (field) => {
    forAll((spec, layer, batch, pass) => {
      const before = evaluate(spec, layer, batch, pass).seconds;
      for (const factor of [0.99, 0.3, 0]) {
        const after = evaluate({ ...spec, [field]: spec[field] * factor }, layer, batch, pass).seconds;
        expect(after).toBeLessThanOrEqual(before * (1 + 1e-12));
      }
    }, 12);
  });

  it('halves when clock and bandwidths double and latencies and the call halve', () => {
    forAll((spec, layer, batch, pass) => {
      const faster = { ...spec };
      for (const rate of ['clock_ghz', 'smem_gbps', 'l1_gbps', 'l2_gbps', 'dram_gbps'] as const) faster[rate] *= 2;
      for (const time of ['l2_ns', 'dram_ns', 'call_overhead_us'] as const) faster[time] /= 2;
      const [one, half] = [spec, faster].map((gpu) => evaluate(gpu, layer, batch, pass).seconds);
      expect(half! / one!).toBeCloseTo(0.5, 12);
    });
  });

  it('does not read the latency of L1', () => {
    forAll((spec, layer, batch, pass) => {
      const slow = evaluate({ ...spec, l1_ns: 1e6 }, layer, batch, pass);
      expect(slow.seconds).toBe(evaluate(spec, layer, batch, pass).seconds);
    });
  });
});

describe('what binds a layer', () => {
  /** Where the rate of a stream is one resource of its own. */
  it.each<[Stream, keyof GpuSpec & `${string}_gbps`]>([
    ['smem', 'smem_gbps'],
    ['l1', 'l1_gbps'],
    ['l2', 'l2_gbps'],
    ['dram', 'dram_gbps'],
  ])('is, for %s, the slope of its time in the logarithm of %s', (stream, rate) => {
    const step = 1e-4;
    forAll((spec, layer, batch, pass) => {
      const { seconds, bound } = evaluate(spec, layer, batch, pass);
      const [below, above] = [-step, step].map(
        (shift) => evaluate({ ...spec, [rate]: spec[rate] * Math.exp(shift) }, layer, batch, pass).seconds,
      );
      const slope = (below! - above!) / (2 * step);
      expect(Math.abs(slope - bound[stream])).toBeLessThan(1e-5 * bound[stream] + 1e-10 * seconds);
    });
  });

  it('is, for compute, issue and latency together, the slope in the clock and latencies', () => {
    // what does not count clocks or latencies counts bytes, or is the call
    const step = 1e-4;
    forAll((spec, layer, batch, pass) => {
      const { seconds, bound } = evaluate(spec, layer, batch, pass);
      const [below, above] = [-step, step].map((shift) => {
        const factor = Math.exp(shift);
        const scaled = { ...spec, clock_ghz: spec.clock_ghz * factor };
        return evaluate({ ...scaled, l2_ns: spec.l2_ns / factor, dram_ns: spec.dram_ns / factor }, layer, batch, pass)
          .seconds;
      });
      const slope = (below! - above!) / (2 * step);
      const decided = bound.compute + bound.issue + bound.latency;
      expect(Math.abs(slope - decided)).toBeLessThan(1e-5 * decided + 1e-10 * seconds);
    });
  });
});
