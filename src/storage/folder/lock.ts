/** One writer a study: a second run of it would write into the first one's files. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { writeDurably } from './durable.js';
import { inputError } from '../../errors.js';
import { openDatabase } from '../database/open-database.js';
import { fullDiskError } from './storage-error.js';
import { isBusy } from '../database/sqlite-errors.js';
import { readState } from './state-file.js';
import { studyFiles } from './study-files.js';
import validate from './validators/owner.js';

interface Owner {
  pid: number;
  host: string;
  since: string;
}

/** Whoever holds the lock gives a sign of life so often; after so long without one, nobody does. */
const BEAT_MS = 10_000;
const DEAD_AFTER_MS = 120_000;

/** Two runs that start together may bar each other for a moment: SQLite takes an exclusive lock in steps. */
const LOCK_TIMEOUT_MS = 200;

/** The owner's name is on the disk this long after the lock is taken, at most, or it is not told. */
const OWNER_TIMEOUT_MS = 1000;
const OWNER_POLL_MS = 10;

/**
 * Locks a study's folder, and returns what gives it free. The lock is SQLite's own on a file in the folder, so the system
 * drops it with the process, however that ends: what a dead process has left is taken over. Throws an input error that
 * names the other process if another run holds it.
 */
export function lockFolder(folder: string): () => void {
  const { lock: file, owner } = studyFiles(folder);
  for (;;) {
    // The file is held open from before SQLite locks it until it is given free: a lock of a file that another run has
    // removed in the meantime is no lock. (Closing it any sooner would drop SQLite's lock: POSIX.)
    const fd = openForWriting(folder, file);
    const db = openDatabase(file, { timeout: LOCK_TIMEOUT_MS });
    const isRemoved = () => inodeOf(file) !== fstatSync(fd).ino;
    const leave = () => {
      db.close();
      closeSync(fd);
    };
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      const isGone = isRemoved(); // SQLite calls that an error of the disk
      const other = isGone || !isBusy(error) ? '' : describeOwner(owner);
      const hasEnded = isGone || (other === '' && isRemoved());
      leave();
      if (hasEnded) continue;
      if (!isBusy(error)) throw error;
      throw inputError({
        what: `another run${other} is at work on this study`,
        file: folder,
        expected: 'one run at a time',
      });
    }
    if (isRemoved()) {
      leave();
      continue;
    }
    const beats = setInterval(() => beat(owner), BEAT_MS).unref();
    let isHeld = true;
    const unlock = () => {
      if (!isHeld) return;
      isHeld = false;
      clearInterval(beats);
      rmSync(owner, { force: true });
      rmSync(file, { force: true });
      leave();
    };
    try {
      const me: Owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
      writeDurably(owner, `${JSON.stringify(me)}\n`);
    } catch (error) {
      unlock();
      throw error;
    }
    return unlock;
  }
}

/** Keeps runs out of a folder that is read, and throws while one is at work; where nothing can be written, none can be. */
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

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/** Who holds the lock, as far as it can be read: it is written just after the lock is taken. */
function describeOwner(file: string): string {
  for (let waited = 0; waited <= OWNER_TIMEOUT_MS; waited += OWNER_POLL_MS) {
    try {
      const { pid, host, since } = readState<Owner>(file, validate);
      return ` (process ${pid} on ${host}, since ${since})`;
    } catch {
      sleep(OWNER_POLL_MS);
    }
  }
  return '';
}

/** Marks the owner's file as of now, where that can be done. */
function beat(owner: string): void {
  try {
    utimesSync(owner, new Date(), new Date());
  } catch {
    // A run does not mind whether others can see that it is alive.
  }
}

/**
 * Whether a run is at work in a folder, as far as can be told without touching its lock: its owner has given a sign of life
 * of late and, on this machine, is a process that is there.
 */
export function isAtWork(folder: string): boolean {
  const { owner: file } = studyFiles(folder);
  try {
    const { pid, host } = readState<Owner>(file, validate);
    if (Date.now() - statSync(file).mtimeMs > DEAD_AFTER_MS) return false;
    return host !== hostname() || isThere(pid);
  } catch {
    return false;
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
