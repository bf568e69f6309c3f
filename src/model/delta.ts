import type { Bottleneck, PerBottleneck } from './bottleneck.js';
import type { Gpu } from './gpu.js';
import { resultOf, type Infeasible, type LayerModel, type LayerResult, type LayerWork } from './layer-model.js';
import { gathersTaps, gemmOf, macsOf, PASSES, type Gemm, type Layer, type LayerPass } from './layer.js';
import { dualIssueLimit, slopesDelta } from './response/slopes-delta.js';
import { chooseKernelTile, KERNEL_TILES } from './tile-choice.js';
import { activeCtas, type Tile } from './tile.js';
import { tileGemm, type Tiling } from './tiling.js';
import { boundOf, layerSecondsDelta, layerTimeDelta } from './time-delta.js';
import {
  backwardFilterTraffic,
  gradientConvolution,
  withDensity,
  type GradientConvolution,
} from './traffic/backward.js';
import { rememberedTraffic } from './traffic/remembered.js';
import type { Traffic } from './traffic/traffic.js';

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

/** Stage 1 of the model: how a layer's GEMM is tiled, and how many CTAs an SM holds (docs/model.md, 11.1 and 2.2). */
export interface TiledPass {
  gemm: Gemm;
  tile: Tile;
  tiling: Tiling;
  /** CTAs that fit an SM at once, and CTAs that it holds while the layer runs. */
  fits: number;
  active: number;
  gathers: boolean;
}

/** Tiles a pass of a layer; infeasible if no tile fits. */
export function tilePass(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): TiledPass | Infeasible {
  const gemm = gemmOf(layer, batch, pass);
  const { tile, reason } = chooseKernelTile(gemm, gpu, pass);
  if (!tile) return { infeasible: reason };
  const tiling = tileGemm(gemm, tile, splitOf(gemm, tile, pass, gpu));
  const fits = activeCtas(tile, gpu);
  const active = Math.min(fits, Math.ceil(tiling.ctas / gpu.smCount));
  return { gemm, tile, tiling, fits, active, gathers: gathersTaps(layer, pass) };
}

/** Stage 2 of the model: bytes of a pass on a design (docs/model.md, 10 and 13). */
export function passTraffic(
  layer: Layer,
  batch: number,
  pass: LayerPass,
  { gemm, tile, tiling, active }: TiledPass,
  { smCount, l1Bytes, l2Bytes }: Gpu,
): Traffic {
  const design = { smCount, activeCtas: active, l1Bytes, l2Bytes };
  if (pass === 'backward-filter') return backwardFilterTraffic(layer, batch, gemm, tile, tiling, design);
  if (pass === 'forward') return rememberedTraffic(layer, batch, tile, design);
  const gradient = gradientOf(layer);
  return withDensity(rememberedTraffic(gradient.layer, batch, tile, design), gradient.density);
}

function cut(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): LayerWork | Infeasible {
  const tiled = tilePass(gpu, layer, batch, pass);
  if ('infeasible' in tiled) return tiled;
  const { gemm, tile, tiling, fits } = tiled;
  const traffic = passTraffic(layer, batch, pass, tiled, gpu);
  return { layer, pass, gemm, tile, tiling, activeCtas: fits, flops: 2 * macsOf(gemm), traffic };
}

/** Traffic that knows cache capacities, streams of instructions and bytes, waves (docs/model.md, 10, 11 and 13). */
function evaluate(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): LayerResult | Infeasible {
  const work = cut(gpu, layer, batch, pass);
  if ('infeasible' in work) return work;
  const { gemm, tile, tiling, activeCtas, traffic } = work;
  return resultOf(work, layerTimeDelta(tile, gemm, tiling, activeCtas, gathersTaps(layer, pass), traffic, gpu));
}

function seconds({ layer, pass, gemm, tile, tiling, activeCtas, traffic }: LayerWork, gpu: Gpu): number {
  return layerSecondsDelta(tile, gemm, tiling, activeCtas, gathersTaps(layer, pass), traffic, gpu);
}

/** What decides the time were a term of its waves shorter, all others as they are. */
function relieved({ cta, waves }: LayerResult, gpu: Gpu, bottleneck: Bottleneck, factor: number): PerBottleneck {
  const overhead = gpu.callOverheadS / (bottleneck === 'launch' ? factor : 1);
  return boundOf({ ...cta, [bottleneck]: cta[bottleneck] / factor }, waves, overhead);
}

export const DELTA: LayerModel = {
  name: 'delta',
  version: 1,
  passes: PASSES,
  unread: ['l1_ns'],
  evaluate,
  cut,
  seconds,
  slopes: slopesDelta,
  jumpOf: dualIssueLimit,
  relieved,
  tiles: KERNEL_TILES.map(({ tile }) => tile),
};
