/** Parts on disk, one file a chunk, until `points.arrow` is put together from them. */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFile, syncFolder, writeWhole } from './durable.js';
import { MESSAGE_PREFIX_BYTES, sizeOfPart, type PartSize } from './message.js';
import { sha256InBackground, sha256Of } from './part.js';

export function partFile(folder: string, chunk: number): string {
  return join(folder, `${chunk}.batch`);
}

/**
 * Writes a chunk's part under its name; its SHA-256, by which one is known that the machine did not keep: it is made again from the
 * rows.
 */
export function writePart(folder: string, chunk: number, part: Uint8Array): string {
  writeWhole(partFile(folder, chunk), part);
  return sha256Of(part);
}

/** Has all parts on the disk, where they stay. */
export function syncParts(folder: string): void {
  for (const name of readdirSync(folder)) syncFile(join(folder, name));
  syncFolder(folder);
}

/** The size of a chunk's part, if it is there and may be one. */
export function readPartSize(folder: string, chunk: number): PartSize | undefined {
  try {
    const fd = openSync(partFile(folder, chunk), 'r');
    try {
      const prefix = Buffer.alloc(MESSAGE_PREFIX_BYTES);
      const isLongEnough = readSync(fd, prefix) === prefix.length;
      return isLongEnough ? sizeOfPart(prefix, fstatSync(fd).size) : undefined;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

/** A chunk's part, if it is there and has this SHA-256. */
export function readPart(folder: string, chunk: number, sha256: string): Buffer | undefined {
  try {
    const part = readFileSync(partFile(folder, chunk));
    return sha256Of(part) === sha256 ? part : undefined;
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

/** The same, while the program does other things. */
export async function readPartInBackground(folder: string, chunk: number, sha256: string): Promise<Buffer | undefined> {
  try {
    const part = await readFile(partFile(folder, chunk));
    return (await sha256InBackground(part)) === sha256 ? part : undefined;
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
