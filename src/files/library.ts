/** Finds files: what is built in under sweeps/, and the user's own by path. The only place that reads input files. */
import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputError, showName } from '../errors.js';
import { nearestName } from '../space/nearest.js';

export type Shelf = 'gpus' | 'networks' | 'costs' | 'sweeps';

/** The package's own sweeps/ folder; this file is dist/src/files/library.js. */
export const SWEEPS_DIR = fileURLToPath(new URL('../../../sweeps', import.meta.url));

const MAX_FILE_BYTES = 4 * 1024 * 1024;
const NOUN: Record<Shelf, string> = { gpus: 'GPU', networks: 'network', costs: 'cost table', sweeps: 'sweep' };

const shelfDir = (shelf: Shelf) => (shelf === 'sweeps' ? SWEEPS_DIR : join(SWEEPS_DIR, shelf));

/** Names of what is built in, sorted. */
export function builtinNames(shelf: Shelf): string[] {
  return readdirSync(shelfDir(shelf))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

export interface TextFile {
  /** The path as messages show it. */
  file: string;
  text: string;
  /** Folder that relative paths in the file start from. */
  directory: string;
}

/** Reads a file to its end, or to one byte beyond the limit: devices and pipes tell no size. */
function readBytes(path: string): Buffer {
  const bytes = Buffer.alloc(MAX_FILE_BYTES + 1);
  const descriptor = openSync(path, 'r');
  try {
    let length = 0;
    for (let n = -1; n !== 0 && length < bytes.length; length += n)
      n = readSync(descriptor, bytes, length, bytes.length - length, null);
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

const SYSTEM_FAULTS: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'a folder, expected a file',
  EACCES: 'not readable: permission denied',
  ENAMETOOLONG: 'not readable: the name is too long',
};

/** Reads a text file of at most 4 MiB; input errors say what is wrong with the path. */
export function readTextFile(path: string): TextFile {
  let bytes: Buffer;
  try {
    bytes = readBytes(path);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw inputError({ what: `${path}: ${SYSTEM_FAULTS[code] ?? `not readable: ${message}`}` });
  }
  if (bytes.length > MAX_FILE_BYTES)
    throw inputError({ what: `${path}: too large, expected at most ${MAX_FILE_BYTES} bytes` });
  if (!isUtf8(bytes) || bytes.includes(0)) throw inputError({ what: `${path}: not a text file, expected UTF-8` });
  return { file: path, text: bytes.toString('utf8'), directory: dirname(resolve(path)) };
}

const looksLikePath = (name: string) => /[\\/]|\.(ya?ml|json)$/i.test(name);

/** A built-in by its name, or a file by its path relative to `from`. */
export function findFile(shelf: Shelf, name: string, from: string): TextFile {
  if (looksLikePath(name)) return readTextFile(isAbsolute(name) || from === '.' ? name : join(from, name));
  const names = builtinNames(shelf);
  if (names.includes(name)) return readTextFile(join(shelfDir(shelf), `${name}.yaml`));
  const nearest = nearestName(name, names);
  throw inputError({
    what: `unknown ${NOUN[shelf]} ${showName(name)}`,
    expected: `one of ${names.join(', ')}, or the path of a file`,
    ...(nearest ? { nearest } : {}),
  });
}
