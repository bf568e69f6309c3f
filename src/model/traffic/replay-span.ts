import type { StreamPeriod } from './period.js';

/** The k-blocks of a replay, counted from its first one. Only `blocks` of them are replayed: the others repeat the last period of these. */
export interface ReplaySpan {
  /** The k-block of the K loop that the replay starts with. */
  from: number;
  /** Measured are `start` .. `end` - 1. */
  start: number;
  end: number;
  blocks: number;
  /** From `reach` on, a k-block stands for each one that is a whole number of `period` later. Infinity: for itself alone. */
  reach: number;
  period: number;
}

/** The span that measures the k-blocks `start` .. `end` - 1 of the K loop after those from `from` on. */
export function replaySpan(from: number, start: number, end: number, period: StreamPeriod): ReplaySpan {
  const all = end - from;
  const needed = period.reach + period.blocks;
  return {
    from,
    start: start - from,
    end: all,
    blocks: Math.min(all, needed),
    reach: period.reach,
    period: all > needed ? period.blocks : Infinity,
  };
}

/** How many measured k-blocks, of those from `least` on, a replayed one stands for. */
export function represented(span: ReplaySpan, block: number, least = 0): number {
  const step = block < span.reach ? Infinity : span.period;
  return stepsBelow(span.end, block, step) - stepsBelow(Math.max(span.start, least), block, step);
}

/** How many of first, first + step, first + 2 step, .. are below `end`. */
function stepsBelow(end: number, first: number, step: number): number {
  return end <= first ? 0 : 1 + Math.floor((end - 1 - first) / step);
}
