import { largestOf } from './bottleneck.js';
import type { Gpu } from './gpu.js';
import type { Infeasible, LayerModel, LayerResult } from './layer-model.js';
import { forwardGemm, macsOf, type Layer } from './layer.js';
import { choosePaperTile } from './tile-choice.js';
import { activeCtas } from './tile.js';
import { layerTime2019 } from './time-2019.js';
import { tileGemm } from './tiling.js';
import { closedFormTraffic } from './traffic/closed-form.js';

/** The paper's model: closed-form traffic that knows no cache capacity, streams and waves (docs/model.md, 2 to 4). */
function evaluate(gpu: Gpu, layer: Layer, batch: number): LayerResult | Infeasible {
  const gemm = forwardGemm(layer, batch);
  const { tile, reason } = choosePaperTile(gemm, gpu);
  if (!tile) return { infeasible: reason };
  const tiling = tileGemm(gemm, tile);
  const active = activeCtas(tile, gpu);
  const traffic = closedFormTraffic(layer, batch, gemm, tile);
  const time = layerTime2019(tile, tiling, active, traffic, gpu);
  const flops = 2 * macsOf(gemm);
  const bottleneck = largestOf(time.bound);
  return { layer, pass: 'forward', gemm, tile, tiling, activeCtas: active, flops, traffic, ...time, bottleneck };
}

export const DELTA_2019: LayerModel = {
  name: 'delta-2019',
  version: 1,
  passes: ['forward'],
  unread: ['macs_per_instr', 'issue_per_clk', 'l1_kib', 'l2_mib'],
  evaluate,
};
