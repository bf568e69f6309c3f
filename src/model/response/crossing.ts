/** Relative width of the bracket that a root is narrowed to. */
const TOLERANCE = 2e-14;
const MOST_STEPS = 200;

/**
 * Where a function that is at most zero at `from` and above zero at `to` rises above zero, both positive: the last place
 * that was found at most zero. Inverse quadratic interpolation, halving where it cannot be trusted (Chandrupatla, "A new
 * hybrid quadratic/bisection algorithm", 1997).
 */
export function crossing(f: (x: number) => number, from: number, to: number): number {
  let [a, b, fa, fb] = [to, from, f(to), f(from)];
  let c: number;
  let fc: number;
  let within = from;
  let t = 0.5;
  for (let step = 0; step < MOST_STEPS; step++) {
    const x = a + t * (b - a);
    const fx = f(x);
    if (fx <= 0) within = x;
    if (fx <= 0 === fa <= 0) [c, fc] = [a, fa];
    else [c, fc, b, fb] = [b, fb, a, fa];
    [a, fa] = [x, fx];
    const least = (TOLERANCE * Math.max(Math.abs(a), Math.abs(b))) / Math.abs(b - a);
    if (fx === 0 || least > 0.5) break;
    const xi = (a - b) / (c - b);
    const phi = (fa - fb) / (fc - fb);
    const isTrusted = phi ** 2 < xi && (1 - phi) ** 2 < 1 - xi;
    t = isTrusted
      ? (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb))
      : 0.5;
    t = Math.min(1 - least, Math.max(least, t));
  }
  return within;
}
