import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AxisSensitivity } from '../../src/analysis/sensitivity/axis-sensitivity.js';
import { sensitivityOf, sensitivityOfMarginals } from '../../src/analysis/sensitivity/sensitivity.js';
import { summarizePoints, type Alike, type ReadPoints } from '../../src/analysis/sensitivity/summarize-points.js';
import { NUMERIC_METRICS } from '../../src/model/metrics.js';
import type { AxisId } from '../../src/model/resources.js';
import type { AxisSpec } from '../../src/space/axis.js';
import { digitsOf } from '../../src/space/grid.js';
import { gridOf, type Study, type SweepSpec } from '../../src/space/study.js';
import { bruteForceIndices, bruteForceSteps, type DigitPoint } from '../helpers/sobol.js';
import { studyOf } from '../space/studies.js';

const metricOf = (name: string) => NUMERIC_METRICS.find((metric) => metric.name === name)!;
const TIME = metricOf('time_ms');

const IDS: AxisId[] = ['sm_count', 'clock_ghz', 'macs_per_clk', 'l1_kib', 'l2_mib'];
const scaleUpTo = (size: number): AxisSpec => ({ scale: Array.from({ length: size }, (_, i) => i + 1) });

/** A study whose axes have these numbers of values. */
function studyOfShape(radices: readonly number[], workloads = 1, spec: Partial<SweepSpec> = {}): Study {
  return studyOf({
    workloads: Array.from({ length: workloads }, (_, i) => ({ network: 'tiny', batch: i + 1 })),
    axes: Object.fromEntries(radices.map((radix, d) => [IDS[d]!, scaleUpTo(radix)])),
    ...spec,
  });
}

/** A metric of each point of the grid: NaN where there is none. */
type Values = (digits: readonly number[], id: number) => number;

/** Points as a store hands them on, in batches of 7. */
function readerOf(study: Study, values: Values): ReadPoints {
  const grid = gridOf(study);
  return function* (alike?: Alike) {
    const ids = Array.from({ length: grid.size }, (_, id) => id);
    if (alike) {
      const { stride, radix } = alike;
      const keyOf = (id: number) => [Math.floor(id / (stride * radix)), id % stride, id] as const;
      ids.sort((a, b) => {
        const [x, y] = [keyOf(a), keyOf(b)];
        return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
      });
    }
    const rows = ids
      .map((id) => ({ id, value: values(digitsAt(study, id), id) }))
      .filter(({ value }) => value === value);
    for (let from = 0; from < rows.length; from += 7) {
      const batch = rows.slice(from, from + 7);
      yield {
        ids: Float64Array.from(batch, ({ id }) => id),
        values: [Float64Array.from(batch, ({ value }) => value)],
      };
    }
  };
}

/** Workload first. */
function digitsAt(study: Study, id: number): number[] {
  const grid = gridOf(study);
  const digits = grid.radices.map(() => 0);
  digitsOf(grid, id, digits);
  return digits;
}

/** The points of a workload, on the scale of logarithms. */
function pointsOf(study: Study, values: Values, workload: number): DigitPoint[] {
  const size = gridOf(study).size / study.workloads.length;
  return Array.from({ length: size }, (_, i) => i + workload * size)
    .map((id) => ({ digits: digitsAt(study, id).slice(1), y: Math.log(values(digitsAt(study, id), id)) }))
    .filter(({ y }) => y === y);
}

/** Axes in the order of the grid. */
function inGridOrder(study: Study, axes: readonly AxisSensitivity[]): AxisSensitivity[] {
  return study.dimensions.map(([axis]) => axes.find(({ axes: [id] }) => id === axis!.id)!);
}

const indicesOf = (study: Study, values: Values, workload = 0) =>
  inGridOrder(study, sensitivityOf(study, TIME, readerOf(study, values)).workloads[workload]!.axes).map(
    ({ first_order: firstOrder, total }) => ({ firstOrder: firstOrder ?? 0, total: total ?? 0 }),
  );

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
/** Times that are equal or differ by more than rounding. */
const time = fc.integer({ min: 1, max: 10_000 });
const times = fc.array(time, { minLength: 1, maxLength: 200 });

/** Two thirds of all points, and what they take. */
const timesWithHoles = fc.array(fc.oneof({ weight: 2, arbitrary: time }, fc.constant(Number.NaN)), {
  minLength: 1,
  maxLength: 200,
});

const cyclic =
  (list: readonly number[]): Values =>
  (_, id) =>
    list[id % list.length]!;

/** Times of up to 10,000 that differ by 1 have logarithms that differ by 1e-4, each within 1e-15: so close, shares of their variance are. */
const ROUNDING = 1e-10;

describe("Sobol's indices (docs/model.md, 15.2)", () => {
  it('are those of a brute-force reckoning, per workload, on grids with and without holes', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 1, max: 3 }),
        fc.oneof(times, timesWithHoles),
        (radices, workloads, list) => {
          const study = studyOfShape(radices, workloads);
          const { workloads: results } = sensitivityOf(study, TIME, readerOf(study, cyclic(list)));
          results.forEach(({ axes, points, variance }, w) => {
            const expected = pointsOf(study, cyclic(list), w);
            expect(points).toBe(expected.length);
            if (points === 0) return expect(variance).toBeNull();
            bruteForceIndices(expected).forEach(({ firstOrder, total }, d) => {
              const axis = inGridOrder(study, axes)[d]!;
              expect(Math.abs(axis.first_order! - firstOrder)).toBeLessThan(1e-10);
              expect(Math.abs(axis.total! - total)).toBeLessThan(1e-10);
            });
          });
        },
      ),
    );
  });

  it('are the same where groups do not fit and points come sorted instead', () => {
    fc.assert(
      fc.property(shapes, timesWithHoles, fc.integer({ min: 0, max: 12 }), (radices, list, mostGroups) => {
        const study = studyOfShape(radices, 2);
        const summaries = (most?: number) => summarizePoints(study, readerOf(study, cyclic(list)), Math.log, most)!;
        const [few, all] = [summaries(mostGroups), summaries()];
        all.forEach(({ points, digits }, w) => {
          if (points === 0) return;
          digits.forEach(({ levels, steps, squares }, d) => {
            const digit = few[w]!.digits[d]!;
            expect(digit.levels).toEqual(levels);
            expect(digit.squares).toBeCloseTo(squares!, 8);
            expect(digit.steps!.map(({ count }) => count)).toEqual(steps!.map(({ count }) => count));
            digit.steps!.forEach(({ mean }, i) =>
              steps![i]!.count > 0 ? expect(mean).toBeCloseTo(steps![i]!.mean, 8) : expect(mean).toBeNaN(),
            );
          });
        });
      }),
    );
  });

  it('of a product of one factor an axis are those of first order, and add up to 1', () => {
    const factors = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(shapes, factors, (radices, list) => {
        const factorOf = (digit: number, position: number) => list[(7 * digit + position) % list.length]!;
        const study = studyOfShape(radices);
        const values: Values = ([, ...digits]) => digits.reduce((time, position, d) => time * factorOf(d, position), 1);
        const indices = indicesOf(study, values);
        const sum = indices.reduce((total, { firstOrder }) => total + firstOrder, 0);
        for (const { firstOrder, total } of indices) expect(total).toBeCloseTo(firstOrder, 10);
        const moves = radices.some((radix, d) =>
          Array.from({ length: radix }, (_, p) => factorOf(d, p)).some((factor) => factor !== factorOf(d, 0)),
        );
        expect(sum).toBeCloseTo(moves ? 1 : 0, 10);
      }),
    );
  });

  it('of first order are never above the total ones on a full grid', () => {
    fc.assert(
      fc.property(shapes, times, (radices, list) => {
        for (const { firstOrder, total } of indicesOf(studyOfShape(radices), cyclic(list))) {
          expect(firstOrder).toBeLessThanOrEqual(total + ROUNDING);
          expect(total).toBeLessThanOrEqual(1 + ROUNDING);
        }
      }),
    );
  });

  it('do not depend on the order of the axes', () => {
    fc.assert(
      fc.property(shapes, timesWithHoles, fc.infiniteStream(fc.nat()), (radices, list, random) => {
        const study = studyOfShape(radices);
        const order = radices
          .map((_, d) => ({ d, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ d }) => d);
        const permuted: Study = { ...study, dimensions: order.map((d) => study.dimensions[d]!) };
        const values: Values = (digits, id) => cyclic(list)(digits, id);
        const moved: Values = ([, ...digits]) => {
          const original = radices.map((_, d) => digits[order.indexOf(d)]!);
          return cyclic(list)(
            [],
            original.reduce((id, position, d) => id * radices[d]! + position, 0),
          );
        };
        const [before, after] = [indicesOf(study, values), indicesOf(permuted, moved)];
        order.forEach((d, at) => {
          expect(after[at]!.firstOrder).toBeCloseTo(before[d]!.firstOrder, 10);
          expect(after[at]!.total).toBeCloseTo(before[d]!.total, 10);
        });
      }),
    );
  });

  it('know an interaction: of two axes that matter only together, each has half of first order at most, and all of the total', () => {
    const study = studyOfShape([2, 2]);
    const [a, b] = indicesOf(study, ([, x, y]) => (x === y ? 2 : 3));
    expect(a).toEqual({ firstOrder: expect.closeTo(0, 12), total: expect.closeTo(1, 12) });
    expect(b).toEqual(a);
  });

  it('are 0 where nothing moves the time, or rounding alone', () => {
    const study = studyOfShape([3, 1, 2]);
    for (const values of [() => 5, (_: unknown, id: number) => 5 * (1 + 1e-15 * id)])
      for (const indices of indicesOf(study, values)) expect(indices).toEqual({ firstOrder: 0, total: 0 });
    const { findings } = sensitivityOf(
      study,
      TIME,
      readerOf(study, () => 5),
    ).workloads[0]!;
    expect(findings).toEqual({ matters_most: null, could_be_dropped: ['sm_count', 'macs_per_clk'], interacting: [] });
  });
});

describe('the steps of an axis (docs/model.md, 15.1)', () => {
  it('compare points that are alike in all else, whatever is missing', () => {
    fc.assert(
      fc.property(shapes, timesWithHoles, (radices, list) => {
        const study = studyOfShape(radices);
        const points = pointsOf(study, cyclic(list), 0);
        if (points.length === 0) return;
        const { axes } = sensitivityOf(study, TIME, readerOf(study, cyclic(list))).workloads[0]!;
        inGridOrder(study, axes).forEach(({ steps }, d) => {
          bruteForceSteps(points, d, radices[d]!).forEach((change, i) => {
            const { gain } = steps[i]!;
            if (Number.isNaN(change)) expect(gain).toBeNull();
            else expect(Math.abs(gain! + Math.expm1(change))).toBeLessThan(1e-10 * (1 + Math.abs(gain!)));
          });
        });
      }),
    );
  });

  /** Times of one axis, of its values in turn. */
  const alone = (id: AxisId, spec: AxisSpec, list: readonly number[], metric = TIME, pays?: number) => {
    const study = studyOf({ axes: { [id]: spec } });
    return sensitivityOf(study, metric, readerOf(study, cyclic(list)), pays).workloads[0]!.axes[0]!;
  };

  it('have gains, elasticities and effects computed by hand', () => {
    const axis = alone('dram_gbps', { values: [100, 200, 800] }, [8, 4, 2]);
    const halved = { gain: expect.closeTo(0.5, 12), pairs: 1 };
    expect(axis.steps).toEqual([
      { from: { dram_gbps: 100 }, to: { dram_gbps: 200 }, ...halved, elasticity: expect.closeTo(1, 12) },
      {
        ...{ from: { dram_gbps: 200 }, to: { dram_gbps: 800 }, ...halved },
        elasticity: expect.closeTo(0.5, 12),
      },
    ]);
    expect(axis.elasticity).toBeCloseTo(2 / 3, 12);
    expect(axis.levels.map(({ effect }) => effect)).toEqual([1, expect.closeTo(0.5, 12), expect.closeTo(0.25, 12)]);
    expect(axis.levels.map(({ mean }) => mean)).toEqual([8, 4, 2].map((time) => expect.closeTo(time, 12)));
  });

  it.each<[string, number[], number | undefined, number | null]>([
    ['pays to the end', [8, 4, 2, 1], undefined, null],
    ['stops in between', [8, 4, 3.999, 3.998], undefined, 60],
    ['pays again after a step that does not', [8, 4, 3.999, 2], undefined, null],
    ['never pays', [8, 8, 9, 9], undefined, 30],
    ['pays little, and little is enough', [8, 4, 3.999, 3.998], 1e-4, null],
    ['pays a tenth, and a fifth is asked for', [10, 5, 4.5, 4.05], 0.2, 60],
  ])('stop where the axis %s', (_, list, pays, stop) => {
    const axis = alone('sm_count', { scale: [1, 2, 3, 4] }, list, TIME, pays);
    expect(axis.stops_paying_at).toEqual(stop === null ? null : { sm_count: stop });
  });

  it('go from small to large values, of latencies from large to small', () => {
    const falling = alone('sm_count', { scale: [4, 2, 1] }, [1, 2, 4]);
    expect(falling.steps.map(({ to, gain }) => [to.sm_count, gain])).toEqual([
      [60, expect.closeTo(0.5, 12)],
      [120, expect.closeTo(0.5, 12)],
    ]);
    const latency = alone('dram_ns', { values: [100, 200] }, [1, 2]);
    expect(latency.steps[0]).toMatchObject({ to: { dram_ns: 100 }, gain: expect.closeTo(0.5, 12) });
    expect(latency.steps[0]!.elasticity).toBeCloseTo(-1, 12);
  });

  it('leave out values that no design has: the baseline, the ends', () => {
    const axis = alone('sm_count', { scale: [1, 2, 3, 4] }, [Number.NaN, 4, 2, Number.NaN]);
    expect(axis.levels.map(({ effect }) => effect)).toEqual([null, 1, expect.closeTo(0.5, 12), null]);
    expect(axis.steps.map(({ pairs }) => pairs)).toEqual([0, 1, 0]);
    expect(axis).toMatchObject({ best_step: { to: { sm_count: 90 } }, stops_paying_at: null, elasticity: null });
  });

  it('measure effects against the baseline where it is on the axis', () => {
    expect(alone('sm_count', { scale: [0.5, 1, 2] }, [8, 4, 2]).levels.map(({ effect }) => effect)).toEqual(
      [2, 1, 0.5].map((effect) => expect.closeTo(effect, 12)),
    );
  });

  it('are none of tiles, which have no order: effects alone', () => {
    const tile = alone('cta_tile', { values: ['128x128x8', 'auto', '256x128x8'] }, [5, 4, 2]);
    expect(tile).toMatchObject({ along: null, steps: [], best_step: null, elasticity: null, stops_paying_at: null });
    expect(tile.levels.map(({ effect }) => effect)).toEqual([1.25, 1, 0.5].map((effect) => expect.closeTo(effect, 12)));
    expect(tile.total).toBeCloseTo(1, 12);
  });

  it('are none of named options: effects alone, against the one that is the baseline', () => {
    const options = [{ name: 'more', scale: { sm_count: 2 } }, { name: 'same' }];
    const study = studyOf({ options, axes: {} });
    const [axis] = sensitivityOf(study, TIME, readerOf(study, cyclic([2, 4]))).workloads[0]!.axes;
    expect(axis).toMatchObject({ axes: ['option'], along: null, steps: [], best_step: null });
    expect(axis!.levels.map(({ value, effect }) => [value.option, effect])).toEqual([
      ['more', expect.closeTo(0.5, 12)],
      ['same', 1],
    ]);
  });

  it('have no elasticity from a cache of nothing', () => {
    const cache = alone('l1_kib', { values: [0, 24, 48] }, [4, 2, 1]);
    expect(cache.steps.map(({ elasticity }) => elasticity)).toEqual([null, expect.closeTo(1, 12)]);
    expect(cache.elasticity).toBeNull();
  });

  it('gain what a metric rises by that is better high', () => {
    const axis = alone('sm_count', { scale: [1, 2] }, [2, 3], metricOf('speedup'));
    expect(axis.steps[0]).toMatchObject({ gain: expect.closeTo(0.5, 12) });
    expect(axis.steps[0]!.elasticity).toBeCloseTo(Math.log(1.5) / Math.LN2, 12);
  });
});

describe('a metric that is not positive everywhere', () => {
  it('has arithmetic means, plain variances and no elasticities', () => {
    const study = studyOf({ axes: { sm_count: { scale: [1, 2] } } });
    const result = sensitivityOf(study, metricOf('dram_share'), readerOf(study, cyclic([0.3, 0])));
    expect(result.means).toBe('arithmetic');
    const [workload] = result.workloads;
    expect(workload).toMatchObject({ mean: expect.closeTo(0.15, 12), variance: expect.closeTo(0.0225, 12) });
    const [axis] = workload!.axes;
    expect(axis!.steps[0]).toMatchObject({ gain: expect.closeTo(2, 12), elasticity: null });
    expect(axis!.levels.map(({ effect }) => effect)).toEqual([0, -0.3]);
    expect(axis).toMatchObject({ first_order: 1, total: 1 });
  });

  it('has indices of 0 and no gains where it is 0 everywhere', () => {
    const study = studyOfShape([2, 2]);
    const { axes } = sensitivityOf(
      study,
      metricOf('l1_share'),
      readerOf(study, () => 0),
    ).workloads[0]!;
    for (const axis of axes)
      expect(axis).toMatchObject({ first_order: 0, total: 0, best_step: null, stops_paying_at: axis.levels[0]!.value });
  });
});

describe('linked axes', () => {
  const study = studyOfShape([2], 1, {
    linked: [{ l2_mib: { values: [3, 6] }, l2_gbps: { values: [1000, 3000] } }],
  });

  it('are one: named together, with elasticities in the first of them', () => {
    const { axes, findings } = sensitivityOf(
      study,
      TIME,
      readerOf(study, ([, , l2]) => 4 - 2 * l2!),
    ).workloads[0]!;
    expect(axes[0]).toMatchObject({ axes: ['l2_mib', 'l2_gbps'], along: 'l2_mib', total: expect.closeTo(1, 12) });
    expect(axes[0]!.steps[0]).toMatchObject({
      ...{ from: { l2_mib: 3, l2_gbps: 1000 }, to: { l2_mib: 6, l2_gbps: 3000 } },
      elasticity: expect.closeTo(1, 12),
    });
    expect(findings).toEqual({ matters_most: 'l2_mib + l2_gbps', could_be_dropped: ['sm_count'], interacting: [] });
  });
});

describe('sums along the axes', () => {
  it('give the effects and steps of all points of a full grid, and no indices', () => {
    const study = studyOfShape([3, 2], 2);
    const list = [5, 3, 8, 2, 9, 4, 7];
    const values = cyclic(list);
    const sums = study.workloads.flatMap((_, workload) =>
      study.dimensions.flatMap(([axis], d) =>
        axis!.values.map((__, position) => {
          const points = pointsOf(study, values, workload).filter(({ digits }) => digits[d] === position);
          const logTime = points.reduce((sum, { y }) => sum + y, 0);
          return { workload, digit: d + 1, position, points: points.length, logTime };
        }),
      ),
    );
    const [some, all] = [
      sensitivityOfMarginals(study, TIME, sums),
      sensitivityOf(study, TIME, readerOf(study, values)),
    ];
    some.workloads.forEach((workload, w) => {
      expect(workload).toMatchObject({ points: 6, grid: 6, variance: null });
      expect(workload.mean).toBeCloseTo(all.workloads[w]!.mean!, 12);
      inGridOrder(study, workload.axes).forEach((axis, d) => {
        const whole = inGridOrder(study, all.workloads[w]!.axes)[d]!;
        expect(axis).toMatchObject({ first_order: null, total: null });
        expect(axis.effect_variance).toBeCloseTo(whole.effect_variance, 12);
        axis.levels.forEach(({ effect }, i) => expect(effect).toBeCloseTo(whole.levels[i]!.effect!, 12));
        axis.steps.forEach(({ gain, pairs }, i) => {
          expect(gain).toBeCloseTo(whole.steps[i]!.gain!, 12);
          expect(pairs).toBeNull();
        });
      });
      expect(workload.findings).toMatchObject({ could_be_dropped: null, interacting: null });
    });
  });
});
