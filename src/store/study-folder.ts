/** A study's folder: what is in it, whose it is, and how it is found by name. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { inputError, type Problem } from '../errors.js';
import type { Study } from '../space/study.js';
import { differences, hashOf, identify, type Identified } from './identity.js';

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
  const { manifest: file } = studyFiles(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

export function readManifest(folder: string): Manifest {
  const { manifest: file } = studyFiles(folder);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (error) {
    throw inputError({ what: `cannot be read as a study's manifest: ${(error as Error).message}`, file });
  }
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
  if (readdirSync(folder).length > 0)
    throw inputError({ what: 'holds files but no study', file: folder, expected: 'an empty folder or a study' });
  return undefined;
}

/**
 * Opens the folder for a study's run: creates it, or finds the same study there to go on with. `fresh` throws an
 * earlier study's results away first. Throws an input error if the folder holds anything else.
 */
export function openFolder(folder: string, study: Study, toolVersion: string, fresh: boolean): Manifest {
  const identified = identify(study);
  if (fresh && existsSync(studyFiles(folder).manifest)) removeStudyFiles(folder);
  const found = checkFolder(folder, identified);
  if (found) return found;
  mkdirSync(folder, { recursive: true });
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
  return manifest;
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
