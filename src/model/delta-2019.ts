import { largestOf, type Bottleneck } from './bottleneck.js';
import type { Gpu } from './gpu.js';
import {
  resultOf,
  type BoundTime,
  type Infeasible,
  type LayerModel,
  type LayerResult,
  type LayerWork,
} from './layer-model.js';
import { forwardGemm, macsOf, type Layer } from './layer.js';
import { slopes2019 } from './response/slopes-2019.js';
import { choosePaperTile, PAPER_TILES } from './tile-choice.js';
import { activeCtas } from './tile.js';
import { layerTime2019 } from './time-2019.js';
import { tileGemm } from './tiling.js';
import { closedFormTraffic } from './traffic/closed-form.js';

function cut(gpu: Gpu, layer: Layer, batch: number): LayerWork | Infeasible {
  const gemm = forwardGemm(layer, batch);
  const { tile, reason } = choosePaperTile(gemm, gpu);
  if (!tile) return { infeasible: reason };
  const tiling = tileGemm(gemm, tile);
  const traffic = closedFormTraffic(layer, batch, gemm, tile);
  const flops = 2 * macsOf(gemm);
  return { layer, pass: 'forward', gemm, tile, tiling, activeCtas: activeCtas(tile, gpu), flops, traffic };
}

/** The paper's model: closed-form traffic that knows no cache capacity, streams and waves (docs/model.md, 2 to 4). */
function evaluate(gpu: Gpu, layer: Layer, batch: number): LayerResult | Infeasible {
  const work = cut(gpu, layer, batch);
  return 'infeasible' in work ? work : resultOf(work, timeOf(work, gpu));
}

function timeOf({ tile, tiling, activeCtas: active, traffic }: LayerWork, gpu: Gpu): BoundTime {
  const time = layerTime2019(tile, tiling, active, traffic, gpu);
  return { ...time, bottleneck: largestOf(time.bound) };
}

/** A GPU on which what a bottleneck stands for is faster; issue and launch, which this model has not, stand for nothing. */
function fasterGpu(gpu: Gpu, bottleneck: Bottleneck, factor: number): Gpu {
  switch (bottleneck) {
    case 'compute':
      return { ...gpu, macsPerClk: gpu.macsPerClk * factor };
    case 'smem':
      return { ...gpu, smemBytesPerS: gpu.smemBytesPerS * factor };
    case 'l1':
      return { ...gpu, l1BytesPerS: gpu.l1BytesPerS * factor };
    case 'l2':
      return { ...gpu, l2BytesPerS: gpu.l2BytesPerS * factor };
    case 'dram':
      return { ...gpu, dramBytesPerS: gpu.dramBytesPerS * factor };
    case 'latency':
      return {
        ...gpu,
        l1LatencyS: gpu.l1LatencyS / factor,
        l2LatencyS: gpu.l2LatencyS / factor,
        dramLatencyS: gpu.dramLatencyS / factor,
      };
    default:
      return gpu;
  }
}

export const DELTA_2019: LayerModel = {
  name: 'delta-2019',
  version: 1,
  passes: ['forward'],
  unread: ['macs_per_instr', 'issue_per_clk', 'l1_kib', 'l2_mib'],
  evaluate,
  cut,
  seconds: (work, gpu) => timeOf(work, gpu).seconds,
  slopes: slopes2019,
  jumpOf: () => undefined,
  relieved: (result, gpu, bottleneck, factor) => timeOf(result, fasterGpu(gpu, bottleneck, factor)).bound,
  tiles: PAPER_TILES.map(({ tile }) => tile),
};
