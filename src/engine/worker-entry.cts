/**
 * What Piscina loads in its threads. CommonJS on purpose: Piscina requires this file, and Node aborts the process when
 * a thread is stopped while it requires an ES module; importing one is safe.
 */
import type { Range } from './pool.js' with { 'resolution-mode': 'import' };
import type { Chunk } from './sink.js' with { 'resolution-mode': 'import' };

let worker: Promise<{ default: (range: Range) => Chunk }> | undefined;

async function evaluateRange(range: Range): Promise<Chunk> {
  worker ??= import('./worker.js');
  return (await worker).default(range);
}

export = evaluateRange;
