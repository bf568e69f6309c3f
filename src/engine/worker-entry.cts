/**
 * What Piscina loads in its threads. CommonJS on purpose: Piscina requires this file, and Node aborts the process when
 * a thread is stopped while it requires an ES module; importing one is safe.
 */
import type { Answer, Task } from './messages.js' with { 'resolution-mode': 'import' };

let worker: Promise<{ default: (task: Task) => Answer }> | undefined;

async function work(task: Task): Promise<Answer> {
  worker ??= import('./worker.js');
  return (await worker).default(task);
}

export = work;
