import { activityOf } from '../energy.js';
import { bounds2019 } from './bounds-2019.js';
import { largestOf, type Bottleneck } from '../bottleneck.js';
import type { Gpu } from '../gpu.js';
import type { Infeasible } from '../infeasible.js';
import type { LayerModel, LayerResult, Prepared } from '../layer-model.js';
import { forwardGemm, macsOf, type Layer } from '../layer.js';
import { slopes2019 } from './slopes-2019.js';
import { choosePaperTile, PAPER_TILES } from '../tile-choice.js';
import { activeCtas } from '../tile.js';
import { layerTime2019 } from './time-2019.js';
import { tileGemm } from '../tiling.js';
import { closedFormTraffic } from './closed-form.js';

/** A layer as the paper tiles it, with the bytes of its closed forms. */
type PaperLayer = Pick<LayerResult, 'layer' | 'gemm' | 'tile' | 'tiling' | 'activeCtas' | 'traffic'>;

/** Closed-form traffic, which knows no cache capacity (docs/model.md, 2 and 3). */
function prepare(gpu: Gpu, layer: Layer, batch: number): PaperLayer | Infeasible {
  const gemm = forwardGemm(layer, batch);
  const { tile, reason } = choosePaperTile(gemm, gpu);
  if (!tile) return { infeasible: reason };
  const tiling = tileGemm(gemm, tile);
  const traffic = closedFormTraffic(layer, batch, gemm, tile);
  return { layer, gemm, tile, tiling, activeCtas: activeCtas(tile, gpu), traffic };
}

const timeOf = ({ tile, tiling, activeCtas: active, traffic }: PaperLayer, gpu: Gpu) =>
  layerTime2019(tile, tiling, active, traffic, gpu);

/** Streams and waves (docs/model.md, 4). */
function evaluate(prepared: Prepared, gpu: Gpu): LayerResult {
  const paper = prepared as PaperLayer;
  const time = timeOf(paper, gpu);
  const bottleneck = largestOf(time.bound);
  return {
    ...{ ...paper, ...time, pass: 'forward', flops: 2 * macsOf(paper.gemm), activity: activityOf(paper), bottleneck },
    ...{ kernels: [{ seconds: time.seconds, bottleneck }], prepared },
  };
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
  prepare,
  evaluate,
  seconds: (prepared, gpu) => timeOf(prepared as PaperLayer, gpu).seconds,
  slopes: slopes2019,
  jumpOf: () => undefined,
  relieved: (result, gpu, bottleneck, factor) => timeOf(result, fasterGpu(gpu, bottleneck, factor)).bound,
  tiles: PAPER_TILES.map(({ tile }) => tile),
  boundsOf: (gpu, workload) => bounds2019({ prepare, evaluate }, gpu, workload),
  occupancyOf(gpu, layer, batch) {
    const { tile } = choosePaperTile(forwardGemm(layer, batch), gpu);
    return tile && `${tile.name} ${activeCtas(tile, gpu)}`;
  },
};
