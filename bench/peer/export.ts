/**
 * What the peers of bench/peer/ get to work on, as plain numbers: the grid, and of every layer on every context (docs/model.md,
 * 10 and 11.1) what the equations of the time stage read. Traffic and tiles are the model's, so that all sides start alike.
 */
import { BOTTLENECKS, TIE } from '../../src/model/bottleneck.js';
import { areaFactors, type PerAreaConstant } from '../../src/model/cost.js';
import { energyFactors, type PerEnergyConstant } from '../../src/model/energy.js';
import { DELTA_CONSTANTS, IMPLICIT_GEMM } from '../../src/model/delta/implicit-gemm.js';
import { toGpu, type Gpu } from '../../src/model/gpu.js';
import { resourceOf, type ResourceField } from '../../src/model/resources.js';
import { dramBytes, l1Bytes, l2Bytes } from '../../src/model/traffic/traffic.js';
import { mergedPasses, type MergedPass } from '../../src/model/passes.js';
import { stagesOf } from '../../src/space/stages.js';
import { factsOf } from '../../src/engine/facts.js';
import { columnsOf } from '../../src/space/columns.js';
import { applySettings, settingsOf } from '../../src/space/evaluate-point.js';
import { nextDigits } from '../../src/space/grid.js';
import { gridOf, workloadNames, type Study } from '../../src/space/study.js';

/** What the time of a layer reads of a design but for its context, in the order of the flat file. */
const RATES = [
  'clockHz',
  'macsPerClk',
  'macsPerInstr',
  'issuePerClk',
  'smemBytesPerS',
  'l1BytesPerS',
  'l2BytesPerS',
  'dramBytesPerS',
  'l2LatencyS',
  'dramLatencyS',
] as const satisfies readonly ResourceField[];

/** What of a design a context fixes, and areas are made of. */
const CONTEXT_FIELDS = ['smCount', 'registerBytes', 'smemBytes', 'l1Bytes', 'l2Bytes'] as const;

/** A layer on a context: work of a CTA and its waves; in the order of the flat file. */
const LAYER_FIELDS = [
  'count',
  'loops',
  'warps',
  'macs',
  'index',
  'memory',
  'storeClks',
  /** Bytes of a CTA; at L2 and DRAM times the SMs that share the bandwidth. */
  'smem',
  'l1',
  'l2',
  'dram',
  /** Full waves, CTAs of one, and CTAs of the last wave; 0 if it is full too. */
  'full',
  'size',
  'rest',
] as const;

/** What other metrics than the time read besides: of the whole GPU, one occurrence of the layer. */
type MetricField = 'ctasPerSm' | 'issuedMacs' | 'smemBytes' | 'l1Bytes' | 'l2Bytes' | 'dramBytes' | 'ofmapBytes';

type LayerFigures = Record<(typeof LAYER_FIELDS)[number] | MetricField, number>;

/** One axis of the grid; the first is the slowest. */
interface PeerAxis {
  id: string;
  field: ResourceField;
  /** How far apart in `contexts` its neighbours are; 0 where it moves a rate alone. */
  contextStride: number;
  /** Values in the axis's unit, and in SI units. */
  values: number[];
  si: number[];
}

export interface PeerStudy {
  designs: number;
  /** Columns of `points`, in order. */
  columns: string[];
  workload: { network: string; batch: number; pass: string };
  facts: { images: number; flops: number; baselineMs: number };
  constants: typeof DELTA_CONSTANTS;
  callOverheadS: number;
  tie: number;
  bottlenecks: readonly string[];
  /** What a unit of each thing costs, on the baseline's process, in the units of the cost model. */
  areas: PerAreaConstant;
  energies: PerEnergyConstant;
  /** What of a die no axis moves, and its memory. */
  die: Pick<Gpu, 'fp64PerClk' | 'tensorPerClk' | 'rtCores' | 'nvlinks' | 'memory' | 'channelsPerByteRate'>;
  rates: Record<string, number>;
  axes: PeerAxis[];
  contexts: (Record<string, number> & { layers: LayerFigures[] })[];
}

function layerFigures(gpu: Gpu, { layer, batch, pass, count }: MergedPass): LayerFigures {
  const planned = IMPLICIT_GEMM.plan(gpu, layer, batch, pass)!;
  if ('infeasible' in planned) throw new Error(`the peers know no infeasible designs: ${planned.infeasible}`);
  const { kernel, traffic, activity } = planned[0]!.work(planned[0]!.traffic());
  const { full, size, rest } = kernel.waves;
  return {
    ...{ count, loops: kernel.loops, warps: kernel.warps, macs: kernel.warpMacs, index: kernel.indexInstructions },
    ...{ memory: kernel.memoryInstructions, storeClks: kernel.storeClks, smem: kernel.loops * kernel.smemBytes },
    ...{ l1: kernel.l1Bytes, l2: kernel.l2Bytes, dram: kernel.dramBytes },
    ...{ full, size, rest, ctasPerSm: kernel.ctas / kernel.smCount },
    ...{ issuedMacs: activity.macs, smemBytes: activity.smemBytes },
    ...{ l1Bytes: l1Bytes(traffic), l2Bytes: l2Bytes(traffic), dramBytes: dramBytes(traffic) },
    ofmapBytes: traffic.written ?? traffic.dram.ofmap,
  };
}

/** A study of one workload and axes that are not linked, for the peers. */
export function peerStudy(study: Study): PeerStudy {
  const [workload, ...others] = study.workloads;
  if (!workload || others.length > 0 || study.constraints.length > 0 || study.dimensions.some((d) => d.length > 1))
    throw new Error('the peers take one workload, and neither constraints nor linked axes');
  const contextDigits = stagesOf(study.dimensions).context;
  const { radices, size } = gridOf(study);
  const strideInContexts = (digit: number) =>
    contextDigits.includes(digit)
      ? contextDigits.filter((other) => other > digit).reduce((stride, other) => stride * radices[other]!, 1)
      : 0;
  const settings = settingsOf(study);
  const gpu = toGpu(study.baseline);
  const passes = mergedPasses(workload);
  const contextRadices = contextDigits.map((digit) => radices[digit]!);
  const position = contextDigits.map(() => 0);
  const contexts: PeerStudy['contexts'] = [];
  do {
    contextDigits.forEach((digit, i) => applySettings(gpu, settings[digit - 1]!, position[i]!));
    const fields = Object.fromEntries(CONTEXT_FIELDS.map((field) => [field, gpu[field]]));
    contexts.push(Object.assign({ layers: passes.map((pass) => layerFigures(gpu, pass)) }, fields));
  } while (!nextDigits(contextRadices, position));
  const base = toGpu(study.baseline);
  return {
    designs: size,
    columns: columnsOf(study).map(({ name }) => name),
    workload: workloadNames(study)[0]!,
    facts: factsOf(study)[0]!,
    constants: DELTA_CONSTANTS,
    callOverheadS: base.callOverheadS,
    tie: TIE,
    bottlenecks: BOTTLENECKS,
    areas: areaFactors(base, study.costs),
    energies: energyFactors(base, study.costs),
    die: base,
    rates: Object.fromEntries(RATES.map((field) => [field, base[field]])),
    axes: study.dimensions.map(([axis], d) => ({
      id: axis!.id,
      field: resourceOf(axis!.id)!.si,
      contextStride: strideInContexts(d + 1),
      values: axis!.values.map(Number),
      si: settings[d]![0]!.values.map(Number),
    })),
    contexts,
  };
}

/** The same for C: doubles alone, in the order in which `kernel.c` reads them. */
export function flatStudy({ designs, constants, callOverheadS, rates, axes, contexts }: PeerStudy): Float64Array {
  const { loopInstructions, prologueSlots, syncClks } = constants;
  const layers = contexts[0]!.layers.length;
  return Float64Array.from([
    ...[designs, axes.length, contexts.length, layers],
    ...[loopInstructions, prologueSlots, syncClks, callOverheadS],
    ...RATES.map((field) => rates[field]!),
    ...axes.flatMap(({ field, contextStride, si }) => [
      si.length,
      contextStride,
      (RATES as readonly string[]).indexOf(field),
      ...si,
    ]),
    ...contexts.flatMap((context) => context.layers.flatMap((layer) => LAYER_FIELDS.map((field) => layer[field]))),
  ]);
}
