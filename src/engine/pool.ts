import { Piscina } from 'piscina';
import type { Study } from '../space/study.js';
import type { Chunk } from './sink.js';

/** Ids from `from` up to, not including, `to`. */
export interface Range {
  from: number;
  to: number;
}

/** Threads that evaluate stretches of one study. */
export interface Pool {
  evaluate(range: Range): Promise<Chunk>;
  close(): Promise<void>;
}

/** Starts `workers` threads. */
export function openPool(study: Study, workers: number): Pool {
  const piscina = new Piscina<Range, Chunk>({
    filename: new URL('./worker-entry.cjs', import.meta.url).href,
    workerData: study,
    minThreads: workers,
    maxThreads: workers,
    concurrentTasksPerWorker: 1,
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  return { evaluate: (range) => piscina.run(range), close: () => piscina.destroy() };
}
