/** A study's `points.arrow`, put together from its parts, or from its rows where no parts were kept. */
import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { ahead } from '../ahead.js';
import { partFile, readPartInBackground } from '../arrow/part-files.js';
import { PartEncoder } from '../arrow/part.js';
import { PointsFile } from '../arrow/points-file.js';
import { runError } from '../errors.js';
import { columnsOf } from '../space/columns.js';
import { tellingOfFullDisk } from './full-disk.js';
import type { Left } from './believe.js';
import type { LedgerLine } from './ledger.js';
import { studyFiles } from './study-files.js';

/** Bytes of `points.arrow` that are written before they are on the disk and their parts go. */
const BYTES_PER_SYNC = 256 * 2 ** 20;

/** A study whose chunks are all stored. */
export interface Stored extends Left {
  hash: string;
  /** Whether the run was told to start anew. */
  fresh: boolean;
}

/**
 * Writes the file; parts go as it gets on. Gives way to other events; false if the signal came first.
 *
 * @param onPart told of each chunk that goes into the file, and of how many there are
 */
export async function assemblePoints(
  stored: Stored,
  signal: AbortSignal | undefined,
  onPart: (chunk: number, chunks: number) => void,
): Promise<boolean> {
  const { folder, study, hash, chunks } = stored;
  const metadata = { study: study.name, hash };
  const file = guarded(stored, () => new PointsFile(studyFiles(folder).points, columnsOf(study), metadata));
  try {
    const addParts = study.store === 'all' ? addStoredParts(stored, file) : addRowsAsParts(stored, file);
    let added = 0;
    for await (const _ of addParts) {
      onPart(++added, chunks.to - chunks.from);
      await setImmediate();
      if (!signal?.aborted) continue;
      file.abandon();
      return false;
    }
    guarded(stored, () => file.finish());
    return true;
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** Parts that are read while others are written. */
const PARTS_AHEAD = 4;

/** Adds the parts of all chunks, in order; parts go when the file has them on the disk, so that both need no more room than one. */
async function* addStoredParts(stored: Stored, file: PointsFile): AsyncGenerator<void> {
  const { parts } = studyFiles(stored.folder);
  let unsynced = 0;
  let added: number[] = [];
  const lines = withParts(stored.database.ledger());
  const read = async ({ chunk, sha256 }: { chunk: number; sha256: string }) => ({
    chunk,
    part: await readPartInBackground(parts, chunk, sha256),
  });
  for await (const { chunk, part } of ahead(lines, PARTS_AHEAD, read)) {
    if (!part) throw runError(`${partFile(parts, chunk)}: missing or damaged; a run without --fresh writes it again`);
    guarded(stored, () => file.addPart(part));
    added.push(chunk);
    unsynced += part.byteLength;
    if (unsynced >= BYTES_PER_SYNC) {
      guarded(stored, () => file.sync());
      for (const number of added) rmSync(partFile(parts, number), { force: true });
      [unsynced, added] = [0, []];
    }
    yield;
  }
}

/** Chunks that have a part. */
function* withParts(lines: Iterable<LedgerLine>): Generator<{ chunk: number; sha256: string }> {
  for (const { chunk, sha256 } of lines) if (sha256 !== null) yield { chunk, sha256 };
}

/** Adds the rows of `points`, where no parts were kept. */
function* addRowsAsParts(stored: Stored, file: PointsFile): Generator<void> {
  const { database, study, chunkPoints } = stored;
  const encoder = new PartEncoder(columnsOf(study));
  for (const batch of database.readBatches(chunkPoints)) {
    guarded(stored, () => file.addPart(encoder.encode(batch)));
    yield;
  }
}

/** Does what writes; a full disk is told as such. */
function guarded<T>({ folder, fresh }: Stored, write: () => T): T {
  return tellingOfFullDisk(folder, write, fresh);
}
