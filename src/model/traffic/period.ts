import { greatestCommonDivisor, LINE_ELEMENTS, type TiledLayer } from './tiled-layer.js';

/** How the IFmap loads of a CTA repeat along its K loop, in k-blocks. */
export interface StreamPeriod {
  /** A k-block loads what the one so many before it loads, a whole number of lines further on. Infinity: they do not repeat. */
  blocks: number;
  /** All loads of a line are at most so many k-blocks apart. */
  reach: number;
}

export const NO_PERIOD: StreamPeriod = { blocks: Infinity, reach: 0 };

/**
 * The period of a layer's loads. It is as many channels as fill whole lines and whole k-blocks. They must divide the layer's:
 * then images are whole lines apart too, and the last k-block is a whole one.
 */
export function streamPeriod({ channels, inHeight, inWidth, taps, tileK }: TiledLayer): StreamPeriod {
  const plane = inHeight * inWidth;
  const wholeLines = LINE_ELEMENTS / greatestCommonDivisor(plane, LINE_ELEMENTS);
  const wholeBlocks = tileK / greatestCommonDivisor(taps, tileK);
  const period = (wholeLines * wholeBlocks) / greatestCommonDivisor(wholeLines, wholeBlocks);
  if (channels % period !== 0) return NO_PERIOD;
  // The channels with a part in one line: it may start with the last element of the first.
  const sharing = wholeLines === 1 ? 1 : Math.floor((LINE_ELEMENTS - 2) / plane) + 2;
  return { blocks: (period * taps) / tileK, reach: Math.floor((sharing * taps - 1 + tileK - 1) / tileK) };
}
