/** The staged evaluator against the plain path of the model, which says the same one point at a time. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factsOf } from '../../../src/engine/facts.js';
import { RangeEvaluator } from '../../../src/engine/evaluate-range.js';
import { SharedTraffic } from '../../../src/engine/staged/shared-traffic.js';
import { StagedEvaluator } from '../../../src/engine/staged/staged-evaluator.js';
import { PlainEvaluator } from '../../../src/engine/plain-evaluator.js';
import { loadCosts } from '../../../src/space/files/costs-file.js';
import { evaluateWorkload } from '../../../src/model/evaluate.js';
import { toGpu, type GpuSpec } from '../../../src/model/gpu.js';
import { PASSES, type Layer } from '../../../src/model/layer.js';
import { BOTTLENECKS } from '../../../src/model/bottleneck.js';
import { AXIS_IDS, type AxisId } from '../../../src/model/resources.js';
import { columnsOf, storedColumns, type Batch } from '../../../src/space/columns.js';
import { gridOf, resolveStudy, type Study, type SweepSpec } from '../../../src/space/study.js';
import { ROUND_GPU } from '../../fixtures/model.js';
import { studyOf } from '../../helpers/specs.js';

const TILES = ['auto', '128x128x8', '64x64x16', '256x128x8'];

/** Factors that an axis is scaled by; wide enough that every stream binds somewhere and some tiles do not fit. */
const factors = fc.uniqueArray(fc.constantFrom(0.25, 0.5, 1, 1.5, 2, 4, 16), { minLength: 1, maxLength: 3 });

const layer: fc.Arbitrary<Layer> = fc
  .record({
    channels: fc.constantFrom(3, 8, 32, 64),
    size: fc.constantFrom(1, 7, 14, 28),
    out: fc.constantFrom(16, 40, 96, 256),
    filter: fc.constantFrom(1, 3, 5),
    stride: fc.constantFrom(1, 2),
    count: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ channels, size, out, filter, stride, count }) => ({
    name: 'layer',
    ...{ inChannels: channels, inHeight: size, inWidth: size, outChannels: out },
    ...{ filterHeight: filter, filterWidth: filter, strideHeight: stride, strideWidth: stride },
    ...{ padHeight: (filter - 1) / 2, padWidth: (filter - 1) / 2, groups: 1, count },
  }));

const gpu: fc.Arbitrary<GpuSpec> = fc
  .record({
    sm_count: fc.constantFrom(2, 8, 60),
    kernel_generation: fc.constantFrom(6, 7),
    call_overhead_us: fc.constantFrom(0, 4, 200),
    macs_per_clk: fc.constantFrom(64, 128),
    l1_gbps: fc.constantFrom(16, 64, 256),
    l2_gbps: fc.constantFrom(64, 256, 4096),
    dram_gbps: fc.constantFrom(16, 128, 4096),
    l2_ns: fc.constantFrom(0, 100, 2000),
  })
  .map((changes) => ({ ...ROUND_GPU, ...changes }));

/** Axes in any order, two of them linked or moved by options. */
const axes = fc
  .record({
    ids: fc.shuffledSubarray(AXIS_IDS as AxisId[], { minLength: 1, maxLength: 6 }),
    together: fc.constantFrom('linked', 'options', undefined),
  })
  .chain(({ ids, together }) =>
    fc.tuple(
      fc.constant(ids),
      fc.constant(ids.length > 2 ? together : undefined),
      fc.array(factors, { minLength: 6, maxLength: 6 }),
    ),
  )
  .map(([ids, together, scales]): Pick<SweepSpec, 'axes' | 'linked' | 'options'> => {
    const wholeScale = (id: AxisId, scale: number[]) =>
      id === 'sm_count' ? scale.filter((x) => x >= 1 && x !== 1.5) : scale;
    const specOf = (id: AxisId, i: number) =>
      id === 'cta_tile'
        ? { values: TILES.slice(0, 1 + (i % TILES.length)) }
        : { scale: wholeScale(id, scales[i]!).length > 0 ? wholeScale(id, scales[i]!) : [1, 2] };
    const [first, second, ...rest] = ids;
    const crossed = together ? rest : ids;
    return {
      axes: Object.fromEntries(crossed.map((id, i) => [id, specOf(id, i)])),
      ...(together === 'linked' ? { linked: [pairOf(first!, second!)] } : {}),
      ...(together === 'options' ? { options: optionsOf(first!, second!) } : {}),
    };
  });

function pairOf(a: AxisId, b: AxisId): NonNullable<SweepSpec['linked']>[number] {
  const two = (id: AxisId) => (id === 'cta_tile' ? { values: ['auto', '128x32x8'] } : { scale: [1, 4] });
  return { [a]: two(a), [b]: two(b) };
}

/** The baseline, one of two axes changed, both, and one of them again. */
function optionsOf(a: AxisId, b: AxisId): NonNullable<SweepSpec['options']> {
  const change = (...ids: AxisId[]) => ({
    scale: Object.fromEntries(ids.filter((id) => id !== 'cta_tile').map((id) => [id, 4])),
    values: ids.includes('cta_tile') ? { cta_tile: '128x32x8' } : {},
  });
  const changes = [change(), change(b), change(a, b), change(b)];
  return changes.map((option, i) => ({ name: `o${i}`, ...option }));
}

const constraints = fc.subarray(['l2_gbps >= dram_gbps', 'sm_count * macs_per_clk <= 8000', "cta_tile != '64x64x16'"], {
  maxLength: 2,
});

const study: fc.Arbitrary<Study> = fc
  .record({
    layers: fc.array(layer, { minLength: 1, maxLength: 4 }),
    gpu,
    axes,
    constraints,
    pass: fc.constantFrom(...PASSES),
  })
  .map(({ layers, gpu: baseline, axes: axesAndLinks, constraints: expressions, pass }) => {
    const networks = [
      { name: 'one', layers },
      { name: 'two', layers: [...layers].reverse() },
    ];
    const workloads = networks.map(({ name }, i) => ({ network: name, batch: 4 ** (i + 1), pass }));
    const spec = { name: 'random', baseline: 'round', workloads, ...axesAndLinks };
    const contents = { baseline, networks, costs: loadCosts() };
    try {
      return resolveStudy({ ...spec, constraints: expressions }, contents);
    } catch {
      return resolveStudy(spec, contents); // the constraints reject everything
    }
  });

/** What two batches differ in, relatively, at most; text and NULL have to be equal. */
function worstDifference(a: Batch, b: Batch): number {
  expect(a.rows).toBe(b.rows);
  let worst = 0;
  a.columns.forEach((cells, c) => {
    for (let row = 0; row < a.rows; row++) {
      const [x, y] = [cells[row]!, b.columns[c]![row]!];
      if (Object.is(x, y)) continue;
      const difference = Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y));
      worst = Math.max(worst, Number.isNaN(difference) || cells instanceof Int32Array ? Infinity : difference);
    }
  });
  return worst;
}

function evaluators(of: Study) {
  const columns = storedColumns(columnsOf(of));
  return {
    columns,
    staged: new RangeEvaluator(of, new StagedEvaluator(of, columns)),
    plain: new RangeEvaluator(of, new PlainEvaluator(of, columns)),
  };
}

/** Bottlenecks of the rows of a batch, by their largest share. */
function bottlenecks(of: Study, batch: Batch): number[] {
  const columns = storedColumns(columnsOf(of));
  const shares = BOTTLENECKS.map(
    (name) => batch.columns[columns.findIndex((column) => column.name === `${name}_share`)]!,
  );
  return Array.from({ length: batch.rows }, (_, row) => {
    const ofRow = shares.map((share) => share[row]!);
    return ofRow.indexOf(Math.max(...ofRow));
  });
}

const SEED = 20190;

describe('the staged evaluator', () => {
  it('gives what the plain path gives, within 1e-12, on random layers, GPUs, grids and constraints', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(study, (of) => {
        const { staged, plain } = evaluators(of);
        const { size } = gridOf(of);
        const [a, b] = [staged.evaluate(0, size), plain.evaluate(0, size)];
        expect(worstDifference(a.batch, b.batch)).toBeLessThan(1e-12);
        expect(bottlenecks(of, a.batch)).toEqual(bottlenecks(of, b.batch));
        bottlenecks(of, b.batch).forEach((bottleneck) => seen.add(bottleneck));
        expect({ ...a, batch: 0 }).toEqual({ ...b, batch: 0 });
      }),
      { numRuns: 60, seed: SEED },
    );
    // -1: infeasible. Every bottleneck has been seen.
    expect([...seen].sort((a, b) => a - b)).toEqual([-1, ...BOTTLENECKS.keys()]);
  });

  it('gives every point the same bits, however the grid is cut into ranges', () => {
    fc.assert(
      fc.property(study, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }), (of, cuts) => {
        const { staged } = evaluators(of);
        const { size } = gridOf(of);
        const whole = staged.evaluate(0, size).batch;
        const ends = [...new Set([0, ...cuts.map((cut) => Math.floor(cut * size)), size])].sort((a, b) => a - b);
        const parts = ends.slice(1).map((end, i) => staged.evaluate(ends[i]!, end).batch);
        whole.columns.forEach((column, c) =>
          expect(parts.flatMap((part) => [...part.columns[c]!])).toEqual([...column]),
        );
      }),
      { numRuns: 25, seed: SEED },
    );
  });

  it('gives the same bits from shared traffic as from its own', () => {
    fc.assert(
      fc.property(study, (of) => {
        const { columns, staged } = evaluators(of);
        const shared = new SharedTraffic(of);
        shared.all.forEach((index) => shared.fill(index));
        const other = new SharedTraffic(of, shared.buffer);
        const reader = new RangeEvaluator(of, new StagedEvaluator(of, columns, { traffic: other.source }));
        const { size } = gridOf(of);
        expect(reader.evaluate(0, size)).toEqual(staged.evaluate(0, size));
        expect(factsOf(of, other.baseline)).toEqual(factsOf(of));
      }),
      { numRuns: 25, seed: SEED },
    );
  });

  it('gives the same bits from traffic that was computed for a range of ids alone', () => {
    const range = fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(study, range, (of, [start, share]) => {
        const { columns, staged } = evaluators(of);
        const { size } = gridOf(of);
        const from = Math.floor(start * size);
        const ids = { from, to: from + Math.ceil(share * (size - from)) };
        const shared = new SharedTraffic(of, undefined, ids);
        shared.all.forEach((index) => shared.fill(index));
        const reader = new RangeEvaluator(of, new StagedEvaluator(of, columns, { traffic: shared.source }));
        expect(reader.evaluate(ids.from, ids.to)).toEqual(staged.evaluate(ids.from, ids.to));
        expect(factsOf(of, shared.baseline)).toEqual(factsOf(of));
      }),
      { numRuns: 25, seed: SEED },
    );
  });

  it('computes nothing for other ids', () => {
    const of = studyOf({
      ...{ name: 'x', baseline: 'titan-xp', workloads: [{ network: 'alexnet', batch: 8 }] },
      axes: { sm_count: { scale: [1, 2, 3, 4] }, dram_gbps: { scale: [1, 2, 3] } },
    });
    const shared = new SharedTraffic(of, undefined, { from: 3, to: 6 });
    shared.all.forEach((index) => shared.fill(index));
    const filled = [0, 1, 2, 3].map((context) => shared.source!(0, context, 0, 0).dram.ofmap > 0);
    expect(filled).toEqual([false, true, false, false]);
  });

  it('knows the time of the baseline, or that it cannot run', () => {
    const of = studyOf({
      name: 'x',
      baseline: 'v100',
      workloads: [{ network: 'alexnet', batch: 8 }],
      axes: { sm_count: { scale: [1] } },
    });
    const expected = evaluateWorkload(toGpu(of.baseline), of.workloads[0]!);
    expect(factsOf(of)[0]!.baselineMs / 1000).toBeCloseTo((expected as { seconds: number }).seconds, 12);
    expect(factsOf(of)[0]).toMatchObject({ images: 8, flops: (expected as { flops: number }).flops });
    const small = { ...of, baseline: { ...of.baseline, register_kib: 1 } };
    expect(factsOf(small)[0]!.baselineMs).toBeNaN();
  });

  it('takes the plain path where eighth powers leave the range of doubles', () => {
    const of = studyOf({
      ...{ name: 'x', baseline: 'titan-xp', workloads: [{ network: 'alexnet', batch: 8 }] },
      axes: {
        clock_ghz: { values: [1e-9, 1] },
        macs_per_clk: { values: [1e-9, 64] },
        dram_gbps: { values: [1e-9, 1e9] },
        l2_gbps: { values: [1e-9, 500] },
      },
    });
    const { staged, plain } = evaluators(of);
    const { size } = gridOf(of);
    const rows = staged.evaluate(0, size).batch;
    expect(worstDifference(rows, plain.evaluate(0, size).batch)).toBeLessThan(1e-12);
    expect(rows.columns.every((cells) => cells.every((cell) => Number.isFinite(cell)))).toBe(true);
  });
});
