/** What the build has parsed: to parse the built-in files of an `explain` again takes a fifth of its time. */
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { PACKAGE_ROOT } from '../package-root.js';

/** A text and its value, a file of the build's. */
export interface ParsedText {
  text: string;
  value: unknown;
}

/** Where the value of a text is kept, if the build has parsed it. */
export const parsedFile = (text: string) =>
  new URL(`dist/src/files/parsed/${crc32(text).toString(16)}.json`, PACKAGE_ROOT);

/** The value of a text that the build has parsed; undefined for any other. */
export function parsedValue(text: string): unknown {
  let parsed: ParsedText;
  try {
    parsed = JSON.parse(readFileSync(parsedFile(text), 'utf8')) as ParsedText;
  } catch {
    return undefined;
  }
  return parsed.text === text ? parsed.value : undefined;
}
