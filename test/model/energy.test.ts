import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadCosts } from '../../src/space/files/costs-file.js';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { loadNetwork } from '../../src/space/files/network-file.js';
import { areaFactors, areasOf, totalArea } from '../../src/model/cost.js';
import {
  activityOf,
  addActivity,
  energyAmounts,
  energyFactors,
  energyFrom,
  noActivity,
  type Activity,
} from '../../src/model/energy.js';
import { evaluateLayer, evaluateLayers, evaluateWorkload } from '../../src/model/evaluate.js';
import { type WorkloadResult } from '../../src/model/workload-result.js';
import { modelOf } from '../../src/model/models.js';
import { toGpu } from '../../src/model/gpu.js';
import type { LayerResult } from '../../src/model/layer-model.js';
import { macsOf } from '../../src/model/layer.js';
import { MODEL_NAMES } from '../../src/model/model-names.js';
import { anyGpu, ROUND_COSTS, roundGpu, squareLayer } from '../fixtures/model.js';

const ACTIVITY: Activity = { macs: 1e12, smemBytes: 5e11, l1Bytes: 2.5e11, l2Bytes: 1.25e11, dramBytes: 1e11 };

const energy = (gpu = roundGpu(), activity = ACTIVITY, mm2 = 50, seconds = 2) =>
  energyFrom(energyFactors(gpu, ROUND_COSTS), energyAmounts(gpu, activity, mm2, seconds));

describe('the energy of a run (docs/model.md, 6.4)', () => {
  it('is right by hand', () => {
    // 1 TMAC x 10 pJ; 4, 2, 1 and 0.8 Tbit x 1, 2, 4 and 5 + 3 pJ; 0.1 W/mm2 x 50 mm2 x 2 s
    expect(energy()).toBeCloseTo(10 + 4 * 1 + 2 * 2 + 1 * 4 + 0.8 * (5 + 3) + 0.1 * 50 * 2, 12); // 38.4
  });

  it('of GDDR is that of its own device', () =>
    expect(energy(roundGpu({ memory: 'gddr' })) - energy()).toBeCloseTo(0.8 * (6 - 3), 12));

  it('is larger on an older process, but for DRAM devices and leakage', () =>
    expect(energy(roundGpu({ process_nm: 14 }))).toBeCloseTo(3 * (10 + 4 + 4 + 4 + 0.8 * 5) + 0.8 * 3 + 10, 12));

  it('grows with the time that the same work takes, by leakage alone', () =>
    expect(energy(roundGpu(), ACTIVITY, 50, 6) - energy()).toBeCloseTo(0.1 * 50 * 4, 12));
});

describe('the power of ResNet-152 on boards (docs/model.md, 6.4)', () => {
  const costs = loadCosts();
  const workload = { network: loadNetwork('resnet152'), batch: 256, pass: 'forward' as const };

  /** W of a GPU in that run. */
  function powerOf(id: string): number {
    const gpu = toGpu(loadGpu(id));
    const result = evaluateWorkload(gpu, workload) as WorkloadResult;
    const mm2 = totalArea(areasOf(gpu, areaFactors(gpu, costs)));
    const amounts = energyAmounts(gpu, result.activity, mm2, result.seconds);
    return energyFrom(energyFactors(gpu, costs), amounts) / result.seconds;
  }

  // board power as NVIDIA states it; no measured energy of these runs is published
  it.each([
    ['titan-xp', 250],
    ['gtx-1080-ti', 250],
    ['titan-x-pascal', 250],
    ['titan-x-maxwell', 250],
    ['m40', 250],
    ['p100', 250],
    ['v100', 300],
    ['a100', 400],
    ['h100', 350],
    ['h200', 700],
  ])('%s takes 60%% to 110%% of its %i W', (id, watts) => {
    expect(powerOf(id)).toBeGreaterThan(0.6 * watts);
    expect(powerOf(id)).toBeLessThan(1.1 * watts);
  });

  it('t4 takes 1.9 times its 70 W: the model has one voltage a node, and a capped board runs on less', () =>
    expect(powerOf('t4') / 70).toBeCloseTo(1.9, 1));
});

describe('what a run does', () => {
  const layer = (changes = {}) => evaluateLayer(roundGpu(), squareLayer(changes), 8) as LayerResult;

  it('counts the multiply-adds of whole tiles', () => {
    // M = 8 x 256, N = 128, K = 64: 16 tiles of 128x128, 8 loops of 8
    expect(activityOf(layer()).macs).toBe(16 * 8 * 128 * 128 * 8);
    expect(activityOf(layer()).macs).toBe(macsOf(layer().gemm));
    // 100 filters: the same tiles, a fifth of them for nothing
    expect(activityOf(layer({ outChannels: 100 })).macs).toBe(activityOf(layer()).macs);
  });

  it('moves through shared memory what is stored once and loaded by each warp', () =>
    // 4 B x 8 x (128 + 128 stored, 8 warps x (64 + 32) loaded), 16 tiles, 8 loops
    expect(activityOf(layer()).smemBytes).toBe(16 * 8 * 4 * 8 * (256 + 8 * 96)));

  it('moves the result between the SMs and L2, and L2 and DRAM', () => {
    const { traffic } = layer();
    const ofmap = 4 * 8 * 256 * 128;
    const { l1Bytes, l2Bytes, dramBytes } = activityOf(layer());
    expect(l1Bytes).toBe(traffic.l1.ifmap + traffic.l1.filter);
    expect(l2Bytes).toBe(traffic.l2.ifmap + traffic.l2.filter + ofmap);
    expect(dramBytes).toBe(traffic.dram.ifmap + traffic.dram.filter); // half of L2 holds the result
  });

  it.each(MODEL_NAMES.flatMap((model) => modelOf(model).passes.map((pass) => [model, pass] as const)))(
    'adds up over the layers of a workload, each as often as it occurs: %s, %s',
    (model, pass) => {
      const layers = [squareLayer({ filter: 3, pad: 1, count: 3 }), squareLayer({ name: 'other', stride: 2 })];
      const workload = { network: { name: 'two', layers }, batch: 4, pass };
      fc.assert(
        fc.property(anyGpu, (spec) => {
          const results = evaluateLayers(toGpu(spec), workload, model);
          const total = evaluateWorkload(toGpu(spec), workload, model);
          if ('infeasible' in results || 'infeasible' in total) return;
          const sum = noActivity();
          for (const result of results) addActivity(sum, activityOf(result), result.layer.count);
          expect(total.activity).toEqual(sum);
          expect(total.activity.macs).toBeGreaterThanOrEqual(total.flops / 2);
        }),
        { numRuns: 20 },
      );
    },
  );
});
