/** How far apart neighbouring tiles load the input rows that they share (docs/model.md, 10.2: P5). */
import type { TiledLayer } from './tiled-layer.js';

/**
 * P5: what tap row r of a tile reaches below it, the next tile has loaded min(rows of a tile, floor(r / S)) strides of tap
 * rows before. Index: that lag in k-blocks; value: the share of the tap rows from S on, over all places of a channel in the
 * k-blocks. Empty if the filter is no higher than the stride.
 */
export function haloLags(layer: TiledLayer): number[] {
  const { filterHeight, strideHeight, tileK } = layer;
  const tileRows = Math.max(1, layer.tileM / layer.outWidth);
  const channels = Math.min(layer.channels, tileK);
  const tapRows = Math.max(0, filterHeight - strideHeight);
  const shares: number[] = [];
  for (let tapRow = strideHeight; tapRow < filterHeight; tapRow++) {
    const strides = Math.min(tileRows, Math.floor(tapRow / strideHeight));
    const whole = Math.floor(strides);
    for (let channel = 0; channel < channels; channel++)
      for (const [back, weight] of [
        [whole, 1 - (strides - whole)],
        [whole + 1, strides - whole],
      ] as const) {
        const lag = blockOf(layer, channel, tapRow) - blockOf(layer, channel, tapRow - back * strideHeight);
        if (weight > 0) shares[lag] = (shares[lag] ?? 0) + weight / (tapRows * channels);
      }
  }
  return Array.from(shares, (share) => share ?? 0);
}

/** The k-block of a channel's first tap in a tap row. */
function blockOf(layer: TiledLayer, channel: number, tapRow: number): number {
  return Math.floor((channel * layer.taps + tapRow * layer.filterWidth) / layer.tileK);
}
