/** The blocks that a photograph of a die shows (docs/model.md, 6.3): what the area of a GPU is checked against. */
import { AREA_TERMS, areaAmounts, type PerAreaConstant } from './cost.js';
import type { Gpu, GpuSpec } from './gpu.js';
import { MIB } from './units.js';

export type DieBlock = (typeof AREA_TERMS)[number]['dieBlock'];

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

export const DIE_BLOCKS = Object.keys(BLOCK_UNITS) as DieBlock[];

/** mm2 of each block, whole die; together the area of the GPU. */
export function dieBlocks(gpu: Gpu, factors: PerAreaConstant): Record<DieBlock, number> {
  const amounts = areaAmounts(gpu);
  const blocks = Object.fromEntries(DIE_BLOCKS.map((block) => [block, 0])) as Record<DieBlock, number>;
  for (const { id, dieBlock } of AREA_TERMS) blocks[dieBlock] += factors[id] * amounts[id];
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
