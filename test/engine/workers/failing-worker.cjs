/** The engine's own thread, but for some chunks at which it fails. Threads load it as it is: it is JavaScript. */
const fs = require('node:fs');
const { default: work } = require('../../../dist/cli/worker.cjs');

/** Whether the fault is yet to strike: always, but for one that leaves a flag. */
function strikes({ chunk, flag }, at) {
  if (chunk !== 'all' && !chunk.split(',').includes(String(at))) return false;
  if (!flag) return true;
  if (fs.existsSync(`${flag}-${at}`)) return false;
  fs.writeFileSync(`${flag}-${at}`, '');
  return true;
}

function fail(fault, at) {
  switch (fault) {
    case 'exits':
      return process.exit(3);
    case 'runs out of memory': {
      const hoard = [];
      for (;;) hoard.push(new Array(1_000_000).fill(1.5));
    }
    case 'finds the disk full':
      return { failure: { code: 'ENOSPC', message: 'no space left on device' } };
    default:
      throw new Error(`chunk ${at} is cursed`);
  }
}

/** The engine's thread with a `Fault` (test/helpers/failing-worker.ts). */
module.exports = (fault) => (task) => {
  const struck = task.task === 'chunks' ? task.chunks.find(({ chunk }) => strikes(fault, chunk)) : undefined;
  return struck ? fail(fault.fault, struck.chunk) : work(task);
};
