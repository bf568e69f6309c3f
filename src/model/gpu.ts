import {
  CTA_TILE,
  RESOURCES,
  resourceOf,
  type AxisId,
  type AxisValue,
  type ResourceField,
  type ResourceId,
} from './resources.js';
import { parseTile, type Tile } from './tile.js';
import { GIGA, MICRO } from './units.js';

/** Process node of a GPU file that names none: the newest that the area constants were measured at. */
export const DEFAULT_PROCESS_NM = 7;

/** Sustained GB/s of a stack of HBM2e (1.81 TB/s on 5 stacks, RRZE-HPC/gpu-benches): the memory of a file that names none. */
const DEFAULT_STACK_GBPS = 362;

/** What else of a die a GPU file may name: units and links that cost area and that no axis moves. Absent ones are 0. */
export const DIE_FIELDS = [
  { id: 'fp64_per_clk', si: 'fp64PerClk', meaning: 'FP64 multiply-accumulates per clock per SM', unit: '1/clk' },
  {
    id: 'tensor_per_clk',
    si: 'tensorPerClk',
    meaning: 'dense FP16 multiply-accumulates of the tensor units per clock per SM',
    unit: '1/clk',
  },
  { id: 'rt_cores', si: 'rtCores', meaning: 'ray-tracing cores per SM', unit: '1' },
  { id: 'nvlinks', si: 'nvlinks', meaning: 'NVLinks of the die', unit: '1' },
] as const;

type DieFieldId = (typeof DIE_FIELDS)[number]['id'];
type DieField = (typeof DIE_FIELDS)[number]['si'];

/** Kinds of DRAM, by the interface that they need. */
export const MEMORIES = ['hbm', 'gddr'] as const;
export type Memory = (typeof MEMORIES)[number];

/** A GPU as its file has it: the contract's names and units. */
export type GpuSpec = Record<ResourceId, number> &
  Partial<Record<DieFieldId, number>> & {
    id: string;
    name: string;
    /** Limits of one SM. */
    max_threads: number;
    max_ctas: number;
    /** Which kernels ran: 6 (cuDNN 6 and before) or 7 (cuDNN 7). */
    kernel_generation: number;
    call_overhead_us: number;
    /** Process node, for areas and energy. */
    process_nm: number;
    /** Kind of DRAM, and its stacks of HBM or 32-bit channels of GDDR; they scale with the bandwidth. */
    memory?: Memory;
    memory_channels?: number;
    sources?: Record<string, string>;
  };

/** A GPU as the model sees it: SI units (seconds, bytes, hertz, bytes per second). Bandwidths of L2 and DRAM are of the whole GPU. */
export interface Gpu extends Record<ResourceField | DieField, number> {
  /** An explicit CTA tile; absent when the kernel library chooses. */
  ctaTile?: Tile | undefined;
  maxThreads: number;
  maxCtas: number;
  kernelGeneration: number;
  callOverheadS: number;
  processNm: number;
  memory: Memory;
  /** Stacks or channels of DRAM for each byte per second: more bandwidth takes more of them. */
  channelsPerByteRate: number;
}

/** Converts a GPU file's figures to SI, with the tile left to the kernel library. */
export function toGpu(spec: GpuSpec): Gpu {
  const si = Object.fromEntries(RESOURCES.map((r) => [r.si, spec[r.id] * r.siPerUnit]));
  return {
    ...(si as Record<ResourceField, number>),
    maxThreads: spec.max_threads,
    maxCtas: spec.max_ctas,
    kernelGeneration: spec.kernel_generation,
    callOverheadS: spec.call_overhead_us * MICRO,
    processNm: spec.process_nm,
    ...(Object.fromEntries(DIE_FIELDS.map(({ id, si: field }) => [field, spec[id] ?? 0])) as Record<DieField, number>),
    memory: spec.memory ?? 'hbm',
    channelsPerByteRate: (spec.memory_channels ?? spec.dram_gbps / DEFAULT_STACK_GBPS) / (spec.dram_gbps * GIGA),
  };
}

/** Resources that follow the SM clock: rates in proportion, latencies in inverse proportion. */
const CLOCKED_RATES = ['smem_gbps', 'l1_gbps', 'l2_gbps'] as const;
const CLOCKED_LATENCIES = ['l1_ns', 'l2_ns'] as const;

/** A GPU at another SM clock, with all that this clock drives; DRAM stays as it is. */
export function atClock(spec: GpuSpec, clockGhz: number): GpuSpec {
  const factor = clockGhz / spec.clock_ghz;
  const locked = { ...spec, clock_ghz: clockGhz };
  for (const id of CLOCKED_RATES) locked[id] = spec[id] * factor;
  for (const id of CLOCKED_LATENCIES) locked[id] = spec[id] / factor;
  return locked;
}

/** The value of an axis on an unscaled GPU, in the axis's unit. */
export function baselineValue(spec: GpuSpec, axis: AxisId): AxisValue {
  return axis === CTA_TILE.id ? 'auto' : spec[axis];
}

/** Sets one axis of a GPU in place; the value is in the axis's unit, and valid. */
export function setAxis(gpu: Gpu, axis: AxisId, value: AxisValue): void {
  const resource = resourceOf(axis);
  if (resource) gpu[resource.si] = Number(value) * resource.siPerUnit;
  else gpu.ctaTile = parseTile(String(value));
}

/** A copy of a GPU with some axes set. */
export function withAxes(gpu: Gpu, values: Partial<Record<AxisId, AxisValue>>): Gpu {
  const copy = { ...gpu };
  for (const [axis, value] of Object.entries(values)) setAxis(copy, axis as AxisId, value);
  return copy;
}

/** Multiply-accumulates per second of one SM. */
export function macsPerSecondOfSm(gpu: Gpu): number {
  return gpu.macsPerClk * gpu.clockHz;
}
