/** The engine's own thread, but for one chunk at which it fails. */
import fs = require('node:fs');
import type { Answer, Task } from '../../../src/engine/messages.js' with { 'resolution-mode': 'import' };
import work = require('../../../src/engine/worker-entry.cjs');

interface Fault {
  fault: string;
  /** The chunk's number, or `all`. */
  chunk: string;
  /** A file that is made when the fault strikes: it strikes once. */
  flag?: string;
}

/** Whether the fault is yet to strike: always, but for one that leaves a flag. */
function strikes({ flag }: Fault): boolean {
  if (!flag) return true;
  if (fs.existsSync(flag)) return false;
  fs.writeFileSync(flag, '');
  return true;
}

function fail(fault: string, at: number): Answer {
  switch (fault) {
    case 'exits':
      return process.exit(3);
    case 'runs out of memory': {
      const hoard: number[][] = [];
      for (;;) hoard.push(new Array<number>(1_000_000).fill(1.5));
    }
    case 'finds the disk full':
      return { failure: { code: 'ENOSPC', message: 'no space left on device' } };
    default:
      throw new Error(`chunk ${at} is cursed`);
  }
}

/** The engine's thread with a fault. */
const failing = (fault: Fault) =>
  async function maybeFail(task: Task): Promise<Answer> {
    const isMarked = task.task === 'chunk' && (fault.chunk === 'all' || task.chunk === Number(fault.chunk));
    return isMarked && strikes(fault) ? fail(fault.fault, task.chunk) : work(task);
  };

export = failing;
