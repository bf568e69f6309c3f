/** What every function of the library takes beside its arguments. */
import { setImmediate } from 'node:timers/promises';
import { progressOf, type Progress } from '../engine/progress.js';
import { DeltaSweepError } from '../errors.js';

/** How far one step of the work is; a function may take several, each with a unit of its own. */
export interface StudyProgress extends Progress {
  /** What is counted: `points`, `chunks merged`. */
  unit: string;
}

export interface StudyOptions {
  /** Stops the work, which then throws an error of code `interrupted`; what is stored stays. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: StudyProgress) => void) | undefined;
  /** Gets what a person should know of the result, a line each. */
  onNote?: ((note: string) => void) | undefined;
}

/** Threads; default: one a core. */
export interface WorkerOptions {
  workers?: number | undefined;
}

/** A listener for the progress of a step. */
export const progressIn =
  (unit: string, { onProgress }: StudyOptions) =>
  (progress: Progress): void =>
    onProgress?.({ ...progress, unit });

/** A listener for the items of a step that are done, of how many. */
export function countIn(unit: string, options: StudyOptions): (done: number, total: number) => void {
  const report = progressIn(unit, options);
  const start = performance.now();
  return (done, total) => report(progressOf(0, done, total, start, performance.now()));
}

/** Lets other events happen; throws where the signal has come. */
export async function pause({ signal }: StudyOptions, message = 'interrupted; what is stored stays'): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw interrupted(message);
}

export const interrupted = (message: string) => new DeltaSweepError('interrupted', [{ what: message }]);

/** What is passed to a function of the engine that takes an exact number of threads or none. */
export const workersOf = ({ workers }: WorkerOptions) => (workers === undefined ? {} : { workers });

export const secondsSince = (start: number): number => (performance.now() - start) / 1000;
