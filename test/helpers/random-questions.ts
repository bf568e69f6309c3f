/** Random studies of small networks, with a bit of everything that a frontier has to bound. */
import type { FrontQuery } from '../../src/analysis/front-query.js';
import type { Limit } from '../../src/analysis/limits.js';
import { loadCosts } from '../../src/space/files/costs-file.js';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import type { AxisSpec } from '../../src/space/axis.js';
import type { Layer, Network } from '../../src/model/layer.js';
import { gridOf, resolveStudy, type Study, type SweepSpec } from '../../src/space/study.js';
import { DeltaSweepError } from '../../src/errors.js';
import type { Random } from './random.js';

type Axes = NonNullable<SweepSpec['axes']>;

const SIMPLE_AXES = [
  'sm_count',
  'clock_ghz',
  'macs_per_clk',
  'macs_per_instr',
  'issue_per_clk',
  'register_kib',
  'smem_kib',
  'smem_gbps',
  'l1_kib',
  'l1_gbps',
  'l2_mib',
  'l2_gbps',
  'dram_gbps',
  'l1_ns',
  'l2_ns',
  'dram_ns',
] as const;

/** Axes that move together: rates with rates, against each other, with latencies, and with what decides tiles or traffic. */
const GROUPS = [
  ['macs_per_clk', 'issue_per_clk'],
  ['l2_mib', 'l2_gbps'],
  ['smem_gbps', 'l1_gbps'],
  ['l2_ns', 'dram_ns'],
  ['clock_ghz', 'dram_gbps'],
  ['sm_count', 'l2_gbps'],
  ['register_kib', 'smem_kib'],
  ['clock_ghz', 'l2_ns'],
] as const;

const CONSTRAINTS = [
  'l2_gbps >= 1.5 * dram_gbps',
  'macs_per_clk <= 2 * base.macs_per_clk || issue_per_clk > base.issue_per_clk',
  'sm_count * dram_gbps < 8 * base.sm_count * base.dram_gbps',
  'l1_kib + smem_kib < 3 * base.smem_kib',
  'clock_ghz < 1.05 * base.clock_ghz || sm_count < 3 * base.sm_count',
  'smem_gbps >= l1_gbps',
  'l2_ns <= dram_ns',
];

const GOALS = [
  { minimize: ['time_ms', 'area_mm2'] },
  { minimize: ['time_ms', 'area_mm2'] },
  { minimize: ['area_mm2'], maximize: ['speedup'] },
  { minimize: ['area_mm2', 'dram_gb'], maximize: ['tflops'] },
  { minimize: ['time_ms', 'area_mm2', 'energy_j'] },
  { minimize: ['time_ms', 'energy_j'] },
  { minimize: ['time_ms', 'l2_gb'] },
  { minimize: ['area_mm2'], maximize: ['l1_gb'] },
  { minimize: ['time_ms'] },
  { minimize: ['area_mm2'] },
];

const GPUS = ['titan-xp', 'v100', 'a100', 'p100'];

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;

/** Multiples of the baseline in no order, sometimes one of them twice. */
function scales(random: Random, count: number): number[] {
  const factors = Array.from({ length: count }, () => Number(random.between(0.5, 4).toFixed(2)));
  if (count > 2 && random.next() < 0.15) factors[0] = factors[1]!;
  return factors;
}

/** The axis as a spec has it; counts of SMs are whole. */
function axisOf(random: Random, id: string, count: number, baseline: string): AxisSpec {
  if (id !== 'sm_count') return { scale: scales(random, count) };
  const base = loadGpu(baseline).sm_count;
  return { values: scales(random, count).map((factor) => Math.round(factor * base)) };
}

function layerOf(random: Random, i: number): Layer {
  const filter = pick(random, [1, 3, 5]);
  const size = pick(random, [7, 14, 28]);
  const channels = () => pick(random, [16, 48, 64, 128, 256]);
  return {
    ...{ name: `conv${i}`, inChannels: channels(), inHeight: size, inWidth: size, outChannels: channels() },
    ...{ filterHeight: filter, filterWidth: filter, strideHeight: 1, strideWidth: 1 },
    ...{ padHeight: filter >> 1, padWidth: filter >> 1, groups: 1, count: 1 + random.below(4) },
  };
}

function networkOf(random: Random, name: string): Network {
  return { name, layers: Array.from({ length: 1 + random.below(3) }, (_, i) => layerOf(random, i)) };
}

/** A spec whose grid has at least so many points, and not many more. */
function specOf(random: Random, points: number): SweepSpec {
  const baseline = pick(random, GPUS);
  const model = random.next() < 0.8 ? 'delta' : 'delta-2019';
  const passes =
    model === 'delta' ? (['forward', 'forward', 'training', 'backward-data'] as const) : (['forward'] as const);
  const workloads = Array.from({ length: 1 + random.below(2) }, (_, w) => ({
    network: `net${w}`,
    batch: pick(random, [4, 32, 100]),
    pass: pick(random, passes),
  }));
  const axes: Record<string, unknown> = {};
  const linked: Axes[] = [];
  const used = new Set<string>();
  let size = workloads.length;
  for (let groups = random.below(3); groups > 0; groups--) {
    const group = pick(random, GROUPS).filter((id) => !used.has(id));
    if (group.length < 2) continue;
    const count = 2 + random.below(4);
    linked.push(Object.fromEntries(group.map((id) => [id, axisOf(random, id, count, baseline)])));
    group.forEach((id) => used.add(id));
    size *= count;
  }
  if (random.next() < 0.3) {
    axes['cta_tile'] = { values: ['auto', '128x64x8', '256x128x8'] };
    size *= 3;
  }
  const free: string[] = SIMPLE_AXES.filter((id) => !used.has(id));
  while (size < points && free.length > 0) {
    const [id] = free.splice(random.below(free.length), 1);
    const count = Math.min(2 + random.below(9), Math.ceil((1.5 * points) / size));
    axes[id!] = axisOf(random, id!, count, baseline);
    size *= count;
  }
  const constraints = CONSTRAINTS.filter(() => random.next() < 0.2);
  const objectives = pick(random, GOALS);
  return { name: 'random', model, baseline, workloads, axes: axes, linked, constraints, objectives };
}

/** A study, or undefined where its constraints leave nothing of it. */
function studyOf(random: Random, points: number): Study | undefined {
  const spec = specOf(random, points);
  const networks = spec.workloads.map(({ network }) => networkOf(random, network));
  try {
    return resolveStudy(spec, { baseline: loadGpu(spec.baseline), networks, costs: loadCosts() });
  } catch (error) {
    if (error instanceof DeltaSweepError) return undefined;
    throw error;
  }
}

/** A study with a grid of about this many points; up to two limits, near figures that designs have. */
export function randomQuestion(random: Random, points: number): { study: Study; query: FrontQuery } {
  for (;;) {
    const study = studyOf(random, points);
    if (!study || gridOf(study).size > 3 * points) continue;
    const limits: Limit[] = [];
    if (random.next() < 0.3) limits.push({ metric: 'area_mm2', side: 'at most', value: random.between(300, 2500) });
    if (random.next() < 0.2) limits.push({ metric: 'speedup', side: 'at least', value: random.between(0.5, 3) });
    return { study, query: { objectives: study.objectives, over: 'each', limits } };
  }
}
