/** Finds files: what is built in under sweeps/, and the user's own by path. The only place that reads input files. */
import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeltaSweepError, inputError, showName } from '../../errors.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { nearestName } from '../nearest.js';
import { MAX_FILE_BYTES } from './limits.js';

export type Shelf = 'gpus' | 'networks' | 'costs' | 'dies' | 'sweeps';

/** The package's own sweeps/ folder. */
export const SWEEPS_DIR = fileURLToPath(new URL('sweeps', PACKAGE_ROOT));

const NOUN: Record<Shelf, string> = {
  gpus: 'GPU',
  networks: 'network',
  costs: 'cost table',
  dies: 'table of dies',
  sweeps: 'sweep',
};

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

/** Reads a file; calls `fail`, before it reads a byte, where that is no file or too large. Does not wait for a pipe. */
function readBytes(path: string, maxBytes: number, fail: (what: string) => never): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) fail(SYSTEM_FAULTS['EISDIR']!);
    if (!stats.isFile()) fail('a pipe or device, expected a file');
    const tooLarge = `too large, expected at most ${maxBytes} bytes`;
    if (stats.size > maxBytes) fail(tooLarge);
    const bytes = Buffer.alloc(maxBytes + 1); // files of the kernel's own tell no size
    let length = 0;
    for (let n = -1; n !== 0 && length < bytes.length; length += n)
      n = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (length > maxBytes) fail(tooLarge);
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
  ENXIO: 'a pipe or device, expected a file',
  ENAMETOOLONG: 'not readable: the name is too long',
};

/** Reads a text file; input errors say what is wrong with the path. */
export function readTextFile(path: string, maxBytes = MAX_FILE_BYTES): TextFile {
  const fail = (what: string): never => {
    throw inputError({ what: `${path}: ${what}` });
  };
  let bytes: Buffer;
  try {
    bytes = readBytes(path, maxBytes, fail);
  } catch (error) {
    if (error instanceof DeltaSweepError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    return fail(SYSTEM_FAULTS[code] ?? `not readable: ${message}`);
  }
  if (!isUtf8(bytes) || bytes.includes(0)) fail('not a text file, expected UTF-8');
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
