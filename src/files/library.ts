/** Finds files: what is built in under sweeps/, and the user's own by path. The only place that reads input files. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inputError } from '../errors.js';
import { nearestName } from './nearest.js';

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

/** Reads a text file of at most 4 MiB; input errors say what is wrong with the path. */
export function readTextFile(path: string): TextFile {
  let size: number;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw inputError({ what: 'a folder, expected a file', file: path });
    size = stat.size;
    if (size > MAX_FILE_BYTES)
      throw inputError({ what: `too large, got ${size} bytes, expected at most ${MAX_FILE_BYTES}`, file: path });
    return { file: path, text: readFileSync(path, 'utf8'), directory: dirname(resolve(path)) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw inputError({ what: 'no such file', file: path });
    if (code === 'EACCES') throw inputError({ what: 'not readable: permission denied', file: path });
    throw error;
  }
}

const looksLikePath = (name: string) => /[\\/]|\.(ya?ml|json)$/i.test(name);

/** A built-in by its name, or a file by its path relative to `from`. */
export function findFile(shelf: Shelf, name: string, from: string): TextFile {
  if (looksLikePath(name)) return readTextFile(isAbsolute(name) || from === '.' ? name : join(from, name));
  const names = builtinNames(shelf);
  if (names.includes(name)) return readTextFile(join(shelfDir(shelf), `${name}.yaml`));
  const nearest = nearestName(name, names);
  throw inputError({
    what: `unknown ${NOUN[shelf]} '${name}'`,
    expected: `one of ${names.join(', ')}, or the path of a file`,
    ...(nearest ? { nearest } : {}),
  });
}
