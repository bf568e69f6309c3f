/** Where an export goes, and in which format. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { inputError } from '../../errors.js';
import { nearestName } from '../../space/nearest.js';

export const FORMATS = ['arrow', 'parquet', 'csv', 'ndjson'] as const;

export interface Target {
  path: string;
  /** `folder`: Parquet files, one folder a network. */
  format: (typeof FORMATS)[number] | 'folder';
}

const EXPECTED = `a file that ends in ${FORMATS.map((format) => `.${format}`).join(', ')}, or a folder that ends in /`;

/** The target that a path names, by its ending. Throws an input error for another ending. */
export function targetOf(path: string): Target {
  if (/[^/]\/+$/.test(path)) return { path: path.replace(/\/+$/, ''), format: 'folder' };
  const ending = extname(path).slice(1).toLowerCase();
  const format = FORMATS.find((known) => known === ending);
  if (format) return { path, format };
  const nearest = nearestName(ending, FORMATS);
  throw inputError({
    ...{ what: '--to: unknown format', got: path, expected: EXPECTED },
    ...(nearest ? { nearest: `.${nearest}` } : {}),
  });
}

/** Throws an input error where the target exists; `force` replaces files, but folders only if they are empty. */
export function checkFree({ path, format }: Target, force: boolean): void {
  if (!existsSync(path)) return;
  if (format === 'folder') {
    if (statSync(path).isDirectory() && readdirSync(path).length === 0) return;
    throw inputError({ what: 'exists', file: path, expected: 'a new or an empty folder' });
  }
  checkFreeFile(path, EXPECTED, force);
}

/** Throws an input error where a file of that name, or a folder, is in the way. */
export function checkFreeFile(path: string, expected: string, force: boolean): void {
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) throw inputError({ what: 'is a folder', file: path, expected });
  if (!force) throw inputError({ what: 'exists', file: path, expected: 'another name, or --force to replace it' });
}
