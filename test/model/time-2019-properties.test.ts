/** What holds for the time of every layer on every GPU (docs/model.md, 4 and 5). */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BOTTLENECKS, STREAMS, type Bottleneck } from '../../src/model/bottleneck.js';
import { evaluateLayer } from '../../src/model/evaluate.js';
import type { LayerResult } from '../../src/model/layer-model.js';
import { toGpu, type GpuSpec } from '../../src/model/gpu.js';
import type { Layer } from '../../src/model/layer.js';
import { dramReadBytes, l1Bytes, l2Bytes } from '../../src/model/traffic/traffic.js';
import { anyBatch, anyGpu, anyLayer } from '../fixtures/model.js';

function evaluate(spec: GpuSpec, layer: Layer, batch: number): LayerResult {
  const result = evaluateLayer(toGpu(spec), layer, batch, 'forward', 'delta-2019');
  if ('infeasible' in result) throw new Error(result.infeasible);
  return result;
}

/** The rates, and what each of them is the rate of. */
const RATES = [
  ['clock_ghz', 'compute'],
  ['macs_per_clk', 'compute'],
  ['smem_gbps', 'smem'],
  ['l1_gbps', 'l1'],
  ['l2_gbps', 'l2'],
  ['dram_gbps', 'dram'],
] as const satisfies [keyof GpuSpec, Bottleneck][];
const LATENCIES = ['l1_ns', 'l2_ns', 'dram_ns'] as const;

const scaled = (spec: GpuSpec, fields: readonly (keyof GpuSpec)[], factor: number): GpuSpec => ({
  ...spec,
  ...Object.fromEntries(fields.map((field) => [field, (spec[field] as number) * factor])),
});

/** Runs one wave after the other, as the text of 4.3 has it, in files' units: ns and bytes per ns. */
function secondsWaveByWave(spec: GpuSpec, { tile, tiling, activeCtas, traffic }: LayerResult): number {
  const loops = tiling.ctas * tiling.loops;
  const share = { l2: spec.l2_gbps / spec.sm_count, dram: spec.dram_gbps / spec.sm_count };
  const compute = (tile.m * tile.n * tile.k) / (spec.macs_per_clk * spec.clock_ghz);
  const smem = (4 * tile.k * (tile.m + tile.n + (tile.warpM + tile.warpN) * tile.warps)) / spec.smem_gbps;
  const l1 = l1Bytes(traffic) / loops / spec.l1_gbps;
  const l2 = l2Bytes(traffic) / loops / share.l2;
  const dram = dramReadBytes(traffic) / loops / share.dram;
  const load = Math.max(spec.l1_ns + l1, spec.l2_ns + l2, spec.dram_ns + dram);
  let ns = 0;
  for (let left = Math.ceil(tiling.ctas / spec.sm_count); left > 0;) {
    const ctas = Math.min(left, activeCtas);
    ns += spec.dram_ns + (ctas * 4 * (tile.m + tile.n) * tile.k) / share.dram;
    ns += tiling.loops * Math.max(ctas * Math.max(compute, smem, l1, l2, dram), load);
    ns += (ctas * 4 * tile.m * tile.n) / share.dram;
    left -= ctas;
  }
  return ns * 1e-9;
}

describe('the time of any layer on any GPU', () => {
  it('is that of its waves, run one by one', () => {
    fc.assert(
      fc.property(anyGpu, anyLayer, anyBatch, (spec, layer, batch) => {
        const result = evaluate(spec, layer, batch);
        expect(result.seconds / secondsWaveByWave(spec, result)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is the sum of what binds it, and its bottleneck the largest part', () => {
    fc.assert(
      fc.property(anyGpu, anyLayer, anyBatch, (spec, layer, batch) => {
        const { seconds, bound, bottleneck } = evaluate(spec, layer, batch);
        const parts = BOTTLENECKS.map((name) => bound[name]);
        expect(parts.reduce((a, b) => a + b) / seconds).toBeCloseTo(1, 12);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
        expect(bound[bottleneck]).toBe(Math.max(...parts));
        expect([bound.issue, bound.launch]).toEqual([0, 0]);
      }),
    );
  });

  it('is no shorter than any stream is busy', () => {
    fc.assert(
      fc.property(anyGpu, anyLayer, anyBatch, (spec, layer, batch) => {
        const { seconds, busy } = evaluate(spec, layer, batch);
        for (const stream of STREAMS) expect(busy[stream]).toBeLessThanOrEqual(seconds * (1 + 1e-12));
      }),
    );
  });

  it.each(RATES.map(([rate]) => rate))('never grows when %s grows', (rate) => {
    fc.assert(
      fc.property(
        anyGpu,
        anyLayer,
        anyBatch,
        fc.double({ min: 1, max: 50, noNaN: true }),
        (spec, layer, batch, factor) => {
          const before = evaluate(spec, layer, batch).seconds;
          expect(evaluate(scaled(spec, [rate], factor), layer, batch).seconds).toBeLessThanOrEqual(
            before * (1 + 1e-12),
          );
        },
      ),
    );
  });

  it('never shrinks when a latency grows', () => {
    fc.assert(
      fc.property(anyGpu, anyLayer, anyBatch, fc.constantFrom(...LATENCIES), (spec, layer, batch, latency) => {
        const before = evaluate(spec, layer, batch).seconds;
        expect(evaluate(scaled(spec, [latency], 3), layer, batch).seconds).toBeGreaterThanOrEqual(before * (1 - 1e-12));
      }),
    );
  });

  it('halves when every rate doubles and every latency halves', () => {
    const rates = RATES.map(([rate]) => rate).filter((rate) => rate !== 'clock_ghz');
    fc.assert(
      fc.property(anyGpu, anyLayer, anyBatch, (spec, layer, batch) => {
        const faster = scaled(scaled(spec, rates, 2), LATENCIES, 0.5);
        expect(evaluate(faster, layer, batch).seconds / evaluate(spec, layer, batch).seconds).toBeCloseTo(0.5, 12);
      }),
    );
  });
});

describe('what binds a layer', () => {
  /** d(seconds)/d(ln x) to both sides; they differ by the second derivative, or by much more at a kink. */
  function slopes(spec: GpuSpec, fields: readonly (keyof GpuSpec)[], layer: Layer, batch: number) {
    const step = 1e-3;
    const [below, here, above] = [-step, 0, step].map(
      (shift) => evaluate(scaled(spec, fields, Math.exp(shift)), layer, batch).seconds,
    );
    return { left: (here! - below!) / step, right: (above! - here!) / step, central: (above! - below!) / (2 * step) };
  }

  it.each<[string, (keyof GpuSpec)[], Bottleneck, 1 | -1]>([
    ...RATES.map(([rate, name]) => [rate, [rate], name, -1] as [string, (keyof GpuSpec)[], Bottleneck, -1]),
    ['latencies', [...LATENCIES], 'latency', 1],
  ])('is the slope of its time in the logarithm of %s, away from kinks', (_name, fields, bottleneck, sign) => {
    fc.assert(
      fc.property(anyGpu, anyLayer, anyBatch, (spec, layer, batch) => {
        const { seconds, bound } = evaluate(spec, layer, batch);
        const { left, right, central } = slopes(spec, fields, layer, batch);
        fc.pre(Math.abs(left - right) < 2e-3 * seconds);
        expect(Math.abs(sign * central - bound[bottleneck])).toBeLessThan(2e-3 * seconds);
      }),
    );
  });
});
