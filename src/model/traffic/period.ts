import { greatestCommonDivisor, LINE_ELEMENTS, planesOfWholeUnits, type TiledLayer } from './tiled-layer.js';

/** How the IFmap loads of a CTA repeat along its K loop, in k-blocks. */
export interface StreamPeriod {
  /** A k-block loads what the one so many before it loads, a whole number of lines further on. Infinity: they do not repeat. */
  blocks: number;
  /** The first and the last load of a line are at most so many k-blocks apart. */
  reach: number;
}

export const NO_PERIOD: StreamPeriod = { blocks: Infinity, reach: 0 };

/**
 * The period of a layer's loads: the channels that fill whole lines and whole k-blocks. They must divide the layer's
 * channels: then images are whole lines apart too, and the last k-block is a whole one.
 */
export function streamPeriod(layer: TiledLayer): StreamPeriod {
  const { channels, inHeight, inWidth, taps, tileK } = layer;
  const wholeLines = planesOfWholeUnits(layer, LINE_ELEMENTS);
  const wholeBlocks = tileK / greatestCommonDivisor(taps, tileK);
  const period = (wholeLines * wholeBlocks) / greatestCommonDivisor(wholeLines, wholeBlocks);
  if (channels % period !== 0) return NO_PERIOD;
  // The channels that meet in a line: the line starts at the earliest with the last element of the first.
  const meeting = wholeLines === 1 ? 1 : Math.floor((LINE_ELEMENTS - 2) / (inHeight * inWidth)) + 2;
  return { blocks: (period * taps) / tileK, reach: Math.floor((meeting * taps + tileK - 2) / tileK) };
}
