/** One writer a study: a second run would write into the files of the first one. */
import { accessSync, closeSync, constants, existsSync, fstatSync, openSync, rmSync, statSync } from 'node:fs';
import { inputError } from '../../errors.js';
import { openDatabase } from '../database/open-database.js';
import { isBusy } from '../database/sqlite-errors.js';
import { describeOwner, writeOwner } from './lock-owner.js';
import { fullDiskError } from './storage-error.js';
import { studyFiles } from './study-files.js';

/** Two runs that start together may block each other for a moment: SQLite takes an exclusive lock in steps. */
const LOCK_TIMEOUT_MS = 200;

/**
 * Locks a study's folder; the function that unlocks it. The lock is SQLite's own on a file in the folder, so that the system releases
 * it with the process, however that ends. Throws an input error that names the other process if another run holds it.
 */
export function lockFolder(folder: string): () => void {
  const { lock: file } = studyFiles(folder);
  const release = takeLock(folder, file);
  let removeOwner = () => undefined as void;
  let isHeld = true;
  const unlock = () => {
    if (!isHeld) return;
    isHeld = false;
    removeOwner();
    rmSync(file, { force: true });
    release();
  };
  try {
    removeOwner = writeOwner(folder);
  } catch (error) {
    unlock();
    throw error;
  }
  return unlock;
}

/** Takes SQLite's lock on the file; the function that releases it. */
function takeLock(folder: string, file: string): () => void {
  for (;;) {
    // Open from before SQLite locks the file until after: closing it sooner would release SQLite's lock (POSIX).
    const fd = openForWriting(folder, file);
    const db = openDatabase(file, { timeout: LOCK_TIMEOUT_MS });
    // A lock on a file that another run has removed in the meantime is none.
    const isRemoved = () => statSync(file, { throwIfNoEntry: false })?.ino !== fstatSync(fd).ino;
    const release = () => {
      db.close();
      closeSync(fd);
    };
    let failure: Error | undefined;
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      failure = error as Error;
    }
    const isFree = failure === undefined && !isRemoved();
    if (isFree) return release;
    const owner = failure !== undefined && isBusy(failure) ? describeOwner(folder) : '';
    const hasEnded = isRemoved();
    release();
    if (hasEnded) continue; // the other run, as this one was refused
    if (!isBusy(failure)) throw failure!;
    throw inputError({
      what: `another run${owner} is at work on this study`,
      file: folder,
      expected: 'one run at a time',
    });
  }
}

/** Keeps runs out of a folder that is read; throws while one works in it. Where nothing can be written, no run can. */
export function lockIfPossible(folder: string): () => void {
  const none = () => undefined;
  try {
    return existsSync(studyFiles(folder).lock) || isWritable(folder) ? lockFolder(folder) : none;
  } catch (error) {
    if (fullDiskError(folder, error)) return none;
    throw error;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function openForWriting(folder: string, file: string): number {
  try {
    return openSync(file, 'a');
  } catch (error) {
    throw (
      fullDiskError(folder, error) ??
      inputError({
        what: `cannot be written to: ${(error as Error).message}`,
        file: folder,
        expected: 'a folder for results',
      })
    );
  }
}
