/** What the commands print as JSON is what the contract says. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RESOURCES } from '../../src/model/resources.js';
import { printed, printedJson } from '../helpers/command.js';
import { SMALL, writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

type Json = Record<string, unknown>;
interface LayerJson extends Json {
  count: number;
  flops: number;
  time_ms: number;
  gemm: { m: number; n: number; k: number };
  utilization: Record<string, number>;
}
interface ExplainJson extends Json {
  batch: number;
  layers: LayerJson[];
  total: { time_ms: number; flops: number; images_per_s: number };
}

describe('explain --json', () => {
  let json: ExplainJson;
  beforeAll(async () => {
    json = await printedJson(['explain', '--gpu', 'titan-xp', '--network', 'resnet152', '--batch', '32', '--json']);
  });

  it('has the fields of the contract first, in its order', () => {
    expect(json).toMatchObject({
      gpu: 'titan-xp',
      network: 'resnet152',
      batch: 32,
      pass: 'forward',
      model: 'delta',
    });
    const top = ['gpu', 'network', 'batch', 'pass', 'model', 'layers', 'total'];
    expect(Object.keys(json).slice(0, top.length)).toEqual(top);
    expect(Object.keys(json.total)).toEqual(['time_ms', 'flops', 'images_per_s']);
    for (const layer of json.layers) {
      const fields = [
        ...['name', 'pass', 'count', 'gemm', 'cta_tile', 'ctas', 'active_ctas_per_sm', 'flops'],
        ...['l1_bytes', 'l2_bytes', 'dram_bytes', 'time_ms', 'bottleneck', 'utilization'],
      ];
      expect(Object.keys(layer).slice(0, fields.length)).toEqual(fields);
      const keysOf = (field: string) => Object.keys(layer[field] as Json).sort();
      expect(keysOf('gemm')).toEqual(['k', 'm', 'n']);
      expect(keysOf('l1_bytes')).toEqual(['filter', 'ifmap']);
      expect(keysOf('l2_bytes')).toEqual(['filter', 'ifmap']);
      expect(keysOf('dram_bytes')).toEqual(['filter', 'ifmap', 'ofmap']);
      expect(keysOf('utilization')).toEqual(['compute', 'dram', 'issue', 'l1', 'l2', 'smem']);
      expect(['compute', 'issue', 'smem', 'l1', 'l2', 'dram', 'latency', 'launch']).toContain(layer['bottleneck']);
    }
  });

  it('has totals that count each layer as often as it occurs', () => {
    const sum = (figure: (layer: LayerJson) => number) =>
      json.layers.reduce((total, layer) => total + layer.count * figure(layer), 0);
    expect(sum(() => 1)).toBe(155);
    expect(json.total.flops).toBe(sum(({ flops }) => flops));
    expect(json.total.time_ms / sum(({ time_ms }) => time_ms)).toBeCloseTo(1, 12);
    expect(json.total.images_per_s / (json.batch / (json.total.time_ms / 1000))).toBeCloseTo(1, 12);
  });

  it('has layers that no resource is busier in than all the time, and that compute what their GEMM says', () => {
    for (const { utilization, flops, gemm } of json.layers) {
      expect(flops).toBe(2 * gemm.m * gemm.n * gemm.k);
      for (const share of Object.values(utilization)) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
  });

  it('says what was set by hand, and heeds it', async () => {
    const set = await printedJson<ExplainJson>([
      ...['explain', '--gpu', 'titan-xp', '--network', 'resnet152', '--batch', '32', '--json'],
      ...['--set', 'sm_count=60', '--set', 'cta_tile=128x64x8'],
    ]);
    expect(set['set']).toEqual({ sm_count: 60, cta_tile: '128x64x8' });
    expect(new Set(set.layers.map((layer) => layer['cta_tile']))).toEqual(new Set(['128x64x8']));
    expect(set.total.time_ms).toBeLessThan(json.total.time_ms);
    expect(set.total.flops).toBe(json.total.flops);
  });
});

describe('plan --json', () => {
  it('has points, grid, workloads and chunks, and tells time and disk', async () => {
    const spec = writeSpec(makeFolder(), SMALL);
    const plan = await printedJson<Json>(['plan', spec, '--json']);
    expect(plan).toMatchObject({ name: 'small', grid: 1200, chunks: 1, points: 1200 - (plan['rejected'] as number) });
    expect(plan['workloads']).toEqual([
      { network: 'alexnet', batch: 16, pass: 'forward' },
      { network: 'vgg16', batch: 4, pass: 'forward' },
    ]);
    expect(plan['estimated_seconds']).toBeGreaterThan(0);
    expect(plan['estimated_bytes']).toBeGreaterThan(0);
  });
});

describe('the catalogues', () => {
  it('have every GPU with every resource, alone as in the list', async () => {
    const gpus = await printedJson<Json[]>(['gpus', '--json']);
    const ids = gpus.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['titan-xp', 'p100', 'v100']));
    for (const gpu of gpus) for (const { id } of RESOURCES) expect(typeof gpu[id]).toBe('number');
    expect(await printedJson(['gpus', 'titan-xp', '--json'])).toEqual(gpus[ids.indexOf('titan-xp')]);
  });

  it('have every network with its layers, alone as in the list', async () => {
    const networks = await printedJson<{ name: string; macs_per_image: number; layers: Json[] }[]>([
      'networks',
      '--json',
    ]);
    const names = networks.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['alexnet', 'vgg16', 'googlenet', 'resnet50', 'resnet152', 'faster-rcnn-vgg16']),
    );
    for (const { layers, macs_per_image } of networks) {
      const macs = layers.map((layer) => (layer['count'] as number) * (layer['macs_per_image'] as number));
      expect(macs.reduce((sum, n) => sum + n, 0)).toBe(macs_per_image);
    }
    expect(await printedJson(['networks', 'vgg16', '--json'])).toEqual(networks[names.indexOf('vgg16')]);
  });

  it('say where the figures of a GPU come from', async () => {
    expect(await printed(['gpus', 'titan-xp'])).toMatch(
      /^NVIDIA TITAN Xp \(titan-xp\)\n\nfield +value +unit +source\n/,
    );
  });
});
