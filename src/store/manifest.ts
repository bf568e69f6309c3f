/** `study.json`: everything needed to repeat the run, and to tell one study from another. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { writeDurably } from '../arrow/durable.js';
import { chunkCount, type Range } from '../engine/chunks.js';
import type { Shard } from '../engine/shards.js';
import { inputError } from '../errors.js';
import { showNumber } from '../model/units.js';
import { gridOf } from '../space/study.js';
import { hashOf, type Identified } from './identity.js';
import { studyFiles } from './study-files.js';

/** Of a manifest that is damaged. */
const EXPECTED = 'the study.json of a run; remove its folder, or run it with --fresh to start anew';

/** Most points of a chunk that anyone may have asked for: the rest is damage. */
const MAX_CHUNK_POINTS = 2 ** 31;

export interface Manifest extends Identified {
  name: string;
  hash: string;
  tool_version: string;
  host: string;
  /** Points of a chunk: of a study that was begun, they stay what they were. */
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

export function readManifest(folder: string): Manifest {
  const { manifest: file } = studyFiles(folder);
  let manifest: Partial<Manifest> | null;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest> | null;
  } catch (error) {
    throw inputError({
      what: `cannot be read as a study's manifest: ${(error as Error).message}`,
      file,
      expected: EXPECTED,
    });
  }
  if (typeof manifest?.hash !== 'string' || !manifest.study?.baseline)
    throw inputError({ what: "is not a study's manifest", file }); // another program's, perhaps: no word of removing it
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
  if (manifest.shard !== undefined && !isShard(manifest.shard))
    throw inputError({ what: 'not a shard', file, path: ['shard'], got: manifest.shard, expected: EXPECTED });
  return manifest as Manifest;
}

function isShard(shard: Partial<StoredShard> | null): boolean {
  const { index, count, chunks } = shard ?? {};
  const isOrdered = (...numbers: unknown[]) =>
    numbers.every((n, i) => Number.isInteger(n) && (i === 0 || (n as number) >= (numbers[i - 1] as number)));
  return isOrdered(1, index, count) && isOrdered(0, chunks?.from, chunks?.to);
}
