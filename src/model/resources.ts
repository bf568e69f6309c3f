/**
 * The resources of a GPU that a study can scale: declared once. GPU files, sweep axes, SQL and Arrow columns, the JSON
 * Schema and the docs all derive from this list.
 */
import type { Stream } from './bottleneck.js';
import { GIGA, KIB, MIB, NANO } from './units.js';

interface Resource {
  id: string;
  /** Heading in narrow tables. */
  label: string;
  meaning: string;
  unit: string;
  /** How time responds to it: smoothly to a rate or a latency, in steps to a capacity (docs/model.md, 5.5). */
  kind: 'rate' | 'latency' | 'capacity';
  /**
   * Where the model `delta` first reads it (docs/model.md, 11): the context (tile, occupancy, traffic), the waves of a layer, or its
   * bandwidth streams alone.
   */
  stage: 'context' | 'wave' | 'bandwidth';
  /** The stream whose throughput it is. */
  stream?: Stream;
  /** The field of `Gpu` that holds it, and what one unit is in SI. */
  si: string;
  siPerUnit: number;
  /** Whether zero is a meaningful value (no cache, no latency). */
  mayBeZero?: true;
  /** Whether only whole numbers make sense. */
  whole?: true;
}

export const RESOURCES = [
  {
    id: 'sm_count',
    kind: 'capacity',
    stage: 'context',
    label: 'SMs',
    meaning: 'streaming multiprocessors',
    unit: '1',
    si: 'smCount',
    siPerUnit: 1,
    whole: true,
  },
  {
    id: 'clock_ghz',
    kind: 'rate',
    stage: 'wave',
    label: 'clock',
    meaning: 'sustained SM clock',
    unit: 'GHz',
    si: 'clockHz',
    siPerUnit: GIGA,
  },
  {
    id: 'macs_per_clk',
    kind: 'rate',
    stage: 'wave',
    stream: 'compute',
    label: 'MACs',
    meaning: "multiply-accumulates per clock per SM at the study's precision",
    unit: '1/clk',
    si: 'macsPerClk',
    siPerUnit: 1,
  },
  {
    id: 'macs_per_instr',
    kind: 'rate',
    stage: 'wave',
    label: 'MACs instr',
    meaning: 'multiply-accumulates of one warp instruction (32 for FFMA, more for matrix instructions)',
    unit: '1',
    si: 'macsPerInstr',
    siPerUnit: 1,
  },
  {
    id: 'issue_per_clk',
    kind: 'rate',
    stage: 'wave',
    stream: 'issue',
    label: 'issue',
    meaning: 'warp instructions issued per clock per SM (warp schedulers)',
    unit: '1/clk',
    si: 'issuePerClk',
    siPerUnit: 1,
  },
  {
    id: 'register_kib',
    kind: 'capacity',
    stage: 'context',
    label: 'regs',
    meaning: 'register file per SM',
    unit: 'KiB',
    si: 'registerBytes',
    siPerUnit: KIB,
  },
  {
    id: 'smem_kib',
    kind: 'capacity',
    stage: 'context',
    label: 'smem',
    meaning: 'shared memory usable by CTAs, per SM',
    unit: 'KiB',
    si: 'smemBytes',
    siPerUnit: KIB,
  },
  {
    id: 'smem_gbps',
    kind: 'rate',
    stage: 'bandwidth',
    stream: 'smem',
    label: 'smem BW',
    meaning: 'shared-memory bandwidth per SM',
    unit: 'GB/s',
    si: 'smemBytesPerS',
    siPerUnit: GIGA,
  },
  {
    id: 'l1_kib',
    kind: 'capacity',
    stage: 'context',
    label: 'L1',
    meaning: 'L1 data cache per SM (what is left for caching, not the unified total with shared memory)',
    unit: 'KiB',
    si: 'l1Bytes',
    siPerUnit: KIB,
    mayBeZero: true,
  },
  {
    id: 'l1_gbps',
    kind: 'rate',
    stage: 'bandwidth',
    stream: 'l1',
    label: 'L1 BW',
    meaning: 'L1 bandwidth per SM',
    unit: 'GB/s',
    si: 'l1BytesPerS',
    siPerUnit: GIGA,
  },
  {
    id: 'l2_mib',
    kind: 'capacity',
    stage: 'context',
    label: 'L2',
    meaning: 'L2 cache, whole GPU',
    unit: 'MiB',
    si: 'l2Bytes',
    siPerUnit: MIB,
  },
  {
    id: 'l2_gbps',
    kind: 'rate',
    stage: 'bandwidth',
    stream: 'l2',
    label: 'L2 BW',
    meaning: 'L2 bandwidth, whole GPU',
    unit: 'GB/s',
    si: 'l2BytesPerS',
    siPerUnit: GIGA,
  },
  {
    id: 'dram_gbps',
    kind: 'rate',
    stage: 'bandwidth',
    stream: 'dram',
    label: 'DRAM BW',
    meaning: 'sustained DRAM bandwidth',
    unit: 'GB/s',
    si: 'dramBytesPerS',
    siPerUnit: GIGA,
  },
  {
    id: 'l1_ns',
    kind: 'latency',
    stage: 'wave',
    label: 'L1 ns',
    meaning: 'latency of a load that L1 serves',
    unit: 'ns',
    si: 'l1LatencyS',
    siPerUnit: NANO,
    mayBeZero: true,
  },
  {
    id: 'l2_ns',
    kind: 'latency',
    stage: 'wave',
    label: 'L2 ns',
    meaning: 'latency of a load that L2 serves',
    unit: 'ns',
    si: 'l2LatencyS',
    siPerUnit: NANO,
    mayBeZero: true,
  },
  {
    id: 'dram_ns',
    kind: 'latency',
    stage: 'wave',
    label: 'DRAM ns',
    meaning: 'latency of a load that DRAM serves',
    unit: 'ns',
    si: 'dramLatencyS',
    siPerUnit: NANO,
    mayBeZero: true,
  },
] as const satisfies readonly Resource[];

export type ResourceId = (typeof RESOURCES)[number]['id'];

type Declared = (typeof RESOURCES)[number];
type Having<P extends keyof Resource, V> = Extract<Declared, Record<P, V>>;
export type RateId = Having<'kind', 'rate'>['id'];
export type LatencyId = Having<'kind', 'latency'>['id'];
export type CapacityId = Having<'kind', 'capacity'>['id'];

/** The resources that have a value of a property, in the order of their declaration. */
function having<P extends 'kind' | 'stage', V extends Declared[P]>(property: P, value: V) {
  return RESOURCES.filter((resource) => resource[property] === value) as unknown as Having<P, V>[];
}

export const RATES = having('kind', 'rate').map(({ id }) => id);
export const LATENCIES = having('kind', 'latency').map(({ id }) => id);
export const CAPACITIES = having('kind', 'capacity').map(({ id }) => id);

/** Fields of `Gpu` that hold a rate or a latency: rates first. */
export const RATE_FIELDS = [...having('kind', 'rate'), ...having('kind', 'latency')].map(({ si }) => si);
export type RateField = (typeof RATE_FIELDS)[number];

/** Fields of `Gpu` that hold a bandwidth. */
export const BANDWIDTH_FIELDS = having('stage', 'bandwidth').map(({ si }) => si);
export type BandwidthField = (typeof BANDWIDTH_FIELDS)[number];

/** A field of `Gpu` that holds a resource. */
export type ResourceField = (typeof RESOURCES)[number]['si'];

type Declaration = Resource & { si: ResourceField };

/** The one axis that is not a quantity: how the kernel tiles the GEMM. */
export const CTA_TILE = {
  id: 'cta_tile',
  label: 'tile',
  meaning: 'CTA tile: auto, or MxNxK such as 128x128x8',
  unit: '-',
} as const;

export type AxisId = ResourceId | typeof CTA_TILE.id;

/** Every axis id, in the order of GPU files and of columns. */
export const AXIS_IDS: readonly AxisId[] = [...RESOURCES.map((r) => r.id), CTA_TILE.id];

/** A value along an axis, in the axis's unit; text for `cta_tile` alone. */
export type AxisValue = number | string;

const BY_ID = new Map<string, Declaration>(RESOURCES.map((r) => [r.id, r]));

/** The declaration of a numeric resource; undefined for `cta_tile` and unknown names. */
export function resourceOf(id: string): Declaration | undefined {
  return BY_ID.get(id);
}

/** The declaration that names and describes an axis, numeric or not. */
export function describeAxis(id: AxisId): { id: string; label: string; meaning: string; unit: string } {
  return resourceOf(id) ?? CTA_TILE;
}

/** No resource of a GPU is anywhere near this; beyond it arithmetic could overflow to infinity. */
export const LARGEST_RESOURCE = 1e9;

/** Likewise: where zero means nothing, smaller values would take times to infinity. */
const SMALLEST_RESOURCE = 1e-9;

/** The smallest value of a resource that makes sense, in its unit. */
export function smallestOf({ mayBeZero, whole }: Pick<Resource, 'mayBeZero' | 'whole'>): number {
  return mayBeZero ? 0 : whole ? 1 : SMALLEST_RESOURCE;
}
