import { describe, expect, it } from '@jest/globals';
import { imbalanceOf } from '../../src/analysis/balance.js';
import { frontOfBatches } from '../../src/analysis/front.js';
import { NUMERIC_METRICS, type PointResult } from '../../src/model/metrics.js';
import { PointEvaluator } from '../../src/space/evaluate-point.js';
import { gridOf, resolveStudy, workloadOf, type Objective, type Study } from '../../src/space/study.js';
import { ROUND_COSTS, ROUND_GPU, squareLayer } from '../fixtures/model.js';

const network = { name: 'net', layers: [squareLayer(), squareLayer({ name: 'b', filter: 3, pad: 1 })] };

/** 2 workloads x 3 x 3 x 3 designs; those with a tenth of the registers cannot run. */
const study: Study = resolveStudy(
  {
    name: 'small',
    baseline: 'round',
    workloads: [
      { network: 'net', batch: 8 },
      { network: 'net', batch: 32 },
    ],
    axes: { dram_gbps: { scale: [1, 2, 4] }, macs_per_clk: { scale: [1, 2, 4] }, register_kib: { scale: [0.1, 1, 2] } },
  },
  { baseline: ROUND_GPU, networks: [network, network], costs: ROUND_COSTS },
);

const MINIMIZE: Objective[] = [
  { metric: 'time_ms', goal: 'minimize' },
  { metric: 'area_mm2', goal: 'minimize' },
];
const MAXIMIZE: Objective[] = [{ metric: 'speedup', goal: 'maximize' }];

const metricOf = (name: string) => NUMERIC_METRICS.find((metric) => metric.name === name)!.of;

/** Every design that can run. */
function feasiblePoints() {
  const evaluator = new PointEvaluator(study);
  const points: { id: number; point: PointResult }[] = [];
  for (let id = 0; id < gridOf(study).size; id++) {
    const point = evaluator.evaluateId(id);
    if (!('infeasible' in point)) points.push({ id, point });
  }
  return points;
}

const points = feasiblePoints();

/** The objectives of some points, as a store would hand them on: in batches, here of 7. */
function* storedMetrics(objectives: Objective[], of = points) {
  for (let from = 0; from < of.length; from += 7) {
    const batch = of.slice(from, from + 7);
    yield {
      ids: Float64Array.from(batch, ({ id }) => id),
      values: objectives.map(({ metric }) => Float64Array.from(batch, ({ point }) => metricOf(metric)(point))),
    };
  }
}

/** Ids that no design of the same workload dominates in time and area. */
function frontByComparing(): number[] {
  const costs = (point: PointResult) => MINIMIZE.map(({ metric }) => metricOf(metric)(point));
  return points
    .filter(({ id, point }) =>
      points.every((other) => {
        const [a, b] = [costs(other.point), costs(point)];
        const dominates = a.every((cost, i) => cost <= b[i]!) && a.some((cost, i) => cost < b[i]!);
        return workloadOf(study, other.id) !== workloadOf(study, id) || !dominates;
      }),
    )
    .map(({ id }) => id);
}

describe('the front of a study', () => {
  const front = frontOfBatches(study, MINIMIZE, storedMetrics(MINIMIZE));
  const ofWorkload = (workload: number) => front.filter((design) => design.workload === workload);

  it('is made of designs that can run', () => expect(points).toHaveLength(36)); // 2 x 3 x 3 x 2 of 54

  it('holds the designs that none of the same workload dominates', () => {
    expect(front.map(({ id }) => id).sort((a, b) => a - b)).toEqual(frontByComparing());
    expect(front.length).toBeLessThan(points.length);
  });

  it.each([0, 1])('is sorted by the first objective for workload %i, with the figures of each design', (workload) => {
    const times = ofWorkload(workload).map(({ point }) => metricOf('time_ms')(point));
    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const { id, point, imbalance } of ofWorkload(workload)) {
      expect(workloadOf(study, id)).toBe(workload);
      expect(point).toEqual(points.find((candidate) => candidate.id === id)!.point);
      expect(imbalance).toBe(imbalanceOf(point));
    }
  });

  it.each([0, 1])('marks the least imbalance and one knee inside for workload %i', (workload) => {
    const designs = ofWorkload(workload);
    const least = Math.min(...designs.map(({ imbalance }) => imbalance));
    expect(designs.filter(({ balanced }) => balanced).map(({ imbalance }) => imbalance)).toEqual([least]);
    const knees = designs.flatMap(({ knee }, i) => (knee ? [i] : []));
    expect(knees).toHaveLength(1);
    expect(knees[0]).toBeGreaterThan(0);
    expect(knees[0]).toBeLessThan(designs.length - 1);
  });

  it('has no knee with one objective, and the fastest designs alone', () => {
    const fastest = frontOfBatches(study, MAXIMIZE, storedMetrics(MAXIMIZE));
    for (const workload of [0, 1]) {
      const of = points.filter(({ id }) => workloadOf(study, id) === workload);
      const best = Math.max(...of.map(({ point }) => metricOf('speedup')(point)));
      const designs = fastest.filter((design) => design.workload === workload);
      expect(designs.map(({ point }) => metricOf('speedup')(point))).toEqual(designs.map(() => best));
      expect(designs.filter(({ balanced }) => balanced)).toHaveLength(1);
    }
    expect(fastest.some(({ knee }) => knee)).toBe(false);
  });

  it('is empty for a workload that nothing can run', () => {
    const second = points.filter(({ id }) => workloadOf(study, id) === 1);
    const designs = frontOfBatches(study, MINIMIZE, storedMetrics(MINIMIZE, second));
    expect(designs.map(({ id }) => id)).toEqual(ofWorkload(1).map(({ id }) => id));
  });
});
