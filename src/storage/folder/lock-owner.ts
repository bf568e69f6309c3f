/** The process that holds the lock of a study's folder, in a file beside the lock: for messages and for `status`. */
import { rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { writeDurably } from './durable.js';
import { readState, readStateIfSound } from './state-file.js';
import { studyFiles } from './study-files.js';
import validate from './validators/owner.js';

interface Owner {
  pid: number;
  host: string;
  since: string;
}

/** Interval of the owner's heartbeat, and its timeout. */
const BEAT_MS = 10_000;
const TIMEOUT_MS = 120_000;

/** The file is written this long after the lock was taken, at most; otherwise a message names no owner. */
const WRITE_TIMEOUT_MS = 1000;
const POLL_MS = 10;

/** Writes the file, and touches it as a heartbeat; the function that removes it. */
export function writeOwner(folder: string): () => void {
  const { owner: file } = studyFiles(folder);
  const owner: Owner = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  writeDurably(file, `${JSON.stringify(owner)}\n`);
  const beats = setInterval(() => touch(file), BEAT_MS).unref();
  return () => {
    clearInterval(beats);
    rmSync(file, { force: true });
  };
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The run does not depend on whether others see its heartbeat.
  }
}

/** The owner in words; empty where it cannot be read. */
export function describeOwner(folder: string): string {
  const { owner: file } = studyFiles(folder);
  for (let waited = 0; waited <= WRITE_TIMEOUT_MS; waited += POLL_MS) {
    const owner = readStateIfSound<Owner>(file, validate);
    if (owner) return ` (process ${owner.pid} on ${owner.host}, since ${owner.since})`;
    sleep(POLL_MS);
  }
  return '';
}

/**
 * Whether a run works in a folder, without touching its lock: its owner has a recent heartbeat and, on this machine, is a running
 * process.
 */
export function isAtWork(folder: string): boolean {
  const { owner: file } = studyFiles(folder);
  try {
    const { pid, host } = readState<Owner>(file, validate);
    if (Date.now() - statSync(file).mtimeMs > TIMEOUT_MS) return false;
    return host !== hostname() || isRunning(pid);
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
