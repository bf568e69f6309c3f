/** Points a second through the exact Pareto front, seeded, beside sorting as many numbers. */
import { paretoFront } from '../src/analysis/pareto.js';
import { randomFrom } from '../src/model/simulation/random.js';
import { measure, medianOf, type Check, type Outcome, type Timing } from './measure.js';

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

/** How much longer than the sort a front may take, by its number of objectives. */
const BARS = [
  { objectives: 2, bar: 3 },
  { objectives: 3, bar: 10 },
];

export function paretoBench(): Outcome {
  const random = randomFrom(1);
  const timings = randomTimings(random);
  const [sorted, ...fronts] = timings.map(({ seconds }) => medianOf(seconds)) as [number, number, number];
  const checks = BARS.map(({ objectives, bar }, i): Check => {
    const name = `front of 10 M, ${objectives} random objectives / sort`;
    return { name, value: fronts[i]! / sorted, bar, passes: 'at most', unit: 'x' };
  });
  return { timings: [...timings, ...hardTimings(random)], checks };
}
