/** Parses the built-in files, so that nobody needs to who starts the command (src/files/parsed.ts). */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readDocument } from '../src/files/document.js';
import { builtinNames, findFile, type Shelf } from '../src/files/library.js';
import { parsedFile, type ParsedText } from '../src/files/parsed.js';

const SHELVES: readonly Shelf[] = ['gpus', 'networks', 'costs', 'dies', 'sweeps'];

const folder = new URL('.', parsedFile(''));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const shelf of SHELVES)
  for (const name of builtinNames(shelf)) {
    const { text, file } = findFile(shelf, name, '.');
    const parsed: ParsedText = { text, value: readDocument(text, file).value };
    const json = JSON.stringify(parsed);
    if (!isDeepStrictEqual(JSON.parse(json), parsed)) throw new Error(`${file}: JSON cannot say what it says`);
    writeFileSync(parsedFile(text), json);
  }
