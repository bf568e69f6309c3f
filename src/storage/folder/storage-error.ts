/** Errors of code that writes into a study's folder, turned into ones that say what to do. */
import { statfsSync } from 'node:fs';
import { DeltaSweepError, runError } from '../../errors.js';
import { isBusy, isConstraint, isFull, isIoFailure, isStatementError } from '../database/sqlite-errors.js';
import { studyFiles } from './study-files.js';

/** With less free space, or fewer files that can be made, a failed write of SQLite is blamed on the full disk: it does not always say so. */
const MIN_FREE_BYTES = 64 * 2 ** 10;
const MIN_FREE_FILES = 8;

/**
 * The error that says that the disk is full, if that caused an error in a study's folder; else undefined.
 *
 * @param fresh whether the same command would start anew
 */
export function fullDiskError(folder: string, error: unknown, fresh = false): DeltaSweepError | undefined {
  const cause = error instanceof DeltaSweepError ? error.cause : error;
  if (!isNoSpace(cause) && !(isIoFailure(cause) && hasNoSpace(folder))) return undefined;
  const { code } = cause as NodeJS.ErrnoException;
  const next = fresh ? 'run it again without --fresh' : 'the same command resumes it';
  return runError(`${folder}: the disk is full: what is stored stays; ${next} when there is space (${code})`, cause);
}

/** Turns an error of writing into a study's folder into the error that the user sees. */
export function storageError(folder: string, error: unknown, fresh = false): unknown {
  const full = fullDiskError(folder, error, fresh);
  if (full) return full;
  const { database } = studyFiles(folder);
  if (isBusy(error))
    return runError(`${database}: another program is using it; run again when that program is done`, error);
  if (isConstraint(error))
    return runError(
      `${database}: ${(error as Error).message}: an index, trigger or column that was added refuses rows; drop it and run again`,
      error,
    );
  if (isStatementError(error))
    return runError(
      `${database}: ${(error as Error).message}: a table is missing or changed, or a trigger that was added fails; undo that and run again`,
      error,
    );
  return error;
}

/** Runs code that writes into a study's folder; its errors say what to do. */
export function withStorageErrors<T>(folder: string, write: () => T, fresh = false): T {
  try {
    return write();
  } catch (error) {
    throw storageError(folder, error, fresh);
  }
}

function isNoSpace(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT' || isFull(error);
}

function hasNoSpace(folder: string): boolean {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    return bavail * bsize < MIN_FREE_BYTES || (files > 0 && ffree < MIN_FREE_FILES);
  } catch {
    return false;
  }
}
