/** Lines of the ledger, `chunks`: what was done, and whether a line can be believed. */
import { createHash } from 'node:crypto';
import { chunkRange, type Range } from '../engine/chunks.js';
import type { StoredPart } from '../engine/messages.js';
import type { Chunk } from '../engine/sink.js';
import { studyFiles } from './study-files.js';

/** A row of `chunks`, in the order of its columns. */
export interface LedgerLine {
  chunk: number;
  first_id: number;
  end_id: number;
  points: number;
  rejected: number;
  /** JSON. */
  rejected_by: string;
  sha256: string | null;
  checksum: string;
}

/** Hexadecimal digits of a line's checksum: enough for a flipped bit, not against a forger. */
const CHECKSUM_DIGITS = 16;

function checksumOf(line: Omit<LedgerLine, 'checksum'>): string {
  const { chunk, first_id, end_id, points, rejected, rejected_by, sha256 } = line;
  const text = JSON.stringify([chunk, first_id, end_id, points, rejected, rejected_by, sha256]);
  return createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM_DIGITS);
}

export function lineOf(chunk: Chunk): LedgerLine {
  const line = {
    chunk: chunk.chunk,
    first_id: chunk.from,
    end_id: chunk.to,
    points: chunk.points,
    rejected: chunk.rejected,
    rejected_by: JSON.stringify(chunk.rejectedBy),
    sha256: chunk.sha256 ?? null,
  };
  return { ...line, checksum: checksumOf(line) };
}

/** The part of a line's chunk in a study's folder; undefined where it has no points, or the front alone is stored. */
export function partOf(folder: string, { chunk, sha256 }: LedgerLine): StoredPart | undefined {
  return sha256 === null ? undefined : { folder: studyFiles(folder).parts, chunk, sha256 };
}

/** Whether a line is as it was written, and is about a chunk of this grid. */
export function isSound(line: LedgerLine, gridSize: number, chunkPoints: number): boolean {
  const { from, to } = chunkRange(line.chunk, gridSize, chunkPoints);
  return line.checksum === checksumOf(line) && line.first_id === from && line.end_id === to;
}

/** Stretches of whole numbers, ascending and apart: `from` up to, not including, `to`. */
export type Stretches = Range[];

/** Adds a number above those that are in the stretches. */
export function addNumber(stretches: Stretches, n: number): void {
  const last = stretches.at(-1);
  if (last?.to === n) last.to++;
  else stretches.push({ from: n, to: n + 1 });
}

/** The whole numbers of a range that are in none of the stretches, which lie within it. */
export function* numbersOutside(stretches: Stretches, range: Range): Generator<number> {
  let next = range.from;
  for (const { from, to } of [...stretches, { from: range.to, to: range.to }]) {
    while (next < from) yield next++;
    next = to;
  }
}
