import { Piscina } from 'piscina';
import { runError } from '../errors.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { PACKAGE_ROOT } from '../package-root.js';
import type { PassIndex } from './staged/shared-traffic.js';
import type { Answer, ChunkTask, SearchInputs, Searched, Task, WorkerData } from './messages.js';
import type { Chunk } from './sink.js';

/** Threads that evaluate chunks of one study. */
export interface Pool {
  fillTraffic(index: PassIndex): Promise<void>;
  /** Chunks by one thread, one after the other. */
  evaluate(chunks: readonly ChunkTask[], facts: readonly WorkloadFacts[]): Promise<Chunk[]>;
  search(inputs: SearchInputs): Promise<Searched>;
  close(): Promise<void>;
}

/** What to do about a failed call in a thread, by its code. */
const ADVICE: Record<string, string> = {
  ENOSPC: 'the disk is full: what is stored stays; the same command resumes it when there is space',
  EDQUOT: 'the disk quota is used up: what is stored stays; the same command resumes it when there is space',
  SQLITE_FULL: 'the disk is full: what is stored stays; the same command resumes it when there is space',
  EROFS: 'the folder cannot be written to',
  EACCES: 'the folder cannot be written to',
  EPERM: 'the folder cannot be written to',
};

/** Most memory of a thread's own objects: far above what it needs, far below what would hurt the machine. */
const MAX_HEAP_MB = 1024;

/**
 * The file of a pool's threads: worker.ts in one piece (scripts/bundle-cli.ts), so that a thread starts in half the time. It is
 * CommonJS: Piscina requires it, and Node aborts the process when a thread is stopped while it requires an ES module. Tests put
 * another file in its place to see threads fail.
 */
export const WORKER_FILE = new URL('dist/cli/worker.cjs', PACKAGE_ROOT).href;

/** Starts `threads` threads. Two tasks each: while the writer is busy, a thread has its next chunk at hand. */
export function openPool(workerData: WorkerData, threads: number, filename = WORKER_FILE): Pool {
  const piscina = new Piscina<Task, Answer>({
    filename,
    workerData,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 2,
    idleTimeout: Number.POSITIVE_INFINITY,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  // A thread that dies between tasks is replaced, and its task is rejected: nothing is left to be done about it here.
  piscina.on('error', () => undefined);
  const ask = async (task: Task): Promise<Answer> => {
    const answer = await piscina.run(task);
    if (!answer.failure) return answer;
    const { code, message } = answer.failure;
    throw runError(`the run failed: ${ADVICE[code] ?? message} (${code})`, answer.failure);
  };
  return {
    fillTraffic: async (index) => void (await ask({ task: 'traffic', index })),
    evaluate: async (chunks, facts) => (await ask({ task: 'chunks', chunks, facts })).chunks!,
    search: async (inputs) => (await ask({ task: 'search', ...inputs })).searched!,
    close: () => piscina.destroy(),
  };
}
