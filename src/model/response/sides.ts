/** A figure from both sides: what comes of a resource that shrinks, and of one that grows. They differ at kinks. */
export interface Sides {
  down: number;
  up: number;
}

/** The same from both sides. */
export const even = (value: number): Sides => ({ down: value, up: value });

/** Adds a multiple of a figure to a sum. */
export function addSides(sum: Sides, { down, up }: Sides, times = 1): void {
  sum.down += times * down;
  sum.up += times * up;
}
