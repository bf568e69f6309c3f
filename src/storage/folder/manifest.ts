/** `study.json`: everything needed to repeat the run, and to tell one study from another. */
import type { ValidateFunction } from 'ajv';
import { hostname } from 'node:os';
import { writeDurably } from './durable.js';
import { chunkCount, type Range } from '../../engine/chunks.js';
import type { Shard } from '../../engine/shards.js';
import { inputError } from '../../errors.js';
import { registerStudyModel } from '../../space/files/model-file.js';
import { gridOf } from '../../space/study.js';
import { hashOf, type Identified } from './identity.js';
import { readState, readStateIfSound, StateProblem } from './state-file.js';
import { STUDY_FORMAT, studyFiles } from './study-files.js';
import validate from './validators/study.js';

/** The way out of a damaged manifest. */
const EXPECTED = 'the study.json of a run; remove its folder, or run it with --fresh to start anew';

export interface Manifest extends Identified {
  format: number;
  name: string;
  hash: string;
  tool_version: string;
  host: string;
  /** Points of a chunk; they stay the same once a study was begun. */
  chunk_points: number;
  /** Which shard of the study the folder holds, and its chunks; absent where it holds the study itself. */
  shard?: StoredShard;
  /** How many of its shards a study was merged from, where that is not all of them. */
  merged?: { shards: number; of: number };
  started: string;
  finished: string | null;
}

/** A shard as it was cut: of one that was begun, the chunks stay what they were. */
export interface StoredShard extends Shard {
  /** Chunks `from` up to, not including, `to`. */
  chunks: Range;
}

/** The manifest of a study, or of a shard of it, that begins now, here. */
export function newManifest(
  identified: Identified,
  toolVersion: string,
  chunkPoints: number,
  shard?: StoredShard,
): Manifest {
  return {
    format: STUDY_FORMAT,
    name: identified.study.name,
    hash: hashOf(identified),
    tool_version: toolVersion,
    host: hostname(),
    chunk_points: chunkPoints,
    ...(shard ? { shard } : {}),
    started: new Date().toISOString(),
    finished: null,
    ...identified,
  };
}

/** The chunks that a folder is for: the study's, or the shard's. */
export function chunksOf({ study, chunk_points: chunkPoints, shard }: Manifest): Range {
  return shard?.chunks ?? { from: 0, to: chunkCount(gridOf(study).size, chunkPoints) };
}

export function writeManifest(folder: string, manifest: Manifest): void {
  writeDurably(studyFiles(folder).manifest, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Throws an input error where the file cannot be read, is of another format, or is not as its schema says. */
export function readManifest(folder: string): Manifest {
  const { manifest: file } = studyFiles(folder);
  try {
    const manifest = readState<Manifest>(file, validate);
    registerStudyModel(manifest.study, file);
    return manifest;
  } catch (error) {
    if (!(error instanceof StateProblem)) throw error;
    const version = readStateIfSound<{ tool_version: string }>(file, isOfOtherFormat);
    if (version)
      throw inputError({
        what: `was written by version ${version.tool_version} of delta-sweep, which stored studies in another format`,
        file,
        expected: 'a study of this version, or --fresh to start anew',
      });
    throw inputError({ what: `is not a study's manifest: ${error.message}`, file, expected: EXPECTED });
  }
}

/** Whether a document is the manifest of another version of the program. */
const isOfOtherFormat = ((document: Partial<Manifest> | null) =>
  typeof document?.tool_version === 'string' &&
  typeof document.hash === 'string' &&
  document.format !== STUDY_FORMAT) as unknown as ValidateFunction;
