/** A study's folder: which study it holds, and how it is found by name. */
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { showShard, type Shard } from '../../engine/shards.js';
import { inputError, type Problem } from '../../errors.js';
import { fullDiskError } from './storage-error.js';
import { differences, hashOf, type Identified } from './identity.js';
import { lockFolder } from './lock.js';
import { readManifest, type Manifest } from './manifest.js';
import { bringBack } from './previous.js';
import { studyFiles } from './study-files.js';

export const RESULTS_DIR = 'results';

/** Names beside a study's own files: of a killed run, a frontier search, shards, and logs of their tasks. */
const OTHER_FILES = [
  'frontier',
  'study.lock',
  'study.lock-journal',
  'study.owner',
  'study.owner.partial',
  'study.json.partial',
  'study.progress',
  'study.progress.partial',
  'shards',
  'logs',
];

/** The study, or shard of it, that a folder is wanted for. */
export type Wanted = Identified & { shard?: Shard | undefined };

const showHeld = (shard: Shard | undefined) =>
  shard ? `shard ${showShard(shard)} of this study` : 'all of this study';

function describeDifferences(folder: string, found: Manifest, wanted: Identified): Problem {
  const parts = differences(found, wanted);
  return {
    what: `holds another study (differs in ${parts.join(', ') || 'the version of the program'})`,
    file: folder,
    expected: 'this study, an empty folder, another --out or name, or --fresh to start anew',
  };
}

/** The manifest of this study in a folder; undefined for none. Throws an input error if the folder holds something else. */
function findIn(folder: string, wanted: Wanted): Manifest | undefined {
  const { manifest, previous } = studyFiles(folder);
  if (existsSync(manifest)) {
    const found = readManifest(folder);
    if (found.hash !== hashOf(wanted)) throw inputError(describeDifferences(folder, found, wanted));
    const [held, asked] = [found.shard, wanted.shard].map(showHeld);
    if (held !== asked) throw inputError({ what: `holds ${held}`, file: folder, expected: `a folder for ${asked}` });
    return found;
  }
  if (existsSync(studyFiles(previous).manifest)) return undefined; // a run with --fresh was killed before it stored anything
  if (existsSync(folder) && readdirSync(folder).some((name) => !OTHER_FILES.includes(name)))
    throw inputError({ what: 'holds files but no study', file: folder, expected: 'an empty folder or a study' });
  return undefined;
}

function isThere(folder: string): boolean {
  if (!existsSync(folder)) return false;
  if (!statSync(folder).isDirectory()) throw inputError({ what: 'not a folder', file: folder });
  return true;
}

/** Makes a folder, and the ones above it; the uppermost that was not there before. */
function makeFolder(folder: string): string | undefined {
  try {
    return mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw (
      fullDiskError(folder, error) ??
      inputError({ what: `cannot be made: ${(error as Error).message}`, file: folder || "''", expected: 'a folder' })
    );
  }
}

/** Removes a folder and the ones above it, up to one of them, as long as they hold nothing. */
function removeEmpty(folder: string, uppermost: string): void {
  try {
    for (let at = resolve(folder); at.length >= resolve(uppermost).length; at = dirname(at)) rmdirSync(at);
  } catch {
    // It holds something.
  }
}

/** A study's folder, locked for one run. */
export interface OpenFolder {
  /** The manifest of the same study, if the folder holds it: the run resumes it. */
  found: Manifest | undefined;
  /** Unlocks the folder; removes it, and those above it, where they were made for this run and are empty. */
  unlock: () => void;
}

/**
 * Opens the folder for a study's run. `fresh` ignores any study in it. Throws an input error if the folder holds
 * anything else, or if another run is at work in it; the folder is then as it was.
 */
export function openFolder(folder: string, wanted: Wanted, fresh: boolean): OpenFolder {
  const { manifest, previous, lock } = studyFiles(folder);
  const isStudy = () => existsSync(manifest) || existsSync(studyFiles(previous).manifest);
  const look = () => (fresh && isStudy() ? undefined : findIn(folder, wanted));
  try {
    if (isThere(folder)) look();
  } catch (error) {
    // A run in progress may make and move files: the lock decides.
    if (!existsSync(lock)) throw error;
  }
  const made = makeFolder(folder);
  const release = lockFolder(folder);
  const unlock = () => {
    release();
    if (made !== undefined) removeEmpty(folder, made);
  };
  try {
    bringBack(folder);
    return { found: look(), unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Names of the studies under results/. */
export function storedStudies(results = RESULTS_DIR): string[] {
  if (!existsSync(results)) return [];
  return readdirSync(results, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(studyFiles(join(results, entry.name)).manifest))
    .map((entry) => entry.name)
    .sort();
}

/** The folder that has something of a study, from its path or its name under results/; undefined where neither has. */
const findFolder = (name: string, has: (folder: string) => boolean): string | undefined =>
  [name, join(RESULTS_DIR, name)].find(has);

const hasStudy = (folder: string) => existsSync(studyFiles(folder).manifest);
const hasShards = (folder: string) => existsSync(studyFiles(folder).shards);

/** The folder of a study of which at least a shard may have begun, from its path or its name under results/. */
export function findSharded(name: string): string {
  return findFolder(name, (folder) => hasStudy(folder) || hasShards(folder)) ?? findStudy(name);
}

/** Where a study is merged, or a search for its front: it may not be there yet. */
export function mergedFolder(name: string): string {
  const has = (folder: string) => hasStudy(folder) || hasShards(folder) || hasShards(join(folder, 'frontier'));
  return findFolder(name, has) ?? (basename(name) === name ? join(RESULTS_DIR, name) : name);
}

/** The folder of a stored study, from its path or its name under results/. */
export function findStudy(name: string): string {
  const folder = findFolder(name, hasStudy);
  if (folder !== undefined) return folder === name ? resolve(folder) : folder;
  const names = storedStudies();
  throw inputError({
    what: `no study '${basename(name) === name ? name : resolve(name)}'`,
    expected: names.length > 0 ? `one of ${names.join(', ')}, or a study's folder` : `a study's folder`,
  });
}
