/** A study's folder: what is in it, whose it is, and how it is found by name. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { inputError, type Problem } from '../errors.js';
import type { Study } from '../space/study.js';
import { differences, hashOf, identify, type Identified } from './identity.js';
import { lockFolder } from './lock.js';

export const RESULTS_DIR = 'results';

/** `study.json`: everything needed to repeat the run, and to tell one study from another. */
export interface Manifest extends Identified {
  name: string;
  hash: string;
  tool_version: string;
  host: string;
  started: string;
  finished: string | null;
}

/** The files of a study. */
export function studyFiles(folder: string) {
  return {
    manifest: join(folder, 'study.json'),
    newManifest: join(folder, 'study.json.new'),
    lock: join(folder, 'study.lock'),
    database: join(folder, 'study.db'),
    points: join(folder, 'points.arrow'),
    partialPoints: join(folder, 'points.arrow.partial'),
  };
}

/** Removes a study's own files; anything else in its folder stays. */
function removeStudyFiles(folder: string): void {
  const { manifest, database, points, partialPoints } = studyFiles(folder);
  // The manifest goes last: while it is there, the folder is still known as a study's.
  for (const file of [points, partialPoints, `${database}-wal`, `${database}-shm`, database, manifest])
    rmSync(file, { force: true });
}

export function writeManifest(folder: string, manifest: Manifest): void {
  const { manifest: file, newManifest } = studyFiles(folder);
  writeFileSync(newManifest, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(newManifest, file);
}

export function readManifest(folder: string): Manifest {
  const { manifest: file } = studyFiles(folder);
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest> | null;
  } catch (error) {
    throw inputError({ what: `cannot be read as a study's manifest: ${(error as Error).message}`, file });
  }
  if (typeof manifest?.hash !== 'string' || !manifest.study?.baseline)
    throw inputError({ what: "is not a study's manifest", file });
  return manifest as Manifest;
}

function describeDifferences(folder: string, found: Manifest, wanted: Identified): Problem {
  const parts = differences(found, wanted);
  return {
    what: `holds another study (differs in ${parts.join(', ') || 'the version of the program'})`,
    file: folder,
    expected: 'this study, an empty folder, another --out or name, or --fresh to start anew',
  };
}

/** Whether a folder can take this study: nothing is written. Throws an input error if it holds something else. */
function checkFolder(folder: string, wanted: Identified): Manifest | undefined {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) throw inputError({ what: 'not a folder', file: folder });
  if (existsSync(studyFiles(folder).manifest)) {
    const found = readManifest(folder);
    if (found.hash === hashOf(wanted)) return found;
    throw inputError(describeDifferences(folder, found, wanted));
  }
  const { lock, newManifest } = studyFiles(folder); // all that a run leaves that was killed as it began
  if (readdirSync(folder).some((name) => ![lock, newManifest].includes(join(folder, name))))
    throw inputError({ what: 'holds files but no study', file: folder, expected: 'an empty folder or a study' });
  return undefined;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw inputError({
      what: `cannot be made: ${(error as Error).message}`,
      file: folder || "''",
      expected: 'a folder',
    });
  }
}

/** A study's folder, ready for one run. */
export interface OpenFolder {
  manifest: Manifest;
  /** Lets other runs in. */
  unlock: () => void;
}

/**
 * Opens the folder for a study's run: creates it, or finds the same study there to go on with. `fresh` throws an
 * earlier study's results away first. Throws an input error if the folder holds anything else, or if another run is
 * at work in it.
 */
export function openFolder(folder: string, study: Study, toolVersion: string, fresh: boolean): OpenFolder {
  const identified = identify(study);
  const files = studyFiles(folder);
  const startAnew = fresh && existsSync(files.manifest);
  const found = startAnew ? undefined : checkFolder(folder, identified);
  makeFolder(folder);
  const unlock = lockFolder(folder, files.lock);
  if (found) return { manifest: found, unlock };
  if (startAnew) removeStudyFiles(folder);
  const manifest: Manifest = {
    name: study.name,
    hash: hashOf(identified),
    tool_version: toolVersion,
    host: hostname(),
    started: new Date().toISOString(),
    finished: null,
    ...identified,
  };
  writeManifest(folder, manifest);
  return { manifest, unlock };
}

/** Names of the studies under results/. */
export function storedStudies(results = RESULTS_DIR): string[] {
  if (!existsSync(results)) return [];
  return readdirSync(results, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(studyFiles(join(results, entry.name)).manifest))
    .map((entry) => entry.name)
    .sort();
}

/** The folder of a stored study, from its path or its name under results/. */
export function findStudy(name: string): string {
  for (const folder of [name, join(RESULTS_DIR, name)])
    if (existsSync(studyFiles(folder).manifest)) return folder === name ? resolve(folder) : folder;
  const names = storedStudies();
  throw inputError({
    what: `no study '${basename(name) === name ? name : resolve(name)}'`,
    expected: names.length > 0 ? `one of ${names.join(', ')}, or a study's folder` : `a study's folder`,
  });
}
