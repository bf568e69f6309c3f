/** Rows of `points`, as the report reads them. */
import { BOTTLENECKS, type Bottleneck } from '../../model/bottleneck.js';
import { shareName } from '../../model/metrics.js';

/** A row of `points`. The baseline, which need not be in the grid, has the id -1. */
export type DesignRow = Record<string, number | string | boolean | null> & { id: number };

export const BASELINE_ID = -1;

/** A design with its names: balanced, knee, fastest. */
export interface Marked {
  design: DesignRow;
  names: string[];
}

export const figureOf = (design: DesignRow, metric: string): number =>
  design[metric] === null || design[metric] === undefined ? Number.NaN : Number(design[metric]);

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
