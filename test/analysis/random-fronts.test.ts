/** Fronts of random studies against comparing all with all. */
import { describe, expect, it } from '@jest/globals';
import { frontOfBatches } from '../../src/analysis/front.js';
import { joinWorkloads, METRICS_OVER_ALL, type Joint } from '../../src/analysis/over-workloads.js';
import { FrontArchive } from '../../src/analysis/pareto.js';
import { gridOf, workloadOf } from '../../src/space/study.js';
import { bruteForceFront } from '../helpers/fronts.js';
import { randomOf } from '../helpers/random.js';
import {
  batchesOf,
  costsOf,
  evaluateAll,
  randomObjectives,
  randomStudy,
  type MetricRow,
} from '../helpers/random-studies.js';

const STUDIES = 200;
const sorted = (ids: Iterable<number>) => [...ids].sort((a, b) => a - b);

describe('the fronts of 200 random studies', () => {
  it.each([2, 3, 4])('of %i objectives are those of comparing every pair, ties and equals included', (count) => {
    let equals = 0;
    for (let seed = 0; seed < STUDIES; seed++) {
      const random = randomOf(1000 * count + seed);
      const study = randomStudy(random);
      const objectives = randomObjectives(random, count);
      const rows = evaluateAll(study);
      const expected = study.workloads.flatMap((_, workload) =>
        bruteForceFront(
          rows.filter(({ id }) => workloadOf(study, id!) === workload),
          (row) => costsOf(row as MetricRow, objectives),
        ),
      );
      const metrics = objectives.map(({ metric }) => metric);
      const front = frontOfBatches(study, objectives, batchesOf(rows, metrics, random));
      expect(sorted(front.map(({ id }) => id))).toEqual(expected);
      const costs = new Set(
        front.map(
          ({ id, workload }) =>
            `${workload} ${String(
              costsOf(
                rows.find((row) => row['id'] === id)!,
                objectives,
              ),
            )}`,
        ),
      );
      equals += front.length - costs.size;
    }
    expect(equals).toBeGreaterThan(STUDIES);
  });

  it.each<[Joint, number]>([
    ['geomean', 2],
    ['geomean', 3],
    ['worst', 2],
    ['worst', 3],
  ])('over all workloads by %s, of %i objectives, are those of comparing every pair', (joint, count) => {
    for (let seed = 0; seed < STUDIES; seed++) {
      const random = randomOf(5000 + 1000 * count + seed);
      const study = randomStudy(random);
      const objectives = randomObjectives(random, count, METRICS_OVER_ALL);
      const designs = joinByHand(
        evaluateAll(study),
        gridOf(study).size / study.workloads.length,
        study.workloads.length,
        joint,
      );
      const metrics = objectives.map(({ metric }) => metric);
      const archive = new FrontArchive(objectives.map(({ goal }) => goal));
      const rows = designs.map(({ rows }) => rows.map((row) => [row['id']!, ...metrics.map((name) => row[name]!)]));
      for (const { ids, values } of joinWorkloads(rows, metrics, joint)) archive.add(ids, values);
      const expected = bruteForceFront(
        designs.map(({ joined }) => joined),
        (row) => costsOf(row as MetricRow, objectives),
      );
      expect(sorted(archive.members().ids)).toEqual(expected);
    }
  });
});

/** What each design that runs on every workload has over all of them. */
function joinByHand(rows: readonly MetricRow[], stride: number, workloads: number, joint: Joint) {
  const byId = new Map(rows.map((row) => [row['id']!, row]));
  const sumOf = (of: readonly MetricRow[], name: string) => of.reduce((sum, row) => sum + row[name]!, 0);
  const designs: { rows: MetricRow[]; joined: MetricRow }[] = [];
  for (let id = 0; id < stride; id++) {
    const of = Array.from({ length: workloads }, (_, w) => byId.get(id + w * stride)!);
    if (of.some((row) => row === undefined)) continue;
    const joined: MetricRow = { id };
    for (const { name, better } of METRICS_OVER_ALL) {
      const values = of.map((row) => row[name]!);
      const worst = better === 'low' ? Math.max(...values) : Math.min(...values);
      joined[name] = joint === 'worst' ? worst : sumOf(of, name) / workloads;
    }
    for (const name of ['l1_gb', 'l2_gb', 'dram_gb']) joined[name] = sumOf(of, name);
    joined['area_mm2'] = of[0]!['area_mm2']!;
    const speedups = of.map((row) => row['speedup']!);
    joined['speedup'] =
      joint === 'worst'
        ? Math.min(...speedups)
        : Math.exp(speedups.map(Math.log).reduce((sum, value) => sum + value, 0) / workloads);
    designs.push({ rows: of, joined });
  }
  return designs;
}
