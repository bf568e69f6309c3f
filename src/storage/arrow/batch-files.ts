/** Record batches of stored chunks, one file a chunk, until `points.arrow` is made of them. */
import { copyFileSync, linkSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFile, syncFolder, writeWhole } from '../folder/durable.js';
import { sha256Of } from './batch-encoder.js';

export const batchFile = (folder: string, chunk: number): string => join(folder, `${chunk}.batch`);

/** Writes the message of a chunk's record batch; its SHA-256. Not durable: what the machine loses is made again from the rows. */
export function writeBatchFile(folder: string, chunk: number, message: Uint8Array): string {
  writeWhole(batchFile(folder, chunk), message);
  return sha256Of(message);
}

/** The message of a chunk's record batch; undefined if the file is missing or has another SHA-256. */
export function readBatchFile(folder: string, chunk: number, sha256: string): Buffer | undefined {
  try {
    const message = readFileSync(batchFile(folder, chunk));
    return sha256Of(message) === sha256 ? message : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Puts a chunk's file into another folder: a hard link where the file system has them, a copy elsewhere. */
export function takeBatchFile(from: string, to: string, chunk: number): void {
  const [source, target] = [batchFile(from, chunk), batchFile(to, chunk)];
  rmSync(target, { force: true });
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

/** Makes the files of a folder durable. */
export function syncBatchFiles(folder: string): void {
  for (const name of readdirSync(folder)) syncFile(join(folder, name));
  syncFolder(folder);
}
