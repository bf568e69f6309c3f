/** Silicon area of a design (docs/model.md, 6). */
import type { Gpu } from './gpu.js';
import type { PerStream } from './bottleneck.js';
import { GIGA, KIB, MIB } from './units.js';

/** The constants that areas are built from, as `sweeps/costs/` has them; areas at `reference_nm`. */
export interface AreaConstants {
  reference_nm: number;
  register_mm2_per_kib: number;
  control_mm2_per_issue_slot: number;
  mac_mm2_per_mac_per_clk: number;
  l1_smem_mm2_per_kib: number;
  l1_smem_mm2_per_gbps: number;
  l2_mm2_per_mib: number;
  crossbar_mm2_per_gbps: number;
  dram_phy_mm2_per_gbps: number;
  dram_controller_mm2_per_gbps: number;
  /** Logic density by process node, million transistors per mm2. */
  density: Record<string, number>;
}

/** The blocks of silicon that a study weighs against each other. */
export const AREA_BLOCKS = ['compute', 'sram', 'l2', 'dram'] as const;
export type AreaBlock = (typeof AREA_BLOCKS)[number];

/** mm2 of each block, whole GPU: compute with registers and control; shared memory with L1; L2 with crossbar; DRAM interface. */
export type Areas = Record<AreaBlock, number>;

/** The constants on a GPU's own process, per unit of each resource in SI: mm2 of one SM, or of the whole GPU for L2 and DRAM. */
export interface AreaFactors {
  perRegisterByte: number;
  perIssueSlot: number;
  perMac: number;
  perSramByte: number;
  perSramByteRate: number;
  perL2Byte: number;
  perL2ByteRate: number;
  perDramByteRate: number;
}

/** How much larger logic is on a process than at the constants' own. */
export function processScale({ processNm }: Pick<Gpu, 'processNm'>, constants: AreaConstants): number {
  return constants.density[constants.reference_nm]! / constants.density[processNm]!;
}

/** Areas per resource on a GPU's process (docs/model.md, 6.1). The DRAM PHY is analogue and does not shrink with the node. */
export function areaFactors(gpu: Pick<Gpu, 'processNm'>, c: AreaConstants): AreaFactors {
  const scale = processScale(gpu, c);
  return {
    perRegisterByte: (scale * c.register_mm2_per_kib) / KIB,
    perIssueSlot: scale * c.control_mm2_per_issue_slot,
    perMac: scale * c.mac_mm2_per_mac_per_clk,
    perSramByte: (scale * c.l1_smem_mm2_per_kib) / KIB,
    perSramByteRate: (scale * c.l1_smem_mm2_per_gbps) / GIGA,
    perL2Byte: (scale * c.l2_mm2_per_mib) / MIB,
    perL2ByteRate: (scale * c.crossbar_mm2_per_gbps) / GIGA,
    perDramByteRate: (c.dram_phy_mm2_per_gbps + scale * c.dram_controller_mm2_per_gbps) / GIGA,
  };
}

/** Registers, control and arithmetic of all SMs. */
export function computeArea(f: AreaFactors, gpu: Gpu): number {
  return (
    gpu.smCount * (gpu.registerBytes * f.perRegisterByte + gpu.issuePerClk * f.perIssueSlot + gpu.macsPerClk * f.perMac)
  );
}

/** Shared memory and L1 of all SMs; the bandwidths are of one SM. */
export function sramArea(f: AreaFactors, gpu: Gpu, smemBytesPerS: number, l1BytesPerS: number): number {
  return (
    gpu.smCount * ((gpu.smemBytes + gpu.l1Bytes) * f.perSramByte + (smemBytesPerS + l1BytesPerS) * f.perSramByteRate)
  );
}

/** L2 with the crossbar. */
export function l2Area(f: AreaFactors, gpu: Gpu, l2BytesPerS: number): number {
  return gpu.l2Bytes * f.perL2Byte + l2BytesPerS * f.perL2ByteRate;
}

/** DRAM controllers and PHYs. */
export function dramArea(f: AreaFactors, dramBytesPerS: number): number {
  return dramBytesPerS * f.perDramByteRate;
}

/** Area of each block of a design (docs/model.md, 6.1). */
export function areasOf(gpu: Gpu, constants: AreaConstants): Areas {
  const f = areaFactors(gpu, constants);
  return {
    compute: computeArea(f, gpu),
    sram: sramArea(f, gpu, gpu.smemBytesPerS, gpu.l1BytesPerS),
    l2: l2Area(f, gpu, gpu.l2BytesPerS),
    dram: dramArea(f, gpu.dramBytesPerS),
  };
}

export function totalArea(areas: Areas): number {
  return AREA_BLOCKS.reduce((sum, block) => sum + areas[block], 0);
}

/** A figure a block from a figure a stream, where a block that serves two streams takes what `join` makes of them. */
export function perBlock(figures: PerStream, join: (a: number, b: number) => number): Areas {
  return {
    compute: join(figures.compute, figures.issue),
    sram: join(figures.smem, figures.l1),
    l2: figures.l2,
    dram: figures.dram,
  };
}

/** The share of the silicon that is at work: areas weighted by utilisation, 0..1 (docs/model.md, 5.3). */
export function balanceOf(areas: Areas, utilization: PerStream): number {
  const used = perBlock(utilization, Math.max);
  return AREA_BLOCKS.reduce((sum, block) => sum + areas[block] * used[block], 0) / totalArea(areas);
}
