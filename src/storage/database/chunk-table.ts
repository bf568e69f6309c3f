/** Lines of the table `chunks`: which chunks are stored. */
import type Database from 'better-sqlite3';
import { chunkRange, type Range } from '../../engine/chunks.js';
import type { Chunk } from '../../engine/sink.js';

/** A row of `chunks`. */
export interface ChunkLine {
  chunk: number;
  first_id: number;
  end_id: number;
  points: number;
  rejected: number;
  /** JSON. */
  rejected_by: string;
  sha256: string | null;
}

export function lineOf(chunk: Chunk): ChunkLine {
  return {
    chunk: chunk.chunk,
    first_id: chunk.from,
    end_id: chunk.to,
    points: chunk.points,
    rejected: chunk.rejected,
    rejected_by: JSON.stringify(chunk.rejectedBy),
    sha256: chunk.sha256 ?? null,
  };
}

const COLUMNS = ['chunk', 'first_id', 'end_id', 'points', 'rejected', 'rejected_by', 'sha256'] as const;

/** Inserts one line; its parameters are a `ChunkLine`. */
export const INSERT_LINE = `INSERT INTO chunks (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((name) => `$${name}`).join(', ')})`;

const REJECTED = "(SELECT coalesce(sum(json_extract(rejected_by, '$[' || position || ']')), 0) FROM chunks)";

/** Counts how many points each constraint rejects by itself. */
export const RECOUNT_REJECTED = `UPDATE constraints SET rejected = ${REJECTED}`;

/** Whether the counts of constraints are those of the lines. */
export function areRejectedCounted(db: Database.Database): boolean {
  return db.prepare(`SELECT 1 FROM constraints WHERE rejected IS NOT ${REJECTED}`).get() === undefined;
}

/** The lines, by chunk. */
export function readLines(db: Database.Database): ChunkLine[] {
  return db.prepare(`SELECT ${COLUMNS.join(', ')} FROM chunks ORDER BY chunk`).all() as ChunkLine[];
}

/** The chunks that a line may be of: those of a study, or of a shard. */
export interface ChunkBounds {
  gridSize: number;
  chunkPoints: number;
  chunks: Range;
}

/** Whether a line is about one of the chunks, with its ids, and its points add up. */
export function isLineSound(line: ChunkLine, { gridSize, chunkPoints, chunks }: ChunkBounds): boolean {
  const { from, to } = chunkRange(line.chunk, gridSize, chunkPoints);
  const isInside = line.chunk >= chunks.from && line.chunk < chunks.to;
  const isSum = line.points + line.rejected === to - from && /^\[(\d+(,\d+)*)?\]$/.test(line.rejected_by);
  return isInside && line.first_id === from && line.end_id === to && isSum;
}

/** Adds a number above those of some ranges, which ascend and do not touch. */
export function addNumber(ranges: Range[], n: number): void {
  const last = ranges.at(-1);
  if (last?.to === n) last.to++;
  else ranges.push({ from: n, to: n + 1 });
}

/** The whole numbers of a range that are in none of some ranges within it. */
export function* numbersOutside(ranges: readonly Range[], { from, to }: Range): Generator<number> {
  let next = from;
  for (const range of [...ranges, { from: to, to }]) {
    while (next < range.from) yield next++;
    next = range.to;
  }
}
