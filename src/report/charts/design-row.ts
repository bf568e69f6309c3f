/** What binds a design, for charts. */
import { BOTTLENECKS, type Bottleneck } from '../../model/bottleneck.js';
import { shareName } from '../../model/metrics.js';
import { figureOf, type DesignRow } from '../../study/report-data/design-row.js';

export const bottleneckOf = (design: DesignRow): Bottleneck => design['bottleneck'] as Bottleneck;

/** The share of the time of each bottleneck, the largest first; shares of 0 are left out. */
export function sharesBySize(design: DesignRow): { name: Bottleneck; share: number }[] {
  return BOTTLENECKS.map((name) => ({ name, share: figureOf(design, shareName(name)) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}

/** The bottlenecks of some designs, in the order of their declaration. */
export function bottlenecksOf(designs: readonly DesignRow[]): Bottleneck[] {
  const seen = new Set(designs.map(bottleneckOf));
  return BOTTLENECKS.filter((name) => seen.has(name));
}
