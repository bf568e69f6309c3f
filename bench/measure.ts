/** Times of a piece of work over several runs, after one that does not count. */
export interface Timing {
  name: string;
  /** What is counted a second. */
  unit: string;
  /** Units of work in one run. */
  work: number;
  /** Ascending. */
  seconds: number[];
}

/** A figure that the program is to reach. */
export interface Check {
  name: string;
  value: number;
  /** Absent where the figure is for the record alone. */
  bar?: number;
  /** Whether the figure has to be at least the bar, or at most. */
  passes: 'at least' | 'at most';
  unit: string;
}

/** What a bench finds out; notes say what it could not. */
export interface Outcome {
  timings: Timing[];
  checks?: Check[];
  notes?: string[];
}

export function isPassed({ value, bar, passes }: Check): boolean | undefined {
  if (bar === undefined) return undefined;
  return passes === 'at least' ? value >= bar : value <= bar;
}

export const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Units of work a second, at the median. */
export const rateOf = ({ work, seconds }: Timing): number => work / medianOf(seconds);

export function timingOf(name: string, unit: string, work: number, seconds: readonly number[]): Timing {
  return { name, unit, work, seconds: [...seconds].sort((a, b) => a - b) };
}

/** How long a piece of work takes, in seconds. */
export function secondsOf(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Runs `work` `runs` times; it returns how many units it did. */
export function measure(name: string, unit: string, runs: number, work: () => number): Timing {
  let units = work();
  const seconds = Array.from({ length: runs }, () => secondsOf(() => (units = work())));
  return timingOf(name, unit, units, seconds);
}

/** Runs several pieces of work in turn, so that what slows the machine for a while slows all of them. */
export function takeTurns(rounds: number, works: readonly (() => number)[]): number[][] {
  const seconds: number[][] = works.map(() => []);
  for (let round = 0; round < rounds; round++) works.forEach((work, w) => seconds[w]!.push(work()));
  return seconds;
}
