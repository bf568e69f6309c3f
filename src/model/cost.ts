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

/** How much larger logic is on a GPU's process than at the constants' own. */
export function processScale(gpu: Gpu, constants: AreaConstants): number {
  return constants.density[constants.reference_nm]! / constants.density[gpu.processNm]!;
}

/** Area of each block of a design (docs/model.md, 6.1). The DRAM PHY is analogue and does not shrink with the node. */
export function areasOf(gpu: Gpu, c: AreaConstants): Areas {
  const scale = processScale(gpu, c);
  const compute =
    (gpu.registerBytes / KIB) * c.register_mm2_per_kib +
    gpu.issuePerClk * c.control_mm2_per_issue_slot +
    gpu.macsPerClk * c.mac_mm2_per_mac_per_clk;
  const sram =
    ((gpu.smemBytes + gpu.l1Bytes) / KIB) * c.l1_smem_mm2_per_kib +
    ((gpu.smemBytesPerS + gpu.l1BytesPerS) / GIGA) * c.l1_smem_mm2_per_gbps;
  const dramGbps = gpu.dramBytesPerS / GIGA;
  return {
    compute: scale * gpu.smCount * compute,
    sram: scale * gpu.smCount * sram,
    l2: scale * ((gpu.l2Bytes / MIB) * c.l2_mm2_per_mib + (gpu.l2BytesPerS / GIGA) * c.crossbar_mm2_per_gbps),
    dram: dramGbps * (c.dram_phy_mm2_per_gbps + scale * c.dram_controller_mm2_per_gbps),
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
