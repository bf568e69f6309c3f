/** Silicon area of a design (docs/model.md, 6.2): what each constant of the cost model costs, times how much of it there is. */
import type { PerStream, Stream } from './bottleneck.js';
import type { Gpu } from './gpu.js';
import { constantsAt, type Bound, type Declaration, type CostModel } from './cost-model.js';
import { GIGA, KIB, MIB } from './units.js';

/** The blocks of silicon that rates of the model move, and that a study weighs against each other. */
export const AREA_BLOCKS = ['compute', 'sram', 'l2', 'dram'] as const;
export type AreaBlock = (typeof AREA_BLOCKS)[number];

/** The streams that each block serves. */
export const BLOCK_STREAMS: Record<AreaBlock, readonly Stream[]> = {
  compute: ['compute', 'issue'],
  sram: ['smem', 'l1'],
  l2: ['l2'],
  dram: ['dram'],
};

/** A figure a block: compute with registers and control; shared memory with L1; L2 with crossbar; DRAM interface. */
export type PerBlock = Record<AreaBlock, number>;

/** mm2 of each block, whole GPU, and of the rest of the die: units and links that no axis moves. */
export type Areas = PerBlock & { rest: number };

interface AreaTerm extends Declaration {
  block: keyof Areas;
  /** What a photograph of a die shows it as (`die-blocks.ts`). */
  dieBlock: string;
  /** How much of it a design has, in the constant's unit. */
  amount: (gpu: Gpu) => number;
}

const stacks = (gpu: Gpu, memory: Gpu['memory']) =>
  gpu.memory === memory ? gpu.dramBytesPerS * gpu.channelsPerByteRate : 0;

/** Every constant that areas are made of. Amounts are linear in each rate. PHYs are analogue and do not shrink. */
export const AREA_TERMS = [
  {
    id: 'register_mm2_per_kib',
    unit: 'mm2/KiB',
    meaning: 'register file',
    scaling: 'density',
    block: 'compute',
    dieBlock: 'sm',
    amount: (gpu) => (gpu.smCount * gpu.registerBytes) / KIB,
  },
  {
    id: 'control_mm2_per_issue_slot',
    unit: 'mm2/(1/clk)',
    meaning: 'fetch, schedule and issue, per warp instruction a clock',
    scaling: 'density',
    block: 'compute',
    dieBlock: 'sm',
    amount: (gpu) => gpu.smCount * gpu.issuePerClk,
  },
  {
    id: 'mac_mm2_per_mac_per_clk',
    unit: 'mm2/(1/clk)',
    meaning: 'FP32 and integer units, per multiply-accumulate a clock',
    scaling: 'density',
    block: 'compute',
    dieBlock: 'sm',
    amount: (gpu) => gpu.smCount * gpu.macsPerClk,
  },
  {
    id: 'l1_smem_mm2_per_kib',
    unit: 'mm2/KiB',
    meaning: 'cells of L1 and shared memory',
    scaling: 'density',
    block: 'sram',
    dieBlock: 'sm',
    amount: (gpu) => (gpu.smCount * (gpu.smemBytes + gpu.l1Bytes)) / KIB,
  },
  {
    id: 'l1_smem_mm2_per_gbps',
    unit: 'mm2/(GB/s)',
    meaning: 'banks and data paths of L1 and shared memory, per bandwidth of an SM',
    scaling: 'density',
    block: 'sram',
    dieBlock: 'sm',
    amount: (gpu) => (gpu.smCount * (gpu.smemBytesPerS + gpu.l1BytesPerS)) / GIGA,
  },
  {
    id: 'l2_mm2_per_mib',
    unit: 'mm2/MiB',
    meaning: 'L2',
    scaling: 'density',
    block: 'l2',
    dieBlock: 'l2',
    amount: (gpu) => gpu.l2Bytes / MIB,
  },
  {
    id: 'crossbar_mm2_per_gbps',
    unit: 'mm2/(GB/s)',
    meaning: 'crossbar between SMs and L2, per L2 bandwidth',
    scaling: 'density',
    block: 'l2',
    dieBlock: 'crossbar',
    amount: (gpu) => gpu.l2BytesPerS / GIGA,
  },
  {
    id: 'hbm_phy_mm2_per_stack',
    unit: 'mm2',
    meaning: 'PHY of a stack of HBM; does not shrink with the node',
    scaling: 'none',
    block: 'dram',
    dieBlock: 'phy',
    amount: (gpu) => stacks(gpu, 'hbm'),
  },
  {
    id: 'hbm_controller_mm2_per_stack',
    unit: 'mm2',
    meaning: 'controller of a stack of HBM',
    scaling: 'density',
    block: 'dram',
    dieBlock: 'controller',
    amount: (gpu) => stacks(gpu, 'hbm'),
  },
  {
    id: 'gddr_phy_mm2_per_channel',
    unit: 'mm2',
    meaning: 'PHY of 32 bits of GDDR; does not shrink with the node',
    scaling: 'none',
    block: 'dram',
    dieBlock: 'phy',
    amount: (gpu) => stacks(gpu, 'gddr'),
  },
  {
    id: 'gddr_controller_mm2_per_channel',
    unit: 'mm2',
    meaning: 'controller of 32 bits of GDDR',
    scaling: 'density',
    block: 'dram',
    dieBlock: 'controller',
    amount: (gpu) => stacks(gpu, 'gddr'),
  },
  {
    id: 'fp64_mm2_per_mac_per_clk',
    unit: 'mm2/(1/clk)',
    meaning: 'FP64 units, per multiply-accumulate a clock',
    scaling: 'density',
    block: 'rest',
    dieBlock: 'sm',
    amount: (gpu) => gpu.smCount * gpu.fp64PerClk,
  },
  {
    id: 'tensor_mm2_per_mac_per_clk',
    unit: 'mm2/(1/clk)',
    meaning: 'tensor units, per dense FP16 multiply-accumulate a clock',
    scaling: 'density',
    block: 'rest',
    dieBlock: 'sm',
    amount: (gpu) => gpu.smCount * gpu.tensorPerClk,
  },
  {
    id: 'rt_mm2_per_core',
    unit: 'mm2',
    meaning: 'ray-tracing core',
    scaling: 'density',
    block: 'rest',
    dieBlock: 'sm',
    amount: (gpu) => gpu.smCount * gpu.rtCores,
  },
  {
    id: 'nvlink_phy_mm2_per_link',
    unit: 'mm2',
    meaning: 'PHY of an NVLink; does not shrink with the node',
    scaling: 'none',
    block: 'rest',
    dieBlock: 'nvlink',
    amount: (gpu) => gpu.nvlinks,
  },
  {
    id: 'uncore_mm2',
    unit: 'mm2',
    meaning: 'front end, PCIe, display and video engines, fuses, pads: what every die has once',
    scaling: 'density',
    block: 'rest',
    dieBlock: 'uncore',
    amount: () => 1,
  },
] as const satisfies readonly AreaTerm[];

export type AreaConstantId = (typeof AREA_TERMS)[number]['id'];

/** A figure for each constant that areas are made of. */
export type PerAreaConstant = Record<AreaConstantId, number>;

/** What a unit of each amount costs on a GPU's process, mm2; never negative. */
export function areaFactors(
  { processNm }: Pick<Gpu, 'processNm'>,
  model: CostModel<AreaConstantId>,
  bound: Bound = 'value',
): PerAreaConstant {
  return constantsAt(AREA_TERMS, model, processNm, bound);
}

/** How much a design has of what each constant is the cost of. Its area is the sum of these times the factors. */
export function areaAmounts(gpu: Gpu): PerAreaConstant {
  return Object.fromEntries(AREA_TERMS.map(({ id, amount }) => [id, amount(gpu)])) as PerAreaConstant;
}

type Term = (typeof AREA_TERMS)[number];

const termsOf = (block: keyof Areas): readonly Term[] => AREA_TERMS.filter((term) => term.block === block);

const TERMS_OF: Record<keyof Areas, readonly Term[]> = {
  compute: termsOf('compute'),
  sram: termsOf('sram'),
  l2: termsOf('l2'),
  dram: termsOf('dram'),
  rest: termsOf('rest'),
};

/** Area of one block of a design, mm2: amounts times what they cost. */
export function blockArea(block: keyof Areas, factors: PerAreaConstant, gpu: Gpu): number {
  let mm2 = 0;
  for (const { id, amount } of TERMS_OF[block]) mm2 += factors[id] * amount(gpu);
  return mm2;
}

/** Area of each block of a design, mm2 (docs/model.md, 6.2). */
export function areasOf(gpu: Gpu, factors: PerAreaConstant): Areas {
  const of = (block: keyof Areas) => blockArea(block, factors, gpu);
  return { compute: of('compute'), sram: of('sram'), l2: of('l2'), dram: of('dram'), rest: of('rest') };
}

/** The sum of a figure over the blocks that a study weighs. */
export function sumOfBlocks(figures: PerBlock): number {
  return AREA_BLOCKS.reduce((sum, block) => sum + figures[block], 0);
}

/** The whole die. */
export function totalArea(areas: Areas): number {
  return sumOfBlocks(areas) + areas.rest;
}

/** A figure a block from a figure a stream, where a block that serves two streams takes what `join` makes of them. */
export function perBlock(figures: PerStream, join: (a: number, b: number) => number): PerBlock {
  const of = (block: AreaBlock) => BLOCK_STREAMS[block].map((stream) => figures[stream]).reduce((a, b) => join(a, b));
  return { compute: of('compute'), sram: of('sram'), l2: of('l2'), dram: of('dram') };
}

/** The share of the weighed silicon that is at work: areas weighted by utilisation, 0..1 (docs/model.md, 5.3). */
export function balanceOf(areas: PerBlock, utilization: PerStream): number {
  const used = perBlock(utilization, Math.max);
  return AREA_BLOCKS.reduce((sum, block) => sum + areas[block] * used[block], 0) / sumOfBlocks(areas);
}
