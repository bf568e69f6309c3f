/** Sobol's indices the obvious way: all points in memory, means first, then squares. */

export interface DigitPoint {
  digits: readonly number[];
  y: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const squaresAround = (values: readonly number[], at: number) =>
  values.reduce((sum, value) => sum + (value - at) ** 2, 0);

/** Points by a key. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

const without = (digits: readonly number[], digit: number) => digits.filter((_, d) => d !== digit).join();

const valuesOf = (points: readonly DigitPoint[]) => points.map(({ y }) => y);

/** First-order and total index of each digit; 0 where nothing varies. */
export function bruteForceIndices(points: readonly DigitPoint[]): { firstOrder: number; total: number }[] {
  const all = valuesOf(points);
  const whole = squaresAround(all, mean(all));
  const isStill = all.every((y) => y === all[0]);
  return points[0]!.digits.map((_, digit) => {
    const levels = groupBy(points, ({ digits }) => String(digits[digit])).map(valuesOf);
    const alike = groupBy(points, ({ digits }) => without(digits, digit)).map(valuesOf);
    const between = levels.reduce((sum, values) => sum + values.length * (mean(values) - mean(all)) ** 2, 0);
    const within = alike.reduce((sum, values) => sum + squaresAround(values, mean(values)), 0);
    return isStill ? { firstOrder: 0, total: 0 } : { firstOrder: between / whole, total: within / whole };
  });
}

/** The mean difference from each position of a digit to the next, over pairs that are alike in all else; NaN of none. */
export function bruteForceSteps(points: readonly DigitPoint[], digit: number, radix: number): number[] {
  const alike = groupBy(points, ({ digits }) => without(digits, digit));
  return Array.from({ length: radix - 1 }, (_, position) =>
    mean(
      alike.flatMap((group) => {
        const [a, b] = [0, 1].map((by) => group.find(({ digits }) => digits[digit] === position + by));
        return a && b ? [b.y - a.y] : [];
      }),
    ),
  );
}
