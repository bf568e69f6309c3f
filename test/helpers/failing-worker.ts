/** Threads that fail at a chunk, in place of the engine's own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PACKAGE_ROOT } from './command.js';

export interface Fault {
  /** throws | exits | runs out of memory | finds the disk full */
  fault: string;
  /** The chunks' numbers, with commas between, or `all`. */
  chunk: string;
  /** A file that is made, with the chunk's number at its end, when the fault strikes: it strikes once a chunk. */
  flag?: string;
}

/** Writes the file of such a thread into a folder; its address. */
export function failingWorker(folder: string, fault: Fault): string {
  const file = join(folder, 'worker.cjs');
  const factory = join(PACKAGE_ROOT, 'test/engine/workers/failing-worker.cjs');
  writeFileSync(file, `module.exports = require(${JSON.stringify(factory)})(${JSON.stringify(fault)});\n`);
  return pathToFileURL(file).href;
}
