/** A design in the data of a report. */

/** A row of `points`; of the unscaled GPU, which need not be one of them, with the id -1. */
export type DesignRow = Record<string, number | string | boolean | null> & { id: number };

export const BASELINE_ID = -1;

/** A design with what it is called: balanced, knee, fastest. */
export interface Marked {
  design: DesignRow;
  names: string[];
}

export const figureOf = (design: DesignRow, metric: string): number =>
  design[metric] === null || design[metric] === undefined ? Number.NaN : Number(design[metric]);
