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
import { MICRO } from './units.js';

/** Process node of a GPU file that names none: the newest that the area constants were measured at. */
export const DEFAULT_PROCESS_NM = 7;

/** A GPU as its file has it: the contract's names and units. */
export type GpuSpec = Record<ResourceId, number> & {
  id: string;
  name: string;
  /** Limits of one SM. */
  max_threads: number;
  max_ctas: number;
  /** Which kernels ran: 6 (cuDNN 6 and before) or 7 (cuDNN 7). */
  kernel_generation: number;
  call_overhead_us: number;
  /** Process node, for areas. */
  process_nm: number;
  sources?: Record<string, string>;
};

/** A GPU as the model sees it: SI units (seconds, bytes, hertz, bytes per second). Bandwidths of L2 and DRAM are of the whole GPU. */
export interface Gpu {
  smCount: number;
  clockHz: number;
  macsPerClk: number;
  macsPerInstr: number;
  issuePerClk: number;
  registerBytes: number;
  smemBytes: number;
  smemBytesPerS: number;
  l1Bytes: number;
  l1BytesPerS: number;
  l2Bytes: number;
  l2BytesPerS: number;
  dramBytesPerS: number;
  l1LatencyS: number;
  l2LatencyS: number;
  dramLatencyS: number;
  /** An explicit CTA tile; absent when the kernel library chooses. */
  ctaTile?: Tile | undefined;
  maxThreads: number;
  maxCtas: number;
  kernelGeneration: number;
  callOverheadS: number;
  processNm: number;
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
  };
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
