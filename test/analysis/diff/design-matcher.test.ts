/** Designs of random studies in each other's grids, against looking every design up by its values. */
import { describe, expect, it } from '@jest/globals';
import { designMatcher, hasRepeats, UNMATCHED, valueKey } from '../../../src/analysis/diff/design-matcher.js';
import { baselineValue, type GpuSpec } from '../../../src/model/gpu.js';
import { AXIS_IDS, type AxisId } from '../../../src/model/resources.js';
import type { AxisSpec } from '../../../src/space/axis.js';
import { pointValues } from '../../../src/space/evaluate-point.js';
import { gridOf, resolveStudy, type Study, type SweepSpec } from '../../../src/space/study.js';
import { ROUND_COSTS, ROUND_GPU, squareLayer } from '../../fixtures/model.js';
import { randomOf, type Random } from '../../helpers/random.js';

const PAIRS = 300;
const NETWORKS = ['a', 'b', 'c'].map((name) => ({ name, layers: [squareLayer()] }));

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Axes crossed, linked and named as options, values that come twice, baselines that differ now and then. */
function randomStudy(random: Random): Study {
  const baseline: GpuSpec = random.below(6) === 0 ? { ...ROUND_GPU, l2_mib: ROUND_GPU.l2_mib * 2 } : ROUND_GPU;
  const scale = (length: number): AxisSpec => ({ scale: times(length, () => pick(random, [1, 1, 0.5, 2])) });
  const workloads = times(1 + random.below(3), () => ({ network: pick(random, NETWORKS).name, batch: 8 }));
  const size = 1 + random.below(4);
  const isLinked = random.below(2) === 0;
  const spec: SweepSpec = {
    ...{ name: 'random', baseline: 'round', workloads },
    axes: {
      sm_count: scale(1 + random.below(3)),
      ...(random.below(2) ? { l2_mib: scale(1 + random.below(3)) } : {}),
      ...(isLinked ? {} : { dram_gbps: scale(size), l2_gbps: scale(1 + random.below(3)) }),
      ...(random.below(2) ? { cta_tile: { values: times(2, () => pick(random, ['auto', 'auto', '128x64x8'])) } } : {}),
    },
    linked: isLinked ? [{ dram_gbps: scale(size), l2_gbps: scale(size) }] : [],
    ...(random.below(4) === 0
      ? {
          options: times(2, () => ({
            scale: { clock_ghz: pick(random, [1, 2]), issue_per_clk: pick(random, [1, 2]) },
          })).map((option, i) => ({ name: `option-${i}`, ...option })),
        }
      : {}),
  };
  const networks = workloads.map(({ network }) => NETWORKS.find(({ name }) => name === network)!);
  return resolveStudy(spec, { baseline, networks, costs: ROUND_COSTS });
}

/** Everything that makes a design and its workload what they are. */
function keyOf(study: Study, id: number): string {
  const { workload, axes } = pointValues(study, id);
  const { network, batch, pass } = study.workloads[workload]!;
  const value = (axis: AxisId) => valueKey(axes.get(axis) ?? baselineValue(study.baseline, axis));
  return JSON.stringify([network.name, batch, pass, ...AXIS_IDS.map(value)]);
}

const idsOf = (study: Study) => Array.from({ length: gridOf(study).size }, (_, id) => id);

describe('the designs of one study in another', () => {
  it(`are found by their values, in ${PAIRS} pairs of random studies`, () => {
    let [found, missed, repeated] = [0, 0, 0];
    for (let seed = 0; seed < PAIRS; seed++) {
      const random = randomOf(seed);
      const [from, to] = [randomStudy(random), randomStudy(random)];
      const first = new Map<string, number>();
      for (const id of idsOf(to)) if (!first.has(keyOf(to, id))) first.set(keyOf(to, id), id);
      const expected = idsOf(from).map((id) => first.get(keyOf(from, id)) ?? UNMATCHED);
      expect(idsOf(from).map(designMatcher(from, to))).toEqual(expected);
      expect(hasRepeats(to)).toBe(first.size < gridOf(to).size);
      found += expected.filter((id) => id >= 0).length;
      missed += expected.filter((id) => id < 0).length;
      repeated += Number(hasRepeats(to));
    }
    for (const count of [found, missed]) expect(count).toBeGreaterThan(300);
    expect(repeated).toBeGreaterThan(30);
    expect(repeated).toBeLessThan(PAIRS);
  });

  it('are the same where a multiple of the baseline and a number differ in the last bits alone', () => {
    const study = (axis: AxisSpec) =>
      resolveStudy(
        { name: 's', baseline: 'round', workloads: [{ network: 'a', batch: 8 }], axes: { dram_gbps: axis } },
        { baseline: { ...ROUND_GPU, dram_gbps: 449.114 }, networks: [NETWORKS[0]!], costs: ROUND_COSTS },
      );
    const [scaled, written] = [study({ scale: [1, 1.9, 3] }), study({ values: [853.3166, 1347.342, 1347.343] })];
    expect(1.9 * 449.114).not.toBe(853.3166);
    expect([0, 1, 2].map(designMatcher(scaled, written))).toEqual([UNMATCHED, 0, 1]);
  });
});
