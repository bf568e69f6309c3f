/** `trace`, run as users run it, against the simulation and the models called directly. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { loadNetwork } from '../../src/space/files/network-file.js';
import { evaluateLayer } from '../../src/model/evaluate.js';
import { MODEL_NAMES } from '../../src/model/model-names.js';
import { toGpu, withAxes, type Gpu } from '../../src/model/gpu.js';
import type { AxisId, AxisValue } from '../../src/model/resources.js';
import { makeTile } from '../../src/model/tile.js';
import { simulate, type SimulationOptions } from '../../src/model/simulation/simulate.js';
import { deltaSweep, printed, printedJson } from '../helpers/command.js';
import { tempFolders } from '../helpers/temp.js';

interface OperandBytes {
  ifmap: number;
  filter: number;
}
type LevelBytes = Record<'l1_bytes' | 'l2_bytes' | 'dram_bytes', OperandBytes>;
interface TraceJson {
  cta_tile: string;
  ctas: number;
  active_ctas_per_sm: number;
  sm_count: number;
  l1_kib: number;
  l2_mib: number;
  simulation: LevelBytes & { accesses: number };
  models: Record<string, LevelBytes>;
}

const NETWORK = `
name: two
layers:
  - { name: wide, in_channels: 8, in_height: 28, in_width: 28, out_channels: 512, filter: 3, padding: 1 }
  - { name: narrow, in_channels: 8, in_height: 7, in_width: 7, out_channels: 16, filter: 1 }
`;
const makeFolder = tempFolders();
const file = join(makeFolder(), 'two.yaml');
writeFileSync(file, NETWORK);

const BATCH = 2;
const TRACE = ['trace', '--gpu', 'titan-xp', '--network', file, '--layer', 'wide', '--batch', String(BATCH)];
const trace = (...more: string[]) => printedJson<TraceJson>([...TRACE, ...more, '--json']);
/** What each of the caches and the order of the CTAs matter for. */
const TIGHT = { l2_mib: 0.03, sm_count: 3 };
const TIGHT_OPTIONS = ['--set', 'l2_mib=0.03', '--set', 'sm_count=3'];

const layer = loadNetwork(file).layers[0]!;
const gpuWith = (changes: Partial<Record<AxisId, AxisValue>>) => withAxes(toGpu(loadGpu('titan-xp')), changes);

/** What the simulation says, called directly. */
function simulated(json: TraceJson, gpu: Gpu, options: SimulationOptions = {}) {
  const [m, n, k] = json.cta_tile.split('x').map(Number) as [number, number, number];
  const { l1Bytes, l2Bytes, smCount } = gpu;
  const { l1, l2, dram, accesses } = simulate(
    { layer, batch: BATCH, tile: makeTile(m, n, k), smCount, activeCtas: json.active_ctas_per_sm, l1Bytes, l2Bytes },
    options,
  );
  return { l1_bytes: l1, l2_bytes: l2, dram_bytes: dram, accesses };
}

describe('trace --json', () => {
  let json: TraceJson;
  beforeAll(async () => {
    json = await trace();
  });

  it('says what was simulated, and has the bytes of the simulation and of each model', () => {
    expect(Object.keys(json)).toEqual([
      ...['gpu', 'network', 'layer', 'batch', 'cta_tile', 'ctas', 'active_ctas_per_sm', 'sm_count', 'l1_kib', 'l2_mib'],
      ...['in_step', 'seed', 'simulation', 'models'],
    ]);
    expect(json).toMatchObject({
      ...{ gpu: 'titan-xp', network: 'two', layer: 'wide', batch: 2, sm_count: 30, l2_mib: 3 },
      ...{ in_step: false, seed: 1 },
    });
    const levels = ['l1_bytes', 'l2_bytes', 'dram_bytes'];
    expect(Object.keys(json.simulation)).toEqual([...levels, 'accesses']);
    expect(Object.keys(json.models)).toEqual(['delta', 'delta-2019']);
    for (const bytes of [json.simulation, ...Object.values(json.models)])
      for (const level of levels) expect(Object.keys(bytes[level as 'l1_bytes'])).toEqual(['ifmap', 'filter']);
  });

  it('has the bytes that the simulation gives when it is called directly', () => {
    expect(json.simulation).toEqual(simulated(json, gpuWith({})));
  });

  it('has the tile, the CTAs and the bytes of the models, in the same tile', () => {
    const result = evaluateLayer(gpuWith({}), layer, BATCH, 'forward', 'delta');
    expect(result).toMatchObject({
      tile: { name: json.cta_tile },
      tiling: { ctas: json.ctas },
      activeCtas: json.active_ctas_per_sm,
    });
    for (const model of MODEL_NAMES) {
      const { l1_bytes, l2_bytes, dram_bytes } = json.models[model]!;
      expect(evaluateLayer(gpuWith({ cta_tile: json.cta_tile }), layer, BATCH, 'forward', model)).toMatchObject({
        traffic: { l1: l1_bytes, l2: l2_bytes, dram: dram_bytes },
      });
    }
  });

  it.each<[string, Partial<Record<AxisId, AxisValue>>]>([
    ['no L1', { l1_kib: 0 }],
    ['a small L2', { l2_mib: 0.02 }],
    ['a tile', { cta_tile: '64x64x8' }],
    ['few SMs and registers', { sm_count: 2, register_kib: 64, l2_mib: 0.02 }],
  ])('heeds --set: %s', async (_what, changes) => {
    const set = await trace(...Object.entries(changes).flatMap(([axis, value]) => ['--set', `${axis}=${value}`]));
    expect(set).toMatchObject(changes['register_kib'] ? { sm_count: 2, active_ctas_per_sm: 1 } : changes);
    expect(set.simulation).toEqual(simulated(set, gpuWith(changes)));
    expect(set.simulation).not.toEqual(json.simulation);
  });

  it('heeds --in-step', async () => {
    const rows = await trace('--in-step', ...TIGHT_OPTIONS);
    expect(rows).toMatchObject({ in_step: true });
    expect(rows.simulation).toEqual(simulated(rows, gpuWith(TIGHT), { inStep: true }));
    expect(rows.simulation).not.toEqual(simulated(rows, gpuWith(TIGHT)));
  });

  it('gives the same bytes for the same seed', async () => {
    const [seven, again, eight] = await Promise.all([
      trace(...TIGHT_OPTIONS, '--seed', '7'),
      trace(...TIGHT_OPTIONS, '--seed', '7'),
      trace(...TIGHT_OPTIONS, '--seed', '8'),
    ]);
    expect(seven).toMatchObject({ seed: 7 });
    expect(again).toEqual(seven);
    expect(eight.simulation.l1_bytes).toEqual(seven.simulation.l1_bytes); // no seed changes what is asked for
    expect(seven.simulation).toEqual(simulated(seven, gpuWith(TIGHT), { seed: 7 }));
  });
});

describe('trace, as text', () => {
  it('fits 100 columns, and has the bytes of the simulation beside those of the models', async () => {
    const text = await printed([
      ...['trace', '--gpu', 'titan-x-maxwell', '--network', 'faster-rcnn-vgg16', '--layer', 'rpn_bbox_pred'],
      ...['--batch', '1'],
    ]);
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(text).not.toMatch(/undefined|NaN/);
    expect(text).toMatch(/^rpn_bbox_pred of faster-rcnn-vgg16, batch 1, forward, on titan-x-maxwell\ntile 128x/);
    // 19 rows of tiles read 512 x 36 filters of 4 B: 1.401 MB asked of L1
    expect(text).toMatch(/\nL1 +filter +[\d.]+ MB +[\d.]+ MB +1\.000 /);
    expect(text.match(/\n(L1|L2|DRAM) +(ifmap|filter) /g)).toHaveLength(6);
  });
});

describe('trace with wrong input', () => {
  it.each<[string[], RegExp]>([
    [
      [...TRACE, '--layer', 'wid'],
      /--layer: unknown value, got "wid", expected one of wide, narrow.*did you mean 'wide'/,
    ],
    [[...TRACE, '--seed', 'x'], /seed: out of bounds, got NaN, expected a whole number/],
    [[...TRACE, '--batch', '0'], /--batch, got 0/],
    [[...TRACE, '--set', 'smem_kib=1'], /wide cannot run: no CTA fits an SM/],
    [TRACE.filter((arg) => arg !== '--layer' && arg !== 'wide'), /missing required argument: layer/],
  ])('is refused in one line: %j', async (args, message) => {
    const { code, stdout, stderr } = await deltaSweep(args);
    expect(stderr).toMatch(/^delta-sweep: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
