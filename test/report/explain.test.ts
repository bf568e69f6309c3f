/** The text of `explain`: a layer in full, and what a change of axes moved. */
import { describe, expect, it } from '@jest/globals';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { loadNetwork } from '../../src/space/files/network-file.js';
import { evaluateLayer, evaluateLayers } from '../../src/model/evaluate.js';
import { modelOf } from '../../src/model/models.js';
import { MODEL_NAMES } from '../../src/model/model-names.js';
import { toGpu, withAxes } from '../../src/model/gpu.js';
import type { LayerResult } from '../../src/model/layer-model.js';
import type { Layer, LayerPass, Pass } from '../../src/model/layer.js';
import type { AxisId, AxisValue } from '../../src/model/resources.js';
import { hitRates, renderLayer } from '../../src/report/explain-layer.js';
import { renderExplanation } from '../../src/report/explain.js';
import { roundGpu, squareLayer } from '../fixtures/model.js';

function expectToFit(text: string): void {
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  expect(text).not.toMatch(/ \n/);
}

function resultOf(layer: Layer, pass: LayerPass = 'forward', model: string = 'delta', gpu = roundGpu()): LayerResult {
  const result = evaluateLayer(gpu, layer, 8, pass, model);
  if ('infeasible' in result) throw new Error(result.infeasible);
  return result;
}

type Changes = Partial<Record<AxisId, AxisValue>>;

const networks = new Map(['resnet50', 'alexnet'].map((name) => [name, loadNetwork(name)]));

function explained(network: string, pass: Pass, set: Changes, only = /./, model: string = 'delta') {
  const evaluate = (changes: Changes) => {
    const gpu = withAxes(toGpu(loadGpu('v100')), changes);
    const results = evaluateLayers(gpu, { network: networks.get(network)!, batch: 8, pass }, model);
    if ('infeasible' in results) throw new Error(results.infeasible);
    return results.filter(({ layer }) => only.test(layer.name));
  };
  const [layers, before] = [evaluate(set), evaluate({})];
  return {
    layers,
    before,
    text: renderExplanation({ gpu: 'v100', network, batch: 8, pass, model, set, layers, before }),
  };
}

describe('a layer in full', () => {
  const networks = ['resnet50', 'alexnet'].map((name) => loadNetwork(name));
  const cases = MODEL_NAMES.map(modelOf).flatMap(({ name, passes }) =>
    passes.flatMap((pass) => networks.map((network) => [name, pass, network.name, network] as const)),
  );
  it.each(cases)('fits, of model %s, pass %s, network %s', (model, pass, _name, network) => {
    const workload = { network, batch: 16, pass };
    const results = evaluateLayers(toGpu(loadGpu('titan-x-maxwell')), workload, model);
    if ('infeasible' in results) throw new Error(results.infeasible);
    for (const result of results) expectToFit(renderLayer(result));
  });

  it('shows its GEMM, CTAs and waves', () => {
    // M = 8 x 256, N = 128, K = 64: 16 tiles of 128x128x8, 4 an SM and 2 at a time; 2 x 2048 x 128 x 64 FLOP
    const text = renderLayer(resultOf(squareLayer({ name: 'plain' })));
    expect(text).toMatch(/^plain, forward: [\d.]+ ms\n/);
    expect(text).toContain('64 x 16 x 16 -> 128 x 16 x 16, filter 1x1, stride 1x1, padding 0x0, count 1\n');
    expect(text).toContain('forward: M 2,048 x N 128 x K 64, 0.03355 GFLOP\n');
    expect(text).toContain('128x128x8: 256 threads, 128 KiB of registers, 16 KiB of shared memory\n');
    expect(text).toContain('16 = 16 rows x 1 column, 8 loops each\n');
    expect(text).toContain('2 CTAs an SM at once; the busiest SM runs 4: 2 waves of 2\n');
  });

  it('shows groups, parts of K and the last wave', () => {
    // 2 groups of 64 filters: 128x64x8, 2 x 16 CTAs; 8 an SM, 4 at a time (256/64 KiB)
    const grouped = renderLayer(resultOf(squareLayer({ groups: 2 })));
    expect(grouped).toContain('M 2,048 x N 64 x K 32, 2 groups, ');
    expect(grouped).toContain('32 = 16 rows x 1 column x 2 groups, 4 loops each\n');
    expect(grouped).toContain('4 CTAs an SM at once; the busiest SM runs 8: 2 waves of 4\n');
    // M 64: one tile of 128x128x8, K = 2048 in 4 parts of 64 loops
    const split = renderLayer(resultOf(squareLayer(), 'backward-filter'));
    expect(split).toContain('4 = 1 row x 1 column x 4 parts of K, 64 loops each\n');
    expect(split).toContain('the busiest SM runs 1: 1 wave of 1\n');
    // 16 CTAs on 3 SMs: 6 an SM, 4 of them at a time
    const last = renderLayer(resultOf(squareLayer(), 'forward', 'delta', roundGpu({ sm_count: 3, register_kib: 512 })));
    expect(last).toContain('the busiest SM runs 6: 1 wave of 4 and a last one of 2\n');
  });

  it('marks what binds it, once, with what each stream decides', () => {
    const result = resultOf(squareLayer());
    const text = renderLayer(result);
    expect(text.match(/<- binds/g)).toHaveLength(1);
    expect(text).toMatch(new RegExp(`\n${result.bottleneck} .*<- binds\n`));
    // 16.09 us of issue slots a CTA (computed for the time model), twice in a full wave
    expect(text).toMatch(/\nissue +16\.09 +32\.18 +\d+% /);
    expect(text).toMatch(/\nlaunch +- +- +- +4 +\d+%/);
  });

  it('does not spell out what decides next to nothing', () => {
    const text = renderLayer(resultOf(squareLayer(), 'forward', 'delta', roundGpu({ l1_gbps: 1e9, smem_gbps: 1e9 })));
    expectToFit(text);
    expect(text).toMatch(/\nl1 .*<0\.001 +0%/);
  });

  it('shows what delta-2019 has around the main loop', () => {
    const text = renderLayer(resultOf(squareLayer(), 'forward', 'delta-2019'));
    expect(text).toMatch(
      /\naround the main loop of every wave: latency 0\.4 us, first tile 0\.256 us, ofmap tile 2\.048 us$/,
    );
    expect(renderLayer(resultOf(squareLayer()))).not.toContain('around the main loop');
  });

  it('serves shares from 0 to 100%, also where a model reads more below than above', () => {
    const result = resultOf(squareLayer());
    const traffic = {
      l1: { ifmap: 60, filter: 20 },
      l2: { ifmap: 15, filter: 5 },
      dram: { ifmap: 8, filter: 2, ofmap: 99 },
    };
    expect(hitRates({ ...result, traffic })).toEqual({ l1: 0.75, l2: 0.5 });
    expect(hitRates({ ...result, traffic: { ...traffic, dram: { ifmap: 30, filter: 0, ofmap: 1 } } }).l2).toBe(0);
    expect(renderLayer({ ...result, traffic })).toMatch(/\nL2 +15 B +5 B +99 B +50% /);
  });
});

describe('what a change of axes moved', () => {
  it.each<[string, Pass, Changes]>([
    ['resnet50', 'training', { sm_count: 160 }],
    ['resnet50', 'forward', { dram_gbps: 100, l2_gbps: 500 }],
    ['alexnet', 'training', { dram_gbps: 50, l2_gbps: 400, cta_tile: '128x64x8' }],
  ])('fits: %s, %s, with %j', (network, pass, set) => {
    const { text, before, layers } = explained(network, pass, set);
    expectToFit(text);
    // a line for each layer that moved, eight at most, and how many more there are
    const moved = layers.filter((result, i) => Math.abs(Math.log(result.seconds / before[i]!.seconds)) > 1e-3);
    expect(moved.length).toBeGreaterThan(8);
    expect(text.match(/\n {2}\S.* -> .* ms, DRAM /g)).toHaveLength(8);
    expect(Number(/\n {2}and (\d+) more/.exec(text)![1])).toBeGreaterThanOrEqual(moved.length - 8);
  });

  it('tells the time without the change, and the speed-up', () => {
    const { text, before, layers } = explained('resnet50', 'forward', { clock_ghz: 3.06 }, /^conv3_1\/3x3$/);
    expect(text).toContain('on v100 with clock_ghz=3.06 (model delta)\n');
    const [, ms, speed] = /without the change (\S+) ms: (\S+) times as fast now/.exec(text)!;
    expect(Number(ms)).toBeCloseTo(4 * before[0]!.seconds * 1e3, 2); // the layer occurs four times
    expect(Number(speed)).toBeCloseTo(before[0]!.seconds / layers[0]!.seconds, 2);
    expect(text).toMatch(/\nwhat moved most:\n {2}conv3_1\/3x3: [\d.]+ -> [\d.]+ ms, DRAM .*, compute$/m);
  });

  it('tells what binds a layer now and did before, with both times', () => {
    const { text, before, layers } = explained('resnet50', 'forward', { dram_gbps: 20 }, /^conv3_1\/3x3$/);
    expect([before[0]!.bottleneck, layers[0]!.bottleneck]).toEqual(['compute', 'dram']);
    expect(text).toMatch(/\nwhat moved most:\n {2}conv3_1\/3x3: [\d.]+ -> [\d.]+ ms, DRAM .*, compute -> dram$/m);
  });

  it('tells the passes of training apart', () => {
    const { text } = explained('resnet50', 'training', { dram_gbps: 20 }, /^conv3_1\/3x3$/);
    for (const pass of ['fwd', 'data', 'filter'])
      expect(text).toMatch(new RegExp(`\n {2}conv3_1/3x3, ${pass}: .*\\w+ -> dram\n`));
  });

  it('fits with the longest names', () => {
    const named = (pass: LayerPass, gpu = roundGpu()) =>
      resultOf(squareLayer({ name: 'x'.repeat(200) }), pass, 'delta', gpu);
    const layers = [named('backward-filter', roundGpu({ dram_gbps: 1 }))];
    const text = renderExplanation({
      ...{ gpu: 'round', network: 'net', batch: 8, pass: 'training', model: 'delta', set: { dram_gbps: 1 } },
      ...{ layers, before: [named('backward-filter')] },
    });
    expectToFit(text);
    expect(text).toMatch(/x, filter: .*\w+ -> dram/);
  });

  it('is absent where nothing was changed', () => {
    const layers = [resultOf(squareLayer())];
    const rest = { gpu: 'round', network: 'net', batch: 8, pass: 'forward', model: 'delta', set: {}, layers } as const;
    expect(renderExplanation(rest)).not.toMatch(/without the change|what moved/);
  });
});
