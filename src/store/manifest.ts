/** `study.json`: everything needed to repeat the run, and to tell one study from another. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { writeDurably } from '../arrow/durable.js';
import { inputError } from '../errors.js';
import { showNumber } from '../model/units.js';
import { hashOf, type Identified } from './identity.js';
import { studyFiles } from './study-files.js';

/** Most points of a chunk that anyone may have asked for: the rest is damage. */
const MAX_CHUNK_POINTS = 2 ** 31;

export interface Manifest extends Identified {
  name: string;
  hash: string;
  tool_version: string;
  host: string;
  /** Points of a chunk: of a study that was begun, they stay what they were. */
  chunk_points: number;
  started: string;
  finished: string | null;
}

/** The manifest of a study that begins now, here. */
export function newManifest(identified: Identified, toolVersion: string, chunkPoints: number): Manifest {
  return {
    name: identified.study.name,
    hash: hashOf(identified),
    tool_version: toolVersion,
    host: hostname(),
    chunk_points: chunkPoints,
    started: new Date().toISOString(),
    finished: null,
    ...identified,
  };
}

export function writeManifest(folder: string, manifest: Manifest): void {
  writeDurably(studyFiles(folder).manifest, `${JSON.stringify(manifest, null, 2)}\n`);
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
  const { chunk_points: chunkPoints } = manifest;
  if (chunkPoints === undefined)
    throw inputError({
      what: `was written by version ${String(manifest.tool_version)} of delta-sweep, which kept studies in another way`,
      file,
      expected: 'a study of this version, or --fresh to start anew',
    });
  if (!Number.isInteger(chunkPoints) || chunkPoints < 1 || chunkPoints > MAX_CHUNK_POINTS)
    throw inputError({
      ...{ what: 'not a number of points of a chunk', file, path: ['chunk_points'], got: chunkPoints },
      expected: `a whole number from 1 to ${showNumber(MAX_CHUNK_POINTS)}`,
    });
  return manifest as Manifest;
}
