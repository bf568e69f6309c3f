/** Robust and fragile designs against perturbing every constant and working all fronts out anew. */
import { describe, expect, it } from '@jest/globals';
import type { FrontQuery } from '../../src/analysis/front-query.js';
import { markRobust } from '../../src/analysis/robust-front.js';
import { frontOfBatches } from '../../src/analysis/front.js';
import { AREA_TERMS, areaFactors, areasOf, totalArea, type PerAreaConstant } from '../../src/model/cost.js';
import { toGpu, type Gpu } from '../../src/model/gpu.js';
import { NUMERIC_METRICS } from '../../src/model/metrics.js';
import { PointEvaluator } from '../../src/space/evaluate-point.js';
import { digitsOf } from '../../src/space/grid.js';
import { gridOf, workloadOf, type Objective, type Study } from '../../src/space/study.js';
import { randomOf, type Random } from '../helpers/random.js';
import { batchesOf, evaluateAll, randomObjectives, randomStudy, type MetricRow } from '../helpers/random-studies.js';

const STUDIES = 16;
const PERTURBATIONS = 20;
const ERRORS = { delta: 0.08, 'delta-2019': 0.322 }; // docs/accuracy.md, the larger of TITAN Xp and V100

const metric = (name: string) => NUMERIC_METRICS.find((candidate) => candidate.name === name)!;
const SURE = ['time_ms', 'area_mm2', 'speedup', 'dram_gb'].map(metric);

/** A world in which constants differ from what they are taken for. */
interface World {
  areas: PerAreaConstant;
  /** On the time of each point. */
  timeFactor: (id: number) => number;
}

type Choose = (name: string, low: number, high: number) => number;

/** A world with each constant where `choose` puts it between its bounds. */
function worldOf(study: Study, choose: Choose): World {
  const density = Object.fromEntries(
    Object.entries(study.costs.density).map(([node, bounds]) => {
      const value = choose(`density ${node}`, bounds.low, bounds.high);
      return [node, { value, low: value, high: value }];
    }),
  );
  const costs = { ...study.costs, density };
  for (const { id } of AREA_TERMS) {
    const constant = costs[id];
    costs[id] = { ...constant, value: choose(id, constant.low, constant.high) };
  }
  const error = ERRORS[study.model as keyof typeof ERRORS];
  const factors = new Map<number, number>();
  const timeFactor = (id: number) => {
    if (!factors.has(id)) factors.set(id, choose(`time ${id}`, 1 / (1 + error), 1 + error));
    return factors.get(id)!;
  };
  return { areas: areaFactors(toGpu(study.baseline), costs), timeFactor };
}

/** Worlds inside the bounds and at their corners, by turns. */
const randomWorld = (study: Study, random: Random, i: number) =>
  worldOf(study, (_, low, high) => (i % 2 === 0 ? random.between(low, high) : random.next() < 0.5 ? low : high));

/** The design of a point. */
function gpuOf(study: Study, id: number): Gpu {
  const digits: number[] = [];
  digitsOf(gridOf(study), id, digits);
  return { ...new PointEvaluator(study).gpuAt(digits) };
}

/** What a point costs in a world, given its design. */
function costsIn({ areas, timeFactor }: World, objectives: readonly Objective[], row: MetricRow, gpu: Gpu): number[] {
  const seconds = timeFactor(row['id']!) * row['time_ms']!;
  const area = totalArea(areasOf(gpu, areas));
  const figures: MetricRow = { time_ms: seconds, speedup: 1 / seconds, dram_gb: row['dram_gb']!, area_mm2: area };
  return objectives.map(({ metric: name, goal }) => (goal === 'minimize' ? figures[name]! : -figures[name]!));
}

/** Whether costs are as good in all objectives and better in one, by more than the program takes for rounding (1e-12). */
function surelyDominates(a: readonly number[], b: readonly number[]): boolean {
  const gaps = gapsOf(a, b);
  return gaps.every((gap) => gap <= 1e-13) && gaps.some((gap) => gap < -1e-11);
}

/** The same, where rounding may hide it. */
function mayDominate(a: readonly number[], b: readonly number[]): boolean {
  const gaps = gapsOf(a, b);
  return gaps.every((gap) => gap <= 1e-11) && gaps.some((gap) => gap < -1e-13);
}

const gapsOf = (a: readonly number[], b: readonly number[]) => a.map((cost, k) => (cost - b[k]!) / Math.abs(b[k]!));

/** The front of a study with its marks, and all points. */
function markedFront(study: Study, query: FrontQuery, random: Random) {
  const rows = evaluateAll(study);
  const byId = new Map(rows.map((row) => [row['id']!, row]));
  const metrics = query.objectives.map((objective) => objective.metric);
  const front = frontOfBatches(study, query.objectives, batchesOf(rows, metrics, random)).map(
    ({ point: _, ...design }) => ({
      ...byId.get(design.id)!,
      ...design,
    }),
  );
  markRobust(study, query, front, (columns) => batchesOf(rows, columns, random));
  return { rows, front };
}

type Marked = ReturnType<typeof markedFront>['front'][number];

/**
 * Worlds that are best for one point against another: each constant is low where the first has more of it, its time is short
 * and the other's long; densities at all ends.
 */
function worldsFor(study: Study, point: MetricRow, design: MetricRow, gpus: ReadonlyMap<number, Gpu>): World[] {
  const [ofPoint, ofDesign] = [gpus.get(point['id']!)!, gpus.get(design['id']!)!];
  const more = new Map<string, number>([
    ...AREA_TERMS.map(({ id, amount }) => [id, amount(ofPoint) - amount(ofDesign)] as const),
    [`time ${point['id']!}`, 1],
  ]);
  const nodes = Object.keys(study.costs.density);
  return Array.from({ length: 2 ** nodes.length }, (_, ends) =>
    worldOf(study, (name, low, high) => {
      const node = nodes.findIndex((nm) => name === `density ${nm}`);
      if (node >= 0) return (ends >> node) & 1 ? high : low;
      return (more.get(name) ?? 0) > 0 ? low : high;
    }),
  );
}

/** A study on a process of `ROUND_COSTS`: that of its constants, or another one. */
const atNode = (study: Study, nm: 7 | 14): Study => ({ ...study, baseline: { ...study.baseline, process_nm: nm } });

/** An objective that asks for what is better. */
const usual = ({ metric: name }: Objective): Objective => ({
  metric: name,
  goal: metric(name).better === 'low' ? 'minimize' : 'maximize',
});

describe('robust and fragile designs', () => {
  it.each<['delta' | 'delta-2019', number]>([
    ['delta', 2],
    ['delta-2019', 2],
    ['delta-2019', 3],
    ['delta', 4],
  ])('of %s, %i objectives, are those that perturbed constants leave on the front, and take off it', (model, count) => {
    const counts = { robust: 0, fragile: 0 };
    for (let seed = 0; seed < STUDIES; seed++) {
      const random = randomOf(7000 + 100 * count + seed);
      const study = atNode(randomStudy(random, model), seed % 2 === 0 ? 7 : 14);
      const objectives = randomObjectives(random, count, SURE).map(usual);
      const { rows, front } = markedFront(study, { objectives, over: 'each', limits: [] }, random);
      const metrics = objectives.map((objective) => objective.metric);
      // Designs that are equal in every objective are no rivals.
      const equals = (a: MetricRow, b: MetricRow) =>
        metrics.every((name) => Math.abs(a[name]! - b[name]!) <= 1e-12 * Math.abs(b[name]!));
      const byId = new Map(rows.map((row) => [row['id']!, row]));
      const rivalsOf = ({ id, workload }: Marked) =>
        rows.filter((row) => workloadOf(study, row['id']!) === workload && !equals(row, byId.get(id)!));
      const gpus = new Map(rows.map((row) => [row['id']!, gpuOf(study, row['id']!)]));
      const costsOf = (world: World, row: MetricRow) => costsIn(world, objectives, row, gpus.get(row['id']!)!);

      const robust = front.filter((design) => design.robust);
      for (let i = 0; i < PERTURBATIONS && robust.length > 0; i++) {
        const world = randomWorld(study, random, i);
        const costs = new Map(rows.map((row) => [row['id']!, costsOf(world, row)]));
        for (const design of robust) {
          const own = costs.get(design.id)!;
          expect(rivalsOf(design).filter((rival) => surelyDominates(costs.get(rival['id']!)!, own))).toEqual([]);
        }
      }

      const fragile = front.filter((design) => design.robust === false);
      for (const design of fragile) {
        const own = byId.get(design.id)!;
        const leaves = rivalsOf(design).some((rival) =>
          worldsFor(study, rival, own, gpus).some((world) => mayDominate(costsOf(world, rival), costsOf(world, own))),
        );
        expect(leaves).toBe(true);
      }
      counts.robust += robust.length;
      counts.fragile += fragile.length;
      expect(robust.length + fragile.length).toBe(front.length);
    }
    expect(counts.robust).toBeGreaterThan(STUDIES);
    expect(counts.fragile).toBeGreaterThan(STUDIES);
  });

  it('stay robust beside designs that equal them', () => {
    const random = randomOf(1);
    const study = randomStudy(random);
    const axis = { ...study.dimensions[0]![0]!, values: study.dimensions[0]![0]!.values.slice(0, 1) };
    const twice = { ...study, dimensions: [[{ ...axis, values: [axis.values[0]!, axis.values[0]!] }]] };
    const objectives: Objective[] = [
      { metric: 'time_ms', goal: 'minimize' },
      { metric: 'area_mm2', goal: 'minimize' },
    ];
    const { front } = markedFront(twice, { objectives, over: 'each', limits: [] }, random);
    expect(front.map(({ robust }) => robust)).toEqual(new Array(2 * study.workloads.length).fill(true));
  });

  it('have rivals within the limits alone', () => {
    const random = randomOf(12);
    const study = randomStudy(random);
    const objectives: Objective[] = [
      { metric: 'time_ms', goal: 'minimize' },
      { metric: 'area_mm2', goal: 'minimize' },
    ];
    const all = markedFront(study, { objectives, over: 'each', limits: [] }, random);
    const smallest = Math.min(...all.rows.map((row) => row['area_mm2']!));
    const within = markedFront(
      study,
      { objectives, over: 'each', limits: [{ metric: 'area_mm2', side: 'at most', value: smallest }] },
      random,
    );
    const smallestIds = new Set(all.rows.filter((row) => row['area_mm2'] === smallest).map((row) => row['id']));
    const isSmallest = ({ id }: Marked) => smallestIds.has(id);
    expect(all.front.filter(isSmallest).length).toBeGreaterThan(0);
    for (const design of within.front.filter(isSmallest)) expect(design.robust).toBe(true);
  });

  it.each<[string, Partial<Study>, Objective[], Partial<FrontQuery>]>([
    ['of shares and balance', {}, [{ metric: 'balance', goal: 'maximize' }], {}],
    ['over all workloads', {}, [{ metric: 'area_mm2', goal: 'minimize' }], { over: 'worst' }],
  ])('are not given %s', (_, changes, objectives, query) => {
    const random = randomOf(3);
    const study = { ...randomStudy(random), ...changes };
    const { front } = markedFront(study, { objectives, over: 'each', limits: [], ...query }, random);
    expect(front.map(({ robust }) => robust)).toEqual(front.map(() => null));
  });

  it('are not given for the time of passes that no measurement validates, but of their area', () => {
    const random = randomOf(3);
    const forward = randomStudy(random, 'delta');
    const study = {
      ...forward,
      workloads: forward.workloads.map((workload) => ({ ...workload, pass: 'training' as const })),
    };
    const marks = (name: string) =>
      markedFront(
        study,
        { objectives: [{ metric: name, goal: 'minimize' }], over: 'each', limits: [] },
        random,
      ).front.map(({ robust }) => typeof robust);
    expect(new Set(marks('time_ms'))).toEqual(new Set(['object']));
    expect(new Set(marks('area_mm2'))).toEqual(new Set(['boolean']));
  });
});
