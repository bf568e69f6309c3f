/** How far a run is. */
export interface Progress {
  /** Points of the grid done, of how many; those of an earlier run that this one resumes included. */
  done: number;
  total: number;
  /** Points a second since this run began. */
  rate: number;
  secondsLeft: number;
}

/** Progress from points done since a start time; times in milliseconds. */
export function progressOf(resumedAt: number, done: number, total: number, startMs: number, nowMs: number): Progress {
  const seconds = Math.max((nowMs - startMs) / 1000, 1e-3);
  const rate = (done - resumedAt) / seconds;
  return { done, total, rate, secondsLeft: rate > 0 ? (total - done) / rate : Number.POSITIVE_INFINITY };
}
