/** Parts on disk, one file a chunk, until `points.arrow` is put together from them. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable.js';
import { sha256InBackground, sha256Of } from './part.js';

export function partFile(folder: string, chunk: number): string {
  return join(folder, `${chunk}.batch`);
}

/** Writes a chunk's part: on the disk, under its name, when this returns. Its SHA-256. */
export function writePart(folder: string, chunk: number, part: Uint8Array): string {
  writeDurably(partFile(folder, chunk), part);
  return sha256Of(part);
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
