/** What survives in a cache (docs/model.md, 10.3: H). */

export const LINE_BYTES = 128;
export const L1_WAYS = 4;
export const L2_WAYS = 16;

/** A set-associative cache as the rules see it. */
export interface CacheShape {
  sets: number;
  ways: number;
  /** P[Poisson(x) < ways] at x = 0, 1/STEPS, 2/STEPS, .. until nothing is left. */
  survival: Float64Array;
}

/** Table points per unit of the mean: linear interpolation is then good to 0.00003. */
const STEPS = 32;
const NOTHING_LEFT = 1e-9;
const survivalTables: Float64Array[] = [];

/** A cache of `bytes` and at most `ways` ways, LRU, 128-byte lines; no sets where there is none. */
export function cacheShape(bytes: number, ways: number): CacheShape {
  const lines = bytes === 0 ? 0 : Math.max(1, Math.floor(bytes / LINE_BYTES));
  const used = Math.max(1, Math.min(ways, lines));
  return {
    sets: Math.floor(lines / used),
    ways: used,
    survival: (survivalTables[used] ??= survivalTable(used)),
  };
}

/** P[Poisson(mean) < ways], summed directly. */
export function poissonBelow(ways: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let i = 1; i < ways; i++) sum += term *= mean / i;
  return Math.min(1, sum);
}

function survivalTable(ways: number): Float64Array {
  const values: number[] = [];
  for (let i = 0, value = 1; value > NOTHING_LEFT; i++) values.push((value = poissonBelow(ways, i / STEPS)));
  return Float64Array.from([...values, 0]);
}

/**
 * H: a line survives `lines` other lines, spread over the sets at random, if fewer than `ways` of them fall into its set:
 * P[Poisson(lines / sets) < ways].
 */
export function hitProbability(cache: CacheShape, lines: number): number {
  const { survival } = cache;
  if (cache.sets === 0) return 0;
  const place = (Math.max(0, lines) / cache.sets) * STEPS;
  const i = Math.floor(place);
  if (i >= survival.length - 1) return 0;
  const below = survival[i]!;
  return below + (place - i) * (survival[i + 1]! - below);
}
