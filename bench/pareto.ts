/** Points a second through the exact Pareto front, seeded, beside sorting as many numbers. */
import { paretoFront } from '../src/analysis/pareto.js';
import { randomFrom } from '../src/trace/random.js';
import { measure, type Timing } from './measure.js';

const POINTS = 1_000_000;

export function paretoBench(): Timing[] {
  const random = randomFrom(1);
  const columns = [0, 1, 2].map(() => Float64Array.from({ length: POINTS }, random));
  const front = (objectives: number) =>
    measure(`front of ${objectives} objectives`, 'points', 3, () => {
      paretoFront(
        columns.slice(0, objectives),
        columns.slice(0, objectives).map(() => 'minimize' as const),
      );
      return POINTS;
    });
  const sort = measure('sort of as many numbers', 'points', 3, () => columns[0]!.slice().sort().length);
  return [sort, front(2), front(3)];
}
