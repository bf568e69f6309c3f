/** Shows how far a run is: one line that is rewritten on a terminal, a plain line now and then elsewhere. */
import { progressOf, type Progress } from '../engine/progress.js';
import { showDuration, showNumber } from '../model/units.js';
import { isTerminal } from './terminal.js';

const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 10_000;
const CLEAR_LINE = '\r\u001B[K';

export function renderProgress({ done, total, rate, secondsLeft }: Progress, unit: string): string {
  const percent = Math.floor((100 * done) / total);
  const left = Number.isFinite(secondsLeft) ? `, ${showDuration(secondsLeft)} left` : '';
  return `${percent}%  ${showNumber(done)} of ${showNumber(total)} ${unit}, ${showNumber(rate)} ${unit}/s${left}`;
}

/** A listener for a run's progress, and what clears its line at the end. */
export function progressLine(stream: NodeJS.WriteStream, unit = 'points') {
  const rewrites = isTerminal(stream);
  const interval = rewrites ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
  let last = performance.now();
  return {
    update(progress: Progress): void {
      const now = performance.now();
      if (now - last < interval) return;
      last = now;
      stream.write(rewrites ? CLEAR_LINE + renderProgress(progress, unit) : `${renderProgress(progress, unit)}\n`);
    },
    clear(): void {
      if (rewrites) stream.write(CLEAR_LINE);
    },
  };
}

/** Shows how far some work on chunks is, by what it tells of each. */
export async function showingChunks<T>(
  unit: string,
  work: (onChunk: (chunk: number, chunks: number) => void) => Promise<T>,
): Promise<T> {
  const progress = progressLine(process.stderr, unit);
  const start = performance.now();
  try {
    return await work((chunk, chunks) => progress.update(progressOf(0, chunk, chunks, start, performance.now())));
  } finally {
    progress.clear();
  }
}
