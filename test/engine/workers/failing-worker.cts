/** The engine's own thread, but for some chunks at which it fails. */
import fs = require('node:fs');
import path = require('node:path');
import type { Answer, Task } from '../../../src/engine/messages.js' with { 'resolution-mode': 'import' };

const { default: work } = require(path.join(__dirname, '../../../cli/worker.cjs')) as {
  default: (task: Task) => Answer;
};

interface Fault {
  fault: string;
  /** The chunks' numbers, with commas between, or `all`. */
  chunk: string;
  /** A file that is made, with the chunk's number at its end, when the fault strikes: it strikes once a chunk. */
  flag?: string;
}

/** Whether the fault is yet to strike: always, but for one that leaves a flag. */
function strikes({ chunk, flag }: Fault, at: number): boolean {
  if (chunk !== 'all' && !chunk.split(',').includes(String(at))) return false;
  if (!flag) return true;
  if (fs.existsSync(`${flag}-${at}`)) return false;
  fs.writeFileSync(`${flag}-${at}`, '');
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
  function maybeFail(task: Task): Answer {
    const struck = task.task === 'chunks' ? task.chunks.find(({ chunk }) => strikes(fault, chunk)) : undefined;
    return struck ? fail(fault.fault, struck.chunk) : work(task);
  };

export = failing;
