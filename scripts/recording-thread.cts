/** The engine's thread, which after each task keeps what V8 has compiled of it as its code cache. */
import path = require('node:path');
import codeCache = require('../src/start/code-cache.cjs');
import type { Answer, Task } from '../src/engine/messages.js' with { 'resolution-mode': 'import' };

const file = path.join(__dirname, '../cli/thread.js');
const script = codeCache.compileBundle(file);
const { default: work } = codeCache.runBundle(script, file, require) as { default: (task: Task) => Answer };

export = function recorded(task: Task): Answer {
  const answer = work(task);
  codeCache.writeCache(file, script);
  return answer;
};
