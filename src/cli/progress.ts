/** Shows how far some work is: one line that is rewritten on a terminal, a plain line now and then elsewhere. */
import { showDuration, showNumber } from '../model/units.js';
import type { StudyOptions, StudyProgress } from '../study/options.js';
import { note } from './output.js';
import { stopOnSignals } from './signals.js';
import { isTerminal } from './terminal.js';

const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 10_000;
const CLEAR_LINE = '\r\u001B[K';

export function renderProgress({ done, total, rate, secondsLeft, unit }: StudyProgress): string {
  const percent = Math.floor((100 * done) / total);
  const left = Number.isFinite(secondsLeft) ? `, ${showDuration(secondsLeft)} left` : '';
  return `${percent}%  ${showNumber(done)} of ${showNumber(total)} ${unit}, ${showNumber(rate)} ${unit}/s${left}`;
}

/** A listener for progress, and what clears its line. A step waits for its first line as long as for the next ones. */
export function progressLine(stream: NodeJS.WriteStream) {
  const rewrites = isTerminal(stream);
  const interval = rewrites ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
  let last = performance.now();
  let step = '';
  return {
    update: (progress: StudyProgress): void => {
      const now = performance.now();
      if (progress.unit !== step) [step, last] = [progress.unit, now];
      if (now - last < interval) return;
      last = now;
      stream.write(rewrites ? CLEAR_LINE + renderProgress(progress) : `${renderProgress(progress)}\n`);
    },
    clear: (): void => {
      if (rewrites) stream.write(CLEAR_LINE);
    },
  };
}

/** Does work whose progress and notes go to stderr. */
export async function showingProgress<T>(work: (options: StudyOptions) => T | Promise<T>): Promise<T> {
  const { update, clear } = progressLine(process.stderr);
  const onNote = (text: string) => {
    clear();
    note(text);
  };
  try {
    return await work({ onProgress: update, onNote });
  } finally {
    clear();
  }
}

/** Does work that Ctrl-C and SIGTERM stop, and whose progress and notes go to stderr. */
export async function stoppable<T>(work: (options: StudyOptions) => Promise<T>): Promise<T> {
  const { signal, dispose } = stopOnSignals();
  try {
    return await showingProgress((options) => work({ ...options, signal }));
  } finally {
    dispose();
  }
}
