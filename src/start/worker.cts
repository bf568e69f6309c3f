/** The file of the engine's threads: dist/cli/thread.js, which is ../storage/worker.ts in one piece, from its code cache. */
import path = require('node:path');
import codeCache = require('./code-cache.cjs');

const file = path.join(__dirname, 'thread.js');
export = codeCache.runBundle(codeCache.compileBundle(file), file, require);
