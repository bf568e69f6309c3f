/** Small random studies with everything evaluated point by point, and random objectives. */
import { NUMERIC_METRICS, type PointResult } from '../../src/model/metrics.js';
import type { ResourceId } from '../../src/model/resources.js';
import type { AxisSpec } from '../../src/space/axis.js';
import { PointEvaluator } from '../../src/space/evaluate-point.js';
import { gridOf, resolveStudy, type Objective, type Study } from '../../src/space/study.js';
import { ROUND_COSTS, ROUND_GPU, squareLayer } from '../fixtures/model.js';
import type { Random } from './random.js';

/** The last one moves area alone in `delta-2019`, so that times tie. */
const AXES: readonly ResourceId[] = [
  ...([
    'sm_count',
    'clock_ghz',
    'macs_per_clk',
    'smem_gbps',
    'l1_gbps',
    'l2_gbps',
    'dram_gbps',
    'register_kib',
  ] as const),
  'l2_mib',
];

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;

/** So many of a list, in random order. */
function draw<T>(random: Random, from: readonly T[], count: number): T[] {
  const left = [...from];
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0]!);
}

const NETWORK = {
  name: 'net',
  layers: [squareLayer(), squareLayer({ name: 'b', filter: 3, pad: 1 }), squareLayer({ name: 'c', outChannels: 512 })],
};

/** Up to 3 workloads and 4 axes of up to 4 values, some of them twice, so that designs tie and equal each other. */
export function randomStudy(random: Random, model: 'delta' | 'delta-2019' = 'delta-2019'): Study {
  const workloads = Array.from({ length: 1 + random.below(3) }, (_, i) => ({ network: 'net', batch: 8 * 4 ** i }));
  const axes = draw(random, AXES, 2 + random.below(3)).map((id): [ResourceId, AxisSpec] => {
    const smallest = id === 'register_kib' ? 0.2 : 0.5; // no tile fits a fifth of the registers
    return [id, { scale: Array.from({ length: 2 + random.below(3) }, () => pick(random, [smallest, 1, 2, 4])) }];
  });
  return resolveStudy(
    { name: 'random', model, baseline: 'round', workloads, axes: Object.fromEntries(axes) },
    { baseline: ROUND_GPU, networks: workloads.map(() => NETWORK), costs: ROUND_COSTS },
  );
}

/** So many metrics, each mostly to be what is better. */
export function randomObjectives(random: Random, count: number, from = NUMERIC_METRICS): Objective[] {
  return draw(random, from, count).map(({ name, better }) => ({
    metric: name,
    goal: (better === 'low') === random.next() < 0.8 ? 'minimize' : 'maximize',
  }));
}

/** A point's metrics by name, and `id`. */
export type MetricRow = Record<string, number>;

/** Every point that can run, ids ascending. */
export function evaluateAll(study: Study): MetricRow[] {
  const evaluator = new PointEvaluator(study);
  const rows: MetricRow[] = [];
  for (let id = 0; id < gridOf(study).size; id++) {
    const point = evaluator.evaluateId(id);
    if (!('infeasible' in point)) rows.push({ id, ...metricsOf(point) });
  }
  return rows;
}

function metricsOf(point: PointResult): MetricRow {
  return Object.fromEntries(NUMERIC_METRICS.map(({ name, of }) => [name, of(point)]));
}

/** Columns of rows, as a store hands them on: in batches of random sizes. */
export function* batchesOf(rows: readonly MetricRow[], metrics: readonly string[], random: Random) {
  for (let from = 0; from < rows.length;) {
    const batch = rows.slice(from, (from += 1 + random.below(20)));
    const column = (name: string) => Float64Array.from(batch, (row) => row[name]!);
    yield { ids: column('id'), values: metrics.map(column) };
  }
}

/** The objectives of a row, all to be small. */
export function costsOf(row: MetricRow, objectives: readonly Objective[]): number[] {
  return objectives.map(({ metric, goal }) => (goal === 'minimize' ? row[metric]! : -row[metric]!));
}
