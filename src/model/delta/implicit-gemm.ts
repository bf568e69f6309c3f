import { activityOf } from '../energy.js';
import type { Gpu } from '../gpu.js';
import type { Infeasible } from '../infeasible.js';
import { gathersTaps, gemmOf, type Gemm, type Layer, type LayerPass } from '../layer.js';
import type { Algorithm, PlannedKernel } from '../kernel/algorithm.js';
import { wavesOf, type Kernel } from '../kernel/kernel.js';
import { chooseKernelTile } from '../tile-choice.js';
import { activeCtas, smemBytesOfLoop, type Tile } from '../tile.js';
import { tileGemm, type Tiling } from '../tiling.js';
import {
  backwardFilterTraffic,
  gradientConvolution,
  withDensity,
  withTransposedFilters,
  type GradientConvolution,
} from '../traffic/backward.js';
import { rememberedTraffic } from '../traffic/remembered.js';
import { inStepBytes, l1Bytes, l2BytesBothWays, type Traffic } from '../traffic/traffic.js';
import { ELEMENT_BYTES } from '../units.js';

/** The model's constants: global, none belongs to a GPU or a layer (docs/model.md, 11.6). */
export const DELTA_CONSTANTS = {
  /** Index arithmetic, instructions a staged element and loop, where the filter has more than one tap. Fitted. */
  indexInstructionsPerElement: 5.5,
  /** Loop counter, branch, barrier, pointers: instructions a warp and loop. */
  loopInstructions: 8,
  /** Prologue: issue slots a warp. Fitted, weakly. */
  prologueSlots: 440,
  /** Store path at the end of a CTA, bytes a clock. Fitted. */
  storeBytesPerClk: 10,
  /** Barrier and shared-memory turn-around of a loop, clocks. Fitted, weakly. */
  syncClks: 80,
} as const;

/** The gradient convolution of each layer: one object a layer, so that its traffic is remembered too. */
const gradients = new WeakMap<Layer, GradientConvolution>();

function gradientOf(layer: Layer): GradientConvolution {
  let gradient = gradients.get(layer);
  if (!gradient) gradients.set(layer, (gradient = gradientConvolution(layer)));
  return gradient;
}

/** Least length of K that is worth a CTA of its own. */
const LEAST_SPLIT_K = 256;

/** Parts of K that backward-filter computes side by side: about one CTA an SM (docs/model.md, 13.2). */
function splitOf(gemm: Gemm, tile: Tile, pass: LayerPass, gpu: Gpu): number {
  if (pass !== 'backward-filter') return 1;
  const { ctas } = tileGemm(gemm, tile);
  return Math.max(1, Math.min(Math.floor(gpu.smCount / ctas), Math.floor(gemm.k / LEAST_SPLIT_K)));
}

/** Bytes of a pass on a design (docs/model.md, 10 and 13). */
function passTraffic(
  layer: Layer,
  batch: number,
  pass: LayerPass,
  { gemm, tile, tiling }: TiledPass,
  active: number,
  { smCount, l1Bytes: l1Capacity, l2Bytes: l2Capacity }: Gpu,
): Traffic {
  const design = { smCount, activeCtas: active, l1Bytes: l1Capacity, l2Bytes: l2Capacity };
  if (pass === 'backward-filter') return backwardFilterTraffic(layer, batch, gemm, tile, tiling, design);
  if (pass === 'forward') return rememberedTraffic(layer, batch, tile, design);
  const gradient = gradientOf(layer);
  const traffic = rememberedTraffic(gradient.layer, batch, tile, design);
  return withTransposedFilters(withDensity(traffic, gradient.density));
}

/** A GEMM as the design tiles it. */
interface TiledPass {
  gemm: Gemm;
  tile: Tile;
  tiling: Tiling;
  /** Whether operands are gathered from several taps of a filter: their addresses take index arithmetic. */
  gathers: boolean;
}

/** The record of the kernel (docs/model.md, 11.2 and 11.3). */
export function gemmKernel(
  { gemm, tile, tiling, gathers }: TiledPass,
  activeCtas: number,
  traffic: Traffic,
  { smCount, callOverheadS }: Pick<Gpu, 'smCount' | 'callOverheadS'>,
): Kernel {
  const c = DELTA_CONSTANTS;
  const { ctas, loops } = tiling;
  const busySms = Math.min(smCount, ctas);
  const staged = ((tile.m + tile.n) * tile.k) / tile.threads;
  const edge = gemm.n / (tiling.columns * tile.n);
  return {
    waves: wavesOf(ctas, smCount, activeCtas),
    ctas,
    smCount,
    warps: tile.warps,
    loops,
    warpMacs: tile.threadM * tile.threadN * tile.k * 32,
    indexInstructions: gathers ? c.indexInstructionsPerElement * staged : 0,
    memoryInstructions: ((tile.threadM + tile.threadN) / 4) * tile.k + staged + staged / 4,
    loopInstructions: c.loopInstructions,
    prologueSlots: c.prologueSlots,
    storeClks: (ELEMENT_BYTES * tile.m * tile.n * edge) / c.storeBytesPerClk,
    syncClks: c.syncClks,
    smemBytes: smemBytesOfLoop(tile),
    l1Bytes: l1Bytes(traffic) / ctas,
    l2Bytes: (l2BytesBothWays(traffic) / ctas) * busySms,
    dramBytes: (inStepBytes(traffic) / ctas) * busySms,
    l2Waits: loops,
    dramWaits: 2,
    overheadS: callOverheadS,
  };
}

function plan(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): readonly PlannedKernel[] | Infeasible {
  const gemm = gemmOf(layer, batch, pass);
  const { tile, reason } = chooseKernelTile(gemm, gpu, pass);
  if (!tile) return { infeasible: reason };
  const tiling = tileGemm(gemm, tile, splitOf(gemm, tile, pass, gpu));
  const fits = activeCtas(tile, gpu);
  const active = Math.min(fits, Math.ceil(tiling.ctas / gpu.smCount));
  const tiled = { gemm, tile, tiling, gathers: gathersTaps(layer, pass) };
  const { smCount, callOverheadS } = gpu;
  return [
    {
      occupancy: `${tile.name} ${fits}`,
      traffic: () => passTraffic(layer, batch, pass, tiled, active, gpu),
      work: (traffic) => ({
        ...{ gemm, tile, tiling, activeCtas: fits, traffic },
        activity: activityOf({ tile, tiling, traffic }),
        kernel: gemmKernel(tiled, fits, traffic, { smCount, callOverheadS }),
      }),
    },
  ];
}

/** Implicit GEMM: one GPU kernel that gathers its operands as it goes (docs/model.md, 2, 10, 11 and 13). */
export const IMPLICIT_GEMM: Algorithm = { name: 'implicit-gemm', kernels: 1, plan };
