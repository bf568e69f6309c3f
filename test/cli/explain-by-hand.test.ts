/** What `explain --json` prints is enough to redo every figure of time by hand (docs/model.md, 4.3 and 11.4). */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { printedJson } from '../helpers/command.js';

type Figures = Record<string, number>;
interface LayerJson {
  name: string;
  pass: string;
  count: number;
  flops: number;
  gemm: Figures;
  ctas: number;
  loops: number;
  active_ctas_per_sm: number;
  time_ms: number;
  bottleneck: string;
  waves: { ctas_per_sm: number; ctas: number; full: number; last_ctas: number };
  utilization: Figures;
  cta_us: Figures;
  around_us: Figures;
  bound_ms: Figures;
  l2_bytes: Figures;
  dram_bytes: Figures;
}
interface ExplainJson {
  layers: LayerJson[];
  total: { time_ms: number };
}

const STREAMS = ['compute', 'issue', 'smem', 'l1', 'l2', 'dram'];
const sum = (figures: Iterable<number>) => [...figures].reduce((a, b) => a + b, 0);
/** The name of the largest figure. */
const largest = (figures: Figures) => Object.entries(figures).reduce((a, b) => (b[1] > a[1] ? b : a))[0];

const explain = (gpu: string, model: string, ...more: string[]) =>
  printedJson<ExplainJson>([
    ...['explain', '--gpu', gpu, '--network', 'resnet50', '--batch', '48', '--model', model, '--json'],
    ...more,
  ]);

function expectClose(figure: number, byHand: number): void {
  expect(Math.abs(figure / byHand - 1)).toBeLessThan(1e-9);
}

/** CTAs of the busiest SM: this many at a time, the last wave with those left over. */
function wavesByHand({ ctas, active_ctas_per_sm }: LayerJson, sms: number): number[] {
  const waves = [];
  for (let left = Math.ceil(ctas / sms); left > 0; left -= active_ctas_per_sm)
    waves.push(Math.min(left, active_ctas_per_sm));
  return waves;
}

describe('the waves of a layer', () => {
  it.each(['delta', 'delta-2019'])('are those of its CTAs, with %s', async (model) => {
    const { layers } = await explain('v100', model);
    for (const layer of layers) {
      const { ctas_per_sm, ctas, full, last_ctas } = layer.waves;
      const waves = wavesByHand(layer, 80);
      expect(ctas_per_sm).toBe(sum(waves));
      expect([...Array<number>(full).fill(ctas), ...(last_ctas > 0 ? [last_ctas] : [])]).toEqual(waves);
    }
  });
});

describe.each([
  ['v100', 'forward', []],
  ['titan-xp', 'forward', []],
  ['p100', 'training', []],
  ['titan-xp', 'forward', ['--set', 'sm_count=3000']], // waves of one, on few SMs
  ['titan-xp', 'forward', ['--set', 'dram_gbps=60', '--set', 'register_kib=512']],
])('delta, on %s, %s, with %j', (gpuName, pass, more) => {
  let gpu: Figures;
  let layers: LayerJson[];
  let totalMs: number;
  beforeAll(async () => {
    gpu = await printedJson<Figures>(['gpus', gpuName, '--json']);
    for (const [, axis, value] of more.map((text) => /^(.*)=(.*)$/.exec(text) ?? [])) gpu[axis!] = Number(value);
    const json = await explain(gpuName, 'delta', '--pass', pass, ...more);
    layers = json.layers;
    totalMs = json.total.time_ms;
    expect(layers).toHaveLength(pass === 'training' ? 3 * 20 - 1 : 20);
  });

  const termsOf = ({ cta_us }: LayerJson, ctas: number): Figures => ({
    ...Object.fromEntries(STREAMS.map((stream) => [stream, ctas * cta_us[stream]!])),
    latency: cta_us['latency']!,
  });
  const waveUs = (terms: Figures) => sum(Object.values(terms).map((term) => term ** 8)) ** (1 / 8);

  it('has the time of its waves and its call', () => {
    for (const layer of layers) {
      const waves = wavesByHand(layer, gpu['sm_count']!).map((ctas) => waveUs(termsOf(layer, ctas)));
      expectClose(1000 * layer.time_ms, sum(waves) + gpu['call_overhead_us']!);
    }
    expectClose(totalMs, sum(layers.map(({ count, time_ms }) => count * time_ms)));
  });

  it('is bound by the largest term of its full wave, or its call', () => {
    for (const layer of layers) {
      const call = gpu['call_overhead_us']!;
      const full = termsOf(layer, layer.waves.ctas);
      const launches = call > 1000 * layer.time_ms - call;
      expect(layer.bottleneck).toBe(launches ? 'launch' : largest(full));
    }
  });

  it('decides its time term by term', () => {
    for (const layer of layers) {
      const decided: Figures = { launch: gpu['call_overhead_us']! };
      for (const ctas of wavesByHand(layer, gpu['sm_count']!)) {
        const terms = termsOf(layer, ctas);
        const wave = waveUs(terms);
        for (const [name, us] of Object.entries(terms)) decided[name] = (decided[name] ?? 0) + (us / wave) ** 8 * wave;
      }
      for (const [name, us] of Object.entries(decided)) expectClose(1000 * layer.bound_ms[name]!, us);
      expectClose(layer.time_ms, sum(Object.values(layer.bound_ms)));
    }
  });

  it('is as busy as its streams, averaged over the SMs', () => {
    for (const { pass, ctas, cta_us, flops, gemm, l2_bytes, dram_bytes, utilization, time_ms } of layers) {
      for (const stream of ['compute', 'issue', 'smem', 'l1'])
        expectClose(utilization[stream]! * 1000 * time_ms, (ctas / gpu['sm_count']!) * cta_us[stream]!);
      const busyMs = (bytes: number, gbps: number) => bytes / gbps / 1e6;
      // M N of all groups; in backward-filter as often as parts of K are added up
      const written = pass === 'backward-filter' ? dram_bytes['ofmap']! : (4 * flops) / (2 * gemm['k']!);
      const l2 = sum(Object.values(l2_bytes)) + written;
      expectClose(utilization['l2']! * time_ms, busyMs(l2, gpu['l2_gbps']!));
      expectClose(utilization['dram']! * time_ms, busyMs(sum(Object.values(dram_bytes)), gpu['dram_gbps']!));
    }
  });
});

describe.each(['v100', 'titan-xp'])('delta-2019, on %s', (gpuName) => {
  let gpu: Figures;
  let layers: LayerJson[];
  beforeAll(async () => {
    gpu = await printedJson<Figures>(['gpus', gpuName, '--json']);
    ({ layers } = await explain(gpuName, 'delta-2019'));
  });

  const streamsOf = ({ cta_us }: LayerJson): Figures =>
    Object.fromEntries(STREAMS.map((stream) => [stream, cta_us[stream]!]));

  it('has the time of its waves', () => {
    for (const layer of layers) {
      const { latency, first_tile, ofmap_tile } = layer.around_us;
      const [load, stream] = [layer.cta_us['latency']!, Math.max(...Object.values(streamsOf(layer)))];
      const waveUs = (ctas: number) => latency! + ctas * (first_tile! + ofmap_tile!) + Math.max(ctas * stream, load);
      expectClose(1000 * layer.time_ms, sum(wavesByHand(layer, gpu['sm_count']!).map(waveUs)));
    }
  });

  it('is bound by what most of its time is booked under', () => {
    for (const layer of layers) {
      const streams = streamsOf(layer);
      // the load stream is the slowest of latency and transfer; per loop, in us
      const loads = ['l1', 'l2', 'dram'].map((level) => {
        const latency = gpu[`${level}_ns`]! / 1000;
        return { level, latency, transfer: streams[level]! / layer.loops };
      });
      const load = loads.reduce((a, b) => (b.latency + b.transfer > a.latency + a.transfer ? b : a));
      expectClose(layer.cta_us['latency']!, layer.loops * (load.latency + load.transfer));
      const booked: Figures = { ...Object.fromEntries(STREAMS.map((name) => [name, 0])), latency: 0, launch: 0 };
      const book = (name: string, us: number) => (booked[name]! += us);
      for (const ctas of wavesByHand(layer, gpu['sm_count']!)) {
        const { latency, first_tile, ofmap_tile } = layer.around_us;
        book('latency', latency!);
        book('dram', ctas * (first_tile! + ofmap_tile!));
        const busiest = largest(streams);
        if (ctas * streams[busiest]! >= layer.cta_us['latency']!) book(busiest, ctas * streams[busiest]!);
        else {
          book('latency', layer.loops * load.latency);
          book(load.level, layer.loops * load.transfer);
        }
      }
      expect(layer.bottleneck).toBe(largest(booked));
      for (const [name, us] of Object.entries(booked)) expect(1000 * layer.bound_ms[name]!).toBeCloseTo(us, 6);
    }
  });

  it('is as busy as its streams, averaged over the SMs, with the OFmap at DRAM', () => {
    for (const { ctas, cta_us, dram_bytes, utilization, time_ms } of layers) {
      for (const stream of ['compute', 'smem', 'l1', 'l2'])
        expectClose(utilization[stream]! * 1000 * time_ms, (ctas / gpu['sm_count']!) * cta_us[stream]!);
      expect(utilization['issue']).toBe(0);
      const bytes = sum(Object.values(dram_bytes));
      expectClose(utilization['dram']! * time_ms, bytes / gpu['dram_gbps']! / 1e6);
    }
  });
});
