/** A figure from both sides: what comes of a resource that shrinks, and of one that grows. They differ at kinks. */
export interface Sides {
  down: number;
  up: number;
}

/** The same from both sides. */
export const even = (value: number): Sides => ({ down: value, up: value });

/** Adds a figure, so many times, to a sum. */
export function addSides(sum: Sides, { down, up }: Sides, times = 1): void {
  sum.down += times * down;
  sum.up += times * up;
}
