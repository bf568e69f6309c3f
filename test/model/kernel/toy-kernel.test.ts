/**
 * A kernel that a test adds: a transform and a product with fewer multiply-accumulates, as a non-fused Winograd has, beside
 * implicit GEMM. Every path of the program has to take it from its one declaration, and the faster of the two on each design.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factsOf } from '../../../src/engine/facts.js';
import { RangeEvaluator } from '../../../src/engine/evaluate-range.js';
import { Cells } from '../../../src/engine/frontier/cells.js';
import { SharedTraffic } from '../../../src/engine/staged/shared-traffic.js';
import { StagedEvaluator } from '../../../src/engine/staged/staged-evaluator.js';
import { PlainEvaluator } from '../../../src/engine/plain-evaluator.js';
import { BOTTLENECKS } from '../../../src/model/bottleneck.js';
import { IMPLICIT_GEMM } from '../../../src/model/delta/implicit-gemm.js';
import { evaluateLayer, evaluateLayers, evaluateWorkload } from '../../../src/model/evaluate.js';
import { toGpu, type Gpu, type GpuSpec } from '../../../src/model/gpu.js';
import type { Algorithm } from '../../../src/model/kernel/algorithm.js';
import type { Kernel, KernelWork } from '../../../src/model/kernel/kernel.js';
import { wavesOf } from '../../../src/model/kernel/kernel.js';
import { kernelModel } from '../../../src/model/kernel/kernel-model.js';
import { gemmOf, macsOf, PASSES, type Layer, type LayerPass } from '../../../src/model/layer.js';
import type { LayerResult } from '../../../src/model/layer-model.js';
import { modelOf, registerModel } from '../../../src/model/models.js';
import { LATENCIES, RATES, resourceOf } from '../../../src/model/resources.js';
import { reasonsOfLayers } from '../../../src/model/response/reasons.js';
import { KERNEL_TILES } from '../../../src/model/tile-choice.js';
import { tileGemm } from '../../../src/model/tiling.js';
import { dramBytes, l1Bytes, l2Bytes } from '../../../src/model/traffic/traffic.js';
import { columnsOf, storedColumns, type Batch } from '../../../src/space/columns.js';
import { PointEvaluator } from '../../../src/space/evaluate-point.js';
import { gridOf, resolveStudy, type Study, type SweepSpec } from '../../../src/space/study.js';
import { loadCosts } from '../../../src/space/files/costs-file.js';
import { ROUND_GPU, roundGpu, squareLayer } from '../../fixtures/model.js';
import { boundedFront, exhaustiveFront } from '../../helpers/bounded-front.js';

const [, , TILE] = KERNEL_TILES.map(({ tile }) => tile);

/** A kernel of the toy: `macs` of a CTA's warp and loop, and bytes that it moves in all at every level. */
function toyKernel(
  gpu: Gpu,
  layer: Layer,
  batch: number,
  pass: LayerPass,
  warpMacs: number,
  bytes: number,
): KernelWork {
  const gemm = gemmOf(layer, batch, pass);
  const tile = TILE!;
  const tiling = tileGemm(gemm, tile);
  const { ctas, loops } = tiling;
  const busySms = Math.min(gpu.smCount, ctas);
  const kernel: Kernel = {
    ...{ waves: wavesOf(ctas, gpu.smCount, 4), ctas, smCount: gpu.smCount, warps: 4, loops, warpMacs },
    ...{ indexInstructions: 6, memoryInstructions: 30, loopInstructions: 3, prologueSlots: 100, storeClks: 200 },
    ...{ syncClks: 20, smemBytes: 4096, l1Bytes: bytes / ctas, l2Bytes: (bytes / ctas) * busySms },
    ...{ dramBytes: (bytes / ctas) * busySms, l2Waits: loops, dramWaits: 1, overheadS: gpu.callOverheadS },
  };
  const traffic = {
    l1: { ifmap: bytes, filter: 0 },
    l2: { ifmap: bytes, filter: 0 },
    dram: { ifmap: 1.5 * bytes, filter: 0, ofmap: 0 },
    inStep: { ifmap: bytes, filter: 0 },
  };
  const activity = { macs: 32 * warpMacs * ctas, smemBytes: 0, l1Bytes: bytes, l2Bytes: bytes, dramBytes: bytes };
  return { gemm, tile, tiling, activeCtas: 4, traffic, activity, kernel };
}

/** Applies to 3x3 filters of stride 1: much traffic, few multiply-accumulates. */
const TOY: Algorithm = {
  name: 'toy',
  kernels: 2,
  plan(gpu, layer, batch, pass) {
    if (layer.filterHeight !== 3 || layer.strideHeight !== 1) return undefined;
    const bytes = 40 * batch * layer.inChannels * layer.inHeight * layer.inWidth;
    const works = [toyKernel(gpu, layer, batch, pass, 0, 2 * bytes), toyKernel(gpu, layer, batch, pass, 1500, bytes)];
    return works.map((work, i) => ({ occupancy: `toy ${i}`, traffic: () => work.traffic, work: () => work }));
  },
};

const MODEL = 'toy';
registerModel(
  kernelModel({
    ...{ name: MODEL, version: 1, passes: PASSES, unread: [], algorithms: [IMPLICIT_GEMM, TOY] },
    tiles: KERNEL_TILES.map(({ tile }) => tile),
  }),
);

/** Seconds of a kernel by the sentences of docs/model.md, 11, written once more. */
function secondsByHand({ kernel }: KernelWork, gpu: Gpu): number {
  const k = kernel;
  const fma = k.warpMacs / gpu.macsPerInstr;
  const c = (gpu.issuePerClk * gpu.macsPerInstr) / gpu.macsPerClk;
  const [fmaClks, slots] = [
    c * (fma + k.indexInstructions),
    fma + k.indexInstructions + k.loopInstructions + k.memoryInstructions * (c <= 1 ? 0.5 : 1),
  ];
  const warps = k.warps / gpu.issuePerClk;
  const around = warps * k.prologueSlots + k.storeClks;
  const loop = Math.max(warps, 1) * Math.max(fmaClks, slots) + k.syncClks;
  const streams = [
    (warps * k.loops * fmaClks) / gpu.clockHz,
    (warps * k.loops * slots + around) / gpu.clockHz,
    (k.loops * k.smemBytes) / gpu.smemBytesPerS,
    k.l1Bytes / gpu.l1BytesPerS,
    k.l2Bytes / gpu.l2BytesPerS,
    k.dramBytes / gpu.dramBytesPerS,
  ];
  const life = (k.loops * loop + around) / gpu.clockHz + k.l2Waits * gpu.l2LatencyS + k.dramWaits * gpu.dramLatencyS;
  const wave = (ctas: number) => (streams.reduce((sum, s) => sum + (ctas * s) ** 8, 0) + life ** 8) ** (1 / 8);
  const { full, size, rest } = k.waves;
  return full * wave(size) + (rest > 0 ? wave(rest) : 0) + k.overheadS;
}

/** The kernels of each algorithm that applies. */
function alternativesByHand(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): KernelWork[][] {
  return [IMPLICIT_GEMM, TOY].flatMap((algorithm) => {
    const planned = algorithm.plan(gpu, layer, batch, pass);
    if (!planned || 'infeasible' in planned) return [];
    return [planned.map((kernel) => kernel.work(kernel.traffic()))];
  });
}

const sum = (works: readonly KernelWork[], of: (work: KernelWork) => number) =>
  works.reduce((total, work) => total + of(work), 0);

const LAYERS: readonly Layer[] = [
  squareLayer({ name: 'three', filter: 3, pad: 1, count: 2 }),
  squareLayer({ name: 'one', inChannels: 256 }),
  squareLayer({ name: 'wide', filter: 3, pad: 1, inChannels: 256, outChannels: 256, size: 14 }),
];

/** Which algorithm is the faster by hand. */
function choiceByHand(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass) {
  const alternatives = alternativesByHand(gpu, layer, batch, pass);
  const seconds = alternatives.map((works) => sum(works, (work) => secondsByHand(work, gpu)));
  const choice = seconds.indexOf(Math.min(...seconds));
  return { choice, seconds: seconds[choice]!, works: alternatives[choice]! };
}

/** GPUs on which one or the other algorithm is faster. */
const gpus: fc.Arbitrary<Partial<GpuSpec>> = fc.record({
  sm_count: fc.constantFrom(2, 4, 24),
  macs_per_clk: fc.constantFrom(32, 64, 128, 256),
  issue_per_clk: fc.constantFrom(2, 4, 8),
  l2_gbps: fc.constantFrom(64, 256, 2048),
  dram_gbps: fc.constantFrom(16, 64, 256, 2048),
  dram_ns: fc.constantFrom(0, 400, 3000),
});

describe('a toy kernel on the plain path', () => {
  it('takes the faster algorithm of each layer, with its seconds, bytes and operations', () => {
    const seen = new Set<number>();
    fc.assert(
      fc.property(gpus, fc.constantFrom(1, 8), fc.constantFrom(...LAYERS), (changes, batch, layer) => {
        const gpu = roundGpu(changes);
        const { choice, seconds, works } = choiceByHand(gpu, layer, batch, 'forward');
        seen.add(choice);
        const result = evaluateLayer(gpu, layer, batch, 'forward', MODEL) as LayerResult;
        expect(result.seconds / seconds).toBeCloseTo(1, 12);
        expect(result.kernels).toHaveLength(works.length);
        expect(BOTTLENECKS.reduce((total, name) => total + result.bound[name], 0) / seconds).toBeCloseTo(1, 12);
        expect(result.flops).toBe(2 * macsOf(gemmOf(layer, batch, 'forward')));
        expect(l1Bytes(result.traffic)).toBe(sum(works, ({ traffic }) => l1Bytes(traffic)));
        expect(l2Bytes(result.traffic)).toBe(sum(works, ({ traffic }) => l2Bytes(traffic)));
        // what drifting CTAs read, at most what DRAM delivers in the time
        const moved = (work: KernelWork) =>
          Math.min(dramBytes(work.traffic), gpu.dramBytesPerS * (secondsByHand(work, gpu) - gpu.callOverheadS));
        expect(dramBytes(result.traffic) / sum(works, moved)).toBeCloseTo(1, 12);
        expect(result.activity.macs).toBe(sum(works, ({ activity }) => activity.macs));
      }),
      { seed: 1 },
    );
    expect([...seen].sort()).toEqual([0, 1]);
  });

  it('says what would decide the time were a stream faster, with the algorithm that is the fastest then', () => {
    const model = modelOf(MODEL);
    const changed = new Set<boolean>();
    fc.assert(
      fc.property(gpus, fc.constantFrom(...LAYERS), fc.constantFrom(2, 8), (changes, layer, factor) => {
        const gpu = roundGpu(changes);
        const faster = { ...gpu, dramBytesPerS: factor * gpu.dramBytesPerS };
        const [now, then] = [gpu, faster].map((each) => evaluateLayer(each, layer, 4, 'forward', MODEL) as LayerResult);
        changed.add(now!.kernels.length !== then!.kernels.length);
        const bound = model.relieved(now!, gpu, 'dram', factor);
        for (const name of BOTTLENECKS)
          expect(bound[name] / then!.seconds).toBeCloseTo(then!.bound[name] / then!.seconds, 12);
      }),
      { seed: 1 },
    );
    expect(changed).toEqual(new Set([false, true]));
  });

  it('fails where no algorithm computes a pass that the model says it has', () => {
    const model = kernelModel({ name: 'none', version: 1, passes: PASSES, unread: [], algorithms: [TOY], tiles: [] });
    expect(() => model.prepare(roundGpu({}), LAYERS[1]!, 4, 'forward')).toThrow(
      "no algorithm computes forward of layer 'one'",
    );
  });
});

/** Grids over which the faster algorithm changes, along bandwidths, rates and caches alike. */
const AXES: SweepSpec['axes'] = {
  sm_count: { values: [2, 4, 24] },
  l2_mib: { scale: [1, 4] },
  macs_per_clk: { values: [32, 64, 128, 256] },
  issue_per_clk: { values: [2, 4, 8] },
  l2_gbps: { values: [64, 256, 1024] },
  dram_gbps: { values: [16, 64, 128, 256, 1024] },
};

function studyWith(axes: SweepSpec['axes'], pass: 'forward' | 'training', constraints: string[] = []): Study {
  const networks = [
    { name: 'all', layers: LAYERS },
    { name: 'some', layers: LAYERS.slice(0, 2) },
  ];
  const workloads = networks.map(({ name }) => ({ network: name, batch: 4, pass }));
  return resolveStudy(
    { name: 'toy', baseline: 'round', workloads, ...(axes ? { axes } : {}), constraints },
    { baseline: ROUND_GPU, networks, costs: loadCosts(), model: { model: MODEL } },
  );
}

/** The largest relative difference of two batches of the same columns. */
function worstDifference(a: Batch, b: Batch): number {
  expect(a.rows).toBe(b.rows);
  let worst = 0;
  a.columns.forEach((cells, c) => {
    for (let row = 0; row < a.rows; row++) {
      const [x, y] = [cells[row]!, b.columns[c]![row]!];
      if (!Object.is(x, y)) worst = Math.max(worst, Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y)));
    }
  });
  return worst;
}

describe('a toy kernel in the staged evaluator', () => {
  it.each(['forward', 'training'] as const)('gives what the plain path gives, %s, within 1e-12', (pass) => {
    const study = studyWith(AXES, pass, ['l2_gbps >= dram_gbps']);
    const columns = storedColumns(columnsOf(study));
    const { size } = gridOf(study);
    const plain = new RangeEvaluator(study, new PlainEvaluator(study, columns)).evaluate(0, size);
    const staged = new RangeEvaluator(study, new StagedEvaluator(study, columns)).evaluate(0, size);
    expect(worstDifference(staged.batch, plain.batch)).toBeLessThan(1e-12);
    // Traffic differs from design to design: both algorithms are on the grid.
    const dram = columns.findIndex(({ name }) => name === 'dram_gb');
    expect(new Set(plain.batch.columns[dram]).size).toBeGreaterThan(10);
  });

  it('gives the same bits from shared traffic as from its own', () => {
    const study = studyWith(AXES, 'training');
    const columns = storedColumns(columnsOf(study));
    const { size } = gridOf(study);
    const shared = new SharedTraffic(study);
    shared.all.forEach((index) => shared.fill(index));
    const own = new RangeEvaluator(study, new StagedEvaluator(study, columns)).evaluate(0, size);
    const read = new RangeEvaluator(study, new StagedEvaluator(study, columns, { traffic: shared.source! }));
    expect(read.evaluate(0, size)).toEqual(own);
    expect(factsOf(study, shared.baseline)).toEqual(factsOf(study));
  });
});

describe('a toy kernel in the frontier search', () => {
  it.each([
    [['time_ms', 'area_mm2'], []],
    [['time_ms', 'area_mm2', 'dram_gb'], []],
    [['energy_j', 'area_mm2'], []],
    [['time_ms', 'l1_gb'], []],
    [['time_ms', 'area_mm2'], [{ metric: 'dram_gb', side: 'at most' as const, value: 0.03 }]],
  ])('finds the front of all points: minimize %j, limits %j', (metrics, limits) => {
    const study = studyWith(AXES, 'forward');
    const query = {
      objectives: metrics.map((metric) => ({ metric, goal: 'minimize' as const })),
      limits,
      over: 'each' as const,
    };
    const expected = exhaustiveFront(study, query);
    expect(expected.flat().length).toBeGreaterThan(2);
    expect(boundedFront(study, query).fronts).toEqual(expected);
  });

  it('keeps designs whose bytes are just what a limit allows, however sums round', () => {
    const study = studyWith(AXES, 'forward');
    const objectives = ['time_ms', 'dram_gb'].map((metric) => ({ metric, goal: 'minimize' as const }));
    const columns = storedColumns(columnsOf(study));
    const { batch } = new RangeEvaluator(study, new PlainEvaluator(study, columns)).evaluate(0, gridOf(study).size);
    const limits = new Set(batch.columns[columns.findIndex(({ name }) => name === 'dram_gb')]);
    expect(limits.size).toBeGreaterThan(10);
    for (const value of limits) {
      const query = {
        objectives,
        limits: [{ metric: 'dram_gb', side: 'at most' as const, value }],
        over: 'each' as const,
      };
      expect(boundedFront(study, query).fronts).toEqual(exhaustiveFront(study, query));
    }
  });

  it('has bounds below every design of a box, and the own time of a single one', () => {
    const study = studyWith(AXES, 'forward');
    const cells = new Cells(study, true);
    const points = new PointEvaluator(study);
    let designs = 0;
    for (let piece = 0; piece < cells.pieces; piece++)
      for (const { bounds, fixed, digits } of cells.of(0, piece)) {
        const values = cells.rateDigits.map(({ size }) => Array.from({ length: size }, (_, value) => value));
        const pointOf = (design: readonly number[]) => {
          const point = fixed.slice();
          cells.rateDigits.forEach(({ fields, values: of }, d) =>
            fields.forEach((field, i) => (point[field] = of[i]![design[d]!]!)),
          );
          return point;
        };
        const all = values.reduce<number[][]>(
          (rows, digit) => rows.flatMap((row) => digit.map((value) => [...row, value])),
          [[]],
        );
        const at = all.map(pointOf);
        const least = at.reduce((a, b) => a.map((x, i) => Math.min(x, b[i]!)));
        const most = at.reduce((a, b) => a.map((x, i) => Math.max(x, b[i]!)));
        const slopes = new Float64Array(RATES.length);
        const start = at[Math.floor(at.length / 2)]!;
        const seconds = bounds.tangentAt(start, { least, most }, slopes);
        const lower = bounds.leastSeconds({ least, most });
        all.forEach((design, i) => {
          cells.rateDigits.forEach(({ digit }, d) => (digits[digit] = design[d]!));
          const result = points.evaluate(digits);
          if ('infeasible' in result) throw new Error(result.infeasible);
          const time = result.workload.seconds;
          const own = at[i]!;
          expect(bounds.leastSeconds({ least: own, most: own }) / time).toBeCloseTo(1, 11);
          expect(bounds.workAt(own).least.dramBytes / result.workload.dramBytes).toBeCloseTo(1, 12);
          expect(lower).toBeLessThanOrEqual(time * (1 + 1e-12));
          let tangent = Math.log(seconds);
          RATES.forEach((_, r) => (tangent -= slopes[r]! * Math.log(own[r]! / start[r]!)));
          expect(tangent).toBeLessThanOrEqual(Math.log(time) + 1e-12);
          designs++;
        });
      }
    expect(designs).toBeGreaterThan(500);
  });
});

describe('the reasons of a toy kernel', () => {
  const workload = { network: { name: 'all', layers: LAYERS }, batch: 4, pass: 'forward' as const };
  const secondsOf = (gpu: Gpu) => {
    const result = evaluateWorkload(gpu, workload, MODEL);
    if ('infeasible' in result) throw new Error(result.infeasible);
    return result.seconds;
  };

  it.each([
    [{ dram_gbps: 2048, l2_gbps: 2048 }],
    [{ dram_gbps: 64 }],
    [{ macs_per_clk: 32, dram_gbps: 256 }],
    [{ sm_count: 24, l2_gbps: 1024, dram_gbps: 700 }],
  ])('have the slack of a rate where the time is 1%% longer, and its slope, on %j', (changes) => {
    const gpu = toGpu({ ...ROUND_GPU, ...changes });
    const layers = evaluateLayers(gpu, workload, MODEL) as LayerResult[];
    const { slack, elasticity } = reasonsOfLayers(gpu, workload, MODEL, layers);
    const now = secondsOf(gpu);
    for (const id of RATES) {
      const { si } = resourceOf(id)!;
      const at = (factor: number) => secondsOf({ ...gpu, [si]: gpu[si] * factor });
      if (slack[id] > 0) {
        expect(at(slack[id] * (1 + 1e-9))).toBeLessThanOrEqual(1.01 * now * (1 + 1e-9));
        expect(at(slack[id] * (1 - 1e-6))).toBeGreaterThan(1.01 * now * (1 - 1e-9));
      } else expect(at(1e-9)).toBeLessThanOrEqual(1.01 * now);
    }
    for (const id of [...RATES, ...LATENCIES]) {
      const { si } = resourceOf(id)!;
      const h = 1e-6;
      const at = (factor: number) => Math.log(secondsOf({ ...gpu, [si]: gpu[si] * factor }) / now);
      if (!Number.isFinite(elasticity[id].up) || !Number.isFinite(elasticity[id].down)) continue;
      expect(elasticity[id].up).toBeCloseTo(-at(1 + h) / Math.log1p(h), 4);
      expect(elasticity[id].down).toBeCloseTo(at(1 - h) / -Math.log1p(-h), 4);
    }
  });
});
