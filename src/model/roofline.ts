import type { Gpu } from './gpu.js';
import { macsPerSecondOfSm } from './gpu.js';
import { gemmOf, macsOf, outHeight, outWidth, type Layer, type LayerPass } from './layer.js';
import { ELEMENT_BYTES } from './units.js';

/**
 * The two-sided roofline: arithmetic at its peak, or every operand once through DRAM, whichever takes longer. What any
 * model has to beat (docs/model.md, 12). Seconds.
 */
export function rooflineSeconds(gpu: Gpu, layer: Layer, batch: number, pass: LayerPass): number {
  const macs = macsOf(gemmOf(layer, batch, pass));
  const input = batch * layer.inChannels * layer.inHeight * layer.inWidth;
  const output = batch * layer.outChannels * outHeight(layer) * outWidth(layer);
  const filters = (layer.outChannels * layer.inChannels * layer.filterHeight * layer.filterWidth) / layer.groups;
  const bytes = ELEMENT_BYTES * (input + output + filters);
  return Math.max(macs / (gpu.smCount * macsPerSecondOfSm(gpu)), bytes / gpu.dramBytesPerS);
}
