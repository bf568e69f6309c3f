#!/usr/bin/env node
/** The command: dist/cli/command.js, which is ../cli/main.ts in one piece, from its code cache. */
import path = require('node:path');
import codeCache = require('./code-cache.cjs');

const file = path.join(__dirname, 'command.js');
codeCache.runBundle(codeCache.compileBundle(file), file, require);
