/** The messages of a study's stored record batches, by SHA-256: files of single chunks, or `points.arrow`. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { readFully } from '../folder/durable.js';
import { sha256Of } from './batch-encoder.js';
import { readBatchFile } from './batch-files.js';
import { storedBatches } from './read-batches.js';

export class StoredMessages {
  /** Where the messages of `points.arrow` are. */
  private readonly inFile = new Map<string, { offset: number; length: number }>();

  /**
   * @param chunks folder of the files of single chunks
   * @param points a file of all chunks, which may be missing or damaged
   */
  constructor(
    private readonly chunks: string,
    private readonly points: string,
  ) {
    if (!existsSync(points)) return;
    try {
      for (const batch of storedBatches(points)) {
        const message = batch.readMessage();
        this.inFile.set(sha256Of(message), { offset: batch.offset, length: message.length });
      }
    } catch {
      // What lies behind the damage is made again.
    }
  }

  /** The message of a chunk's record batch; undefined if no file has it. */
  read(chunk: number, sha256: string): Buffer | undefined {
    return readBatchFile(this.chunks, chunk, sha256) ?? this.readFromFile(sha256);
  }

  private readFromFile(sha256: string): Buffer | undefined {
    const place = this.inFile.get(sha256);
    if (!place) return undefined;
    const fd = openSync(this.points, 'r');
    try {
      return readFully(fd, place.length, place.offset);
    } finally {
      closeSync(fd);
    }
  }
}
