/** A full disk, told as such wherever it is met. */
import { statfsSync } from 'node:fs';
import { DeltaSweepError, runError } from '../errors.js';
import { isFull, isIoFailure } from './sqlite-errors.js';

/** With less room than this, a failure of SQLite to write is laid to the full disk: it does not always say so. */
const NEXT_TO_NOTHING_BYTES = 64 * 2 ** 10;

/**
 * The error that tells of a full disk, if that is what an error in a study's folder comes from.
 *
 * @param fresh whether the run was told to start anew: the same command would again
 */
export function fullDiskError(folder: string, error: unknown, fresh = false): DeltaSweepError | undefined {
  const cause = error instanceof DeltaSweepError ? error.cause : error;
  if (!isNoRoom(cause) && !(isIoFailure(cause) && hasNoRoom(folder))) return undefined;
  const { code } = cause as NodeJS.ErrnoException;
  const next = fresh ? 'run it again without --fresh' : 'the same command goes on';
  return runError(`${folder}: the disk is full: what is stored stays; ${next} when there is room (${code})`, cause);
}

/** Does what writes into a study's folder. */
export function tellingOfFullDisk<T>(folder: string, write: () => T, fresh = false): T {
  try {
    return write();
  } catch (error) {
    throw fullDiskError(folder, error, fresh) ?? error;
  }
}

function isNoRoom(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' || isFull(error);
}

function hasNoRoom(folder: string): boolean {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    return bavail * bsize < NEXT_TO_NOTHING_BYTES || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}
