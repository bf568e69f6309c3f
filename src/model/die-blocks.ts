/** The blocks that a photograph of a die shows (docs/model.md, 6.3): what the area of a GPU is checked against. */
import { AREA_TERMS, areaAmounts, type AreaConstantId, type PerAreaConstant } from './cost.js';
import type { Gpu, GpuSpec } from './gpu.js';
import { MIB } from './units.js';

export const DIE_BLOCKS = ['sm', 'crossbar', 'l2', 'phy', 'controller', 'nvlink', 'uncore'] as const;
export type DieBlock = (typeof DIE_BLOCKS)[number];

/** What each block is measured by. */
export const BLOCK_UNITS: Record<DieBlock, string> = {
  sm: 'SM',
  crossbar: 'SM',
  l2: 'MiB',
  phy: 'stack or channel',
  controller: 'stack or channel',
  nvlink: 'link',
  uncore: 'die',
};

const BLOCK_OF: Record<AreaConstantId, DieBlock> = {
  register_mm2_per_kib: 'sm',
  control_mm2_per_issue_slot: 'sm',
  mac_mm2_per_mac_per_clk: 'sm',
  l1_smem_mm2_per_kib: 'sm',
  l1_smem_mm2_per_gbps: 'sm',
  l2_mm2_per_mib: 'l2',
  crossbar_mm2_per_gbps: 'crossbar',
  hbm_phy_mm2_per_stack: 'phy',
  hbm_controller_mm2_per_stack: 'controller',
  gddr_phy_mm2_per_channel: 'phy',
  gddr_controller_mm2_per_channel: 'controller',
  fp64_mm2_per_mac_per_clk: 'sm',
  tensor_mm2_per_mac_per_clk: 'sm',
  rt_mm2_per_core: 'sm',
  nvlink_phy_mm2_per_link: 'nvlink',
  uncore_mm2: 'uncore',
};

/** mm2 of each block, whole die; together the area of the GPU. */
export function dieBlocks(gpu: Gpu, factors: PerAreaConstant): Record<DieBlock, number> {
  const amounts = areaAmounts(gpu);
  const blocks = { sm: 0, crossbar: 0, l2: 0, phy: 0, controller: 0, nvlink: 0, uncore: 0 };
  for (const { id } of AREA_TERMS) blocks[BLOCK_OF[id]] += factors[id] * amounts[id];
  return blocks;
}

/** How many of its unit a block of a GPU has. */
export function blockUnits(gpu: Gpu): Record<DieBlock, number> {
  const channels = gpu.dramBytesPerS * gpu.channelsPerByteRate;
  return {
    ...{ sm: gpu.smCount, crossbar: gpu.smCount, l2: gpu.l2Bytes / MIB },
    ...{ phy: channels, controller: channels, nvlink: gpu.nvlinks, uncore: 1 },
  };
}

/** A die whose area is published. */
export interface Die {
  name: string;
  /** The whole of it enabled. */
  gpu: GpuSpec;
  area_mm2: number;
  /** mm2 that were measured of one unit of a block. */
  blocks: Partial<Record<DieBlock, number>>;
  /** Whether it gave no cost constant. */
  held_out: boolean;
  source: string;
}
