/** Points a second through the exact Pareto front, seeded, beside sorting as many numbers. */
import { paretoFront } from '../src/analysis/pareto.js';
import { randomFrom } from '../src/trace/random.js';
import { measure, type Timing } from './measure.js';

const MANY = 10_000_000;
/** Points of the hard cases, where nearly all are on the front. */
const HARD = 1_000_000;
const RUNS = 3;

const sort = (numbers: Float64Array) =>
  measure(`sort of ${numbers.length / 1e6} M numbers`, 'numbers', RUNS, () => numbers.slice().sort().length);

const front = (name: string, columns: readonly Float64Array[]) => {
  const goals = columns.map(() => 'maximize' as const);
  const points = columns[0]!.length;
  return measure(`front of ${points / 1e6} M, ${name}`, 'points', RUNS, () => {
    paretoFront(columns, goals);
    return points;
  });
};

function randomTimings(random: () => number): Timing[] {
  const columns = [0, 1, 2].map(() => new Float64Array(MANY).map(random));
  return [sort(columns[0]!), front('2 random objectives', columns.slice(0, 2)), front('3 random objectives', columns)];
}

function hardTimings(random: () => number): Timing[] {
  const heights = new Float64Array(HARD).map(random);
  const angles = new Float64Array(HARD).map(() => (random() * Math.PI) / 2);
  // uniform on the sphere (Archimedes): any height is as likely
  const across = (share: (angle: number) => number) =>
    heights.map((height, i) => Math.sqrt(1 - height * height) * share(angles[i]!));
  return [
    sort(heights),
    front('2 objectives, on a line', [heights, heights.map((height) => 1 - height)]),
    front('3 objectives, on a sphere', [across(Math.cos), across(Math.sin), heights]),
  ];
}

export function paretoBench(): Timing[] {
  const random = randomFrom(1);
  return [...randomTimings(random), ...hardTimings(random)];
}
