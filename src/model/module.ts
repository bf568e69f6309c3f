/** A model of the user's own: the interface of its module, and how it becomes a `LayerModel` (docs/models.md). */
import {
  BOTTLENECKS,
  largestOf,
  STREAMS,
  zeroPerBottleneck,
  zeroPerStream,
  type PerBottleneck,
  type PerStream,
} from './bottleneck.js';
import type { Gpu } from './gpu.js';
import type { Infeasible } from './infeasible.js';
import type { LayerModel, LayerResult, Prepared, Slopes } from './layer-model.js';
import {
  gemmOf,
  layerPasses,
  macsOf,
  PASSES,
  type Gemm,
  type Layer,
  type LayerPass,
  type Pass,
  type Workload,
} from './layer.js';
import { AT, setRates } from './rates.js';
import { AXIS_IDS, LATENCIES, RATE_FIELDS, RATES, resourceOf, type AxisId } from './resources.js';
import type { TimeBounds } from './time-bounds.js';
import type { Tile } from './tile.js';
import { sumLayers } from './workload-result.js';

/** A layer to prepare: one occurrence in one pass, with the matrix product that it becomes. */
export interface ModuleLayer {
  layer: Layer;
  batch: number;
  pass: LayerPass;
  gemm: Gemm;
}

/** What a module says of the time of a layer. */
export interface ModuleTime {
  /** Seconds that each bottleneck decides; the layer takes their sum. */
  bound: Partial<PerBottleneck>;
  /** Seconds that each stream is busy, averaged over the SMs; default: what it decides. */
  busy?: Partial<PerStream>;
  /** Bytes that the layer moves at each level; default: 0. */
  l1Bytes?: number;
  l2Bytes?: number;
  dramBytes?: number;
}

/** The default export of a module (`model: ./my-model.mjs`). GPUs are in SI units. */
export interface ModelModule<Work extends object = object> {
  name: string;
  version: number;
  passes: readonly Pass[];
  /** Resources, and `cta_tile`, that times depend on; others move area alone. */
  reads: readonly AxisId[];
  /** Every reason for which `prepare` calls a design infeasible; default: none. */
  reasons?: readonly string[];
  /** Whether no time grows as a rate grows or as a latency falls: a frontier search needs it. */
  monotone?: boolean;
  /** All that no rate or latency changes: called once a layer for designs that differ in these alone. */
  prepare(layer: ModuleLayer, gpu: Readonly<Gpu>): Work | Infeasible;
  evaluate(work: Work, gpu: Readonly<Gpu>): ModuleTime;
}

/** Fields that a module has to have, and what is expected of each. */
const FIELDS: Record<string, { holds: (value: unknown) => boolean; expected: string }> = {
  name: {
    holds: (value) => typeof value === 'string' && /^[a-z0-9-]{1,40}$/.test(value),
    expected: 'a name of lower-case letters, digits and hyphens',
  },
  version: { holds: (value) => Number.isSafeInteger(value) && Number(value) >= 0, expected: 'a whole number' },
  passes: { holds: (value) => isListOf(value, PASSES) && value.length > 0, expected: `a list of ${PASSES.join(', ')}` },
  reads: { holds: (value) => isListOf(value, AXIS_IDS), expected: `a list of ${AXIS_IDS.join(', ')}` },
  reasons: {
    holds: (value) => value === undefined || (Array.isArray(value) && value.every((text) => typeof text === 'string')),
    expected: 'a list of texts',
  },
  monotone: { holds: (value) => value === undefined || typeof value === 'boolean', expected: 'true or false' },
  prepare: { holds: (value) => typeof value === 'function', expected: 'a function' },
  evaluate: { holds: (value) => typeof value === 'function', expected: 'a function' },
};

const isListOf = (value: unknown, names: readonly string[]): value is unknown[] =>
  Array.isArray(value) && value.every((name) => names.includes(name as string));

/** What is wrong with the default export of a module, a line each; none where it is a `ModelModule`. */
export function moduleProblems(module: unknown): string[] {
  if (typeof module !== 'object' || module === null) return ['has no object as its default export'];
  const fields = module as Record<string, unknown>;
  return Object.entries(FIELDS)
    .filter(([name, { holds }]) => !holds(fields[name]))
    .map(([name, { expected }]) => `${name} is ${show(fields[name])}, expected ${expected}`);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? typeof value);
}

/** A model without tiles, as results show it. */
const NO_TILE: Tile = {
  ...{ name: '-', m: 0, n: 0, k: 0, warpM: 0, warpN: 0, threadM: 0, threadN: 0 },
  ...{ warps: 0, threads: 0, registerBytes: 0, smemBytes: 0 },
};

interface PreparedLayer extends ModuleLayer {
  work: object;
}

/** Relative step of a derivative by differences. */
const STEP = 1e-6;

/** @param name the name of the model in studies, which tells its content too */
export function modelOfModule(module: ModelModule, name: string): LayerModel {
  const fail = ({ layer, pass }: ModuleLayer, what: string): never => {
    throw new Error(`model '${module.name}', layer '${layer.name}' ${pass}: ${what}`);
  };
  const call = <T>(of: ModuleLayer, step: string, run: () => T): T => {
    try {
      return run();
    } catch (error) {
      return fail(of, `${step} threw ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const prepare = (gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): PreparedLayer | Infeasible => {
    const of = { layer, batch, pass, gemm: gemmOf(layer, batch, pass) };
    const work: unknown = call(of, 'prepare', () => module.prepare(of, gpu));
    if (typeof work !== 'object' || work === null)
      return fail(of, `prepare returned ${show(work)}, expected an object`);
    if (!('infeasible' in work)) return { ...of, work };
    const { infeasible } = work as Infeasible;
    if (!module.reasons?.includes(infeasible))
      fail(of, `infeasible is ${show(infeasible)}, expected one of \`reasons\``);
    return { infeasible };
  };
  const timeOf = (prepared: PreparedLayer, gpu: Gpu): ModuleTime => {
    const time: unknown = call(prepared, 'evaluate', () => module.evaluate(prepared.work, gpu));
    const problem = timeProblem(time);
    return problem === undefined ? (time as ModuleTime) : fail(prepared, `evaluate returned ${problem}`);
  };
  const evaluate = (prepared: Prepared, gpu: Gpu) =>
    resultOf(prepared as PreparedLayer, timeOf(prepared as PreparedLayer, gpu));
  const seconds = (prepared: Prepared, gpu: Gpu) => sumOf(timeOf(prepared as PreparedLayer, gpu).bound);
  return {
    ...{ name, version: module.version, passes: module.passes, tiles: [], reasons: module.reasons ?? [] },
    unread: AXIS_IDS.filter((id) => !module.reads.includes(id)),
    ...{ prepare, evaluate, seconds },
    slopes: ({ prepared }, gpu) => slopesByDifferences((at) => seconds(prepared, at), gpu),
    jumpOf: () => undefined,
    relieved: ({ bound }, _, bottleneck, factor) => ({ ...bound, [bottleneck]: bound[bottleneck] / factor }),
    ...(module.monotone
      ? {
          boundsOf: (gpu, workload) => monotoneBounds({ prepare, evaluate }, gpu, workload),
          occupancyOf: ({ registerBytes, smemBytes }: Gpu) => `${registerBytes} ${smemBytes}`,
        }
      : {}),
  };
}

const sumOf = (bound: Partial<PerBottleneck>): number => BOTTLENECKS.reduce((sum, name) => sum + (bound[name] ?? 0), 0);

/** What is wrong with what `evaluate` returned; undefined where nothing is. */
function timeProblem(time: unknown): string | undefined {
  if (typeof time !== 'object' || time === null || typeof (time as ModuleTime).bound !== 'object')
    return `${show(time)}, expected { bound: { compute: seconds, … } }`;
  const { bound, busy = {}, ...bytes } = time as ModuleTime;
  const figures = [
    ...Object.entries(bound).map(([name, value]) => ({ field: `bound.${name}`, value, names: BOTTLENECKS, name })),
    ...Object.entries(busy).map(([name, value]) => ({ field: `busy.${name}`, value, names: STREAMS, name })),
    ...Object.entries(bytes).map(([name, value]) => ({ field: name, value, names: BYTES, name })),
  ];
  for (const { field, value, names, name } of figures) {
    if (!(names as readonly string[]).includes(name)) return `${field}, expected one of ${names.join(', ')}`;
    if (!(typeof value === 'number' && value >= 0 && value < Infinity))
      return `${field} = ${String(value)}, expected a finite number, 0 or more`;
  }
  return sumOf(bound) > 0 ? undefined : 'a time of 0, expected seconds above 0';
}

const BYTES = ['l1Bytes', 'l2Bytes', 'dramBytes'] as const;

function resultOf({ layer, pass, gemm, ...prepared }: PreparedLayer, time: ModuleTime): LayerResult {
  const { l1Bytes = 0, l2Bytes = 0, dramBytes = 0 } = time;
  const bound = { ...zeroPerBottleneck(), ...time.bound };
  const elastic = zeroPerStream();
  for (const stream of STREAMS) elastic[stream] = bound[stream];
  const [seconds, bottleneck] = [sumOf(bound), largestOf(bound)];
  return {
    ...{
      layer,
      pass,
      gemm,
      tile: NO_TILE,
      tiling: { rows: 1, columns: 1, ctas: 1, split: 1, loops: 1 },
      activeCtas: 1,
    },
    ...{ waves: { ctasPerSm: 1, size: 1, full: 1, rest: 0 }, cta: zeroPerBottleneck(), around: {} },
    flops: 2 * macsOf(gemm),
    traffic: {
      l1: { ifmap: l1Bytes, filter: 0 },
      l2: { ifmap: l2Bytes, filter: 0 },
      dram: { ifmap: dramBytes, filter: 0, ofmap: 0 },
    },
    activity: { macs: macsOf(gemm), smemBytes: 0, l1Bytes, l2Bytes, dramBytes },
    ...{ seconds, busy: { ...elastic, ...time.busy }, bound, elastic, bottleneck },
    kernels: [{ seconds, bottleneck }],
    prepared: { layer, pass, gemm, ...prepared },
  };
}

/** -d(seconds)/d(ln x) for every rate and latency, a small step either way. */
function slopesByDifferences(secondsAt: (gpu: Gpu) => number, gpu: Gpu): Slopes {
  const now = secondsAt(gpu);
  const sides = [...RATES, ...LATENCIES].map((id) => {
    const { si } = resourceOf(id)!;
    const at = (factor: number) => secondsAt({ ...gpu, [si]: gpu[si] * factor });
    return [id, { down: (at(1 - STEP) - now) / -Math.log1p(-STEP), up: (now - at(1 + STEP)) / Math.log1p(STEP) }];
  });
  return Object.fromEntries(sides) as Slopes;
}

/** Bounds of a model whose times are monotone: within some ranges no design is faster than their fastest corner. */
function monotoneBounds(
  { prepare, evaluate }: Pick<LayerModel, 'prepare' | 'evaluate'>,
  design: Gpu,
  { network, batch, pass: passes }: Workload,
): TimeBounds | undefined {
  const gpu = { ...design };
  const layers: Prepared[] = [];
  for (const [position, layer] of network.layers.entries())
    for (const pass of layerPasses(passes, position)) {
      const prepared = prepare(gpu, layer, batch, pass);
      if ('infeasible' in prepared) return undefined;
      layers.push(prepared);
    }
  const resultAt = () =>
    sumLayers(
      layers.map((prepared) => evaluate(prepared, gpu)),
      batch,
    );
  const result = resultAt();
  const work = { least: result, most: result };
  const corner = new Float64Array(RATE_FIELDS.length);
  const leastSeconds: TimeBounds['leastSeconds'] = ({ least, most }) => {
    corner.set(most);
    for (let i = AT.l1LatencyS; i < corner.length; i++) corner[i] = least[i]!;
    setRates(gpu, corner);
    return resultAt().seconds;
  };
  return {
    work,
    workAt: () => work,
    leastSeconds,
    // a constant is a tangent too
    tangentAt: (_, ranges, slopes) => {
      slopes.fill(0);
      return leastSeconds(ranges);
    },
  };
}
