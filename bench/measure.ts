/** Times of a piece of work over several runs, after one that does not count. */
export interface Timing {
  name: string;
  /** What is counted a second. */
  unit: string;
  /** Units of work in one run. */
  work: number;
  seconds: number[];
}

/** Runs `work` `runs` times; it returns how many units it did. */
export function measure(name: string, unit: string, runs: number, work: () => number): Timing {
  let units = work();
  const seconds = Array.from({ length: runs }, () => {
    const start = performance.now();
    units = work();
    return (performance.now() - start) / 1000;
  });
  return { name, unit, work: units, seconds: seconds.sort((a, b) => a - b) };
}
