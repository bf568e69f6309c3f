/** What binds next: once the present bottleneck is faster (docs/model.md, 5.6). */
import { BOTTLENECKS, largestOf, zeroPerBottleneck, type Bottleneck, type PerBottleneck } from '../bottleneck.js';
import { crossing } from './crossing.js';
import type { FixedWork } from './fixed-work.js';

export interface NextBound {
  /** What decides most of the time. */
  bound: Bottleneck;
  /** What decides as much of it, once that is `factor` times as fast; undefined where nothing else ever does. */
  next: Bottleneck | undefined;
  factor: number;
}

/** Beyond this a bottleneck is gone. */
const FASTEST = 2 ** 60;

export function nextBound(work: FixedWork): NextBound {
  const bound = largestOf(boundAt(work, 'launch', 1));
  const othersAt = (factor: number) => ({ ...boundAt(work, bound, factor), [bound]: 0 });
  /** By how much another bottleneck decides more. */
  const lead = (factor: number) => {
    const decided = boundAt(work, bound, factor);
    return Math.max(...BOTTLENECKS.filter((name) => name !== bound).map((name) => decided[name])) - decided[bound];
  };
  let to = 2;
  while (to < FASTEST && lead(to) < 0) to *= 2;
  if (lead(to) < 0) return { bound, next: undefined, factor: Number.POSITIVE_INFINITY };
  const factor = lead(1) >= 0 ? 1 : crossing(lead, 1, to);
  return { bound, next: largestOf(othersAt(factor * (1 + 1e-12))), factor };
}

/** Seconds that each bottleneck decides, were one of them faster. */
function boundAt({ model, layers, gpu }: FixedWork, bottleneck: Bottleneck, factor: number): PerBottleneck {
  const sum = zeroPerBottleneck();
  for (const result of layers) {
    const bound = factor === 1 ? result.bound : model.relieved(result, gpu, bottleneck, factor);
    for (const name of BOTTLENECKS) sum[name] += result.layer.count * bound[name];
  }
  return sum;
}
