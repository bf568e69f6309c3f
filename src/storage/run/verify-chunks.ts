/** What of an earlier run's results is still valid: the table `chunks` against the rows and the record batches. */
import { mkdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { chunkRange, type Range } from '../../engine/chunks.js';
import { showNumber } from '../../model/units.js';
import { columnsOf } from '../../space/columns.js';
import { gridOf } from '../../space/study.js';
import { BatchEncoder, sha256Of } from '../arrow/batch-encoder.js';
import { writeBatchFile } from '../arrow/batch-files.js';
import { StoredMessages } from '../arrow/stored-messages.js';
import { addNumber, isLineSound, numbersOutside, readLines, type ChunkLine } from '../database/chunk-table.js';
import { frontProblems } from '../database/stored-front.js';
import { pointReader, rowCounter } from '../database/study-database.js';
import { withStorageErrors } from '../folder/storage-error.js';
import { studyFiles } from '../folder/study-files.js';
import type { StoredStudy } from './stored-study.js';

/** The chunks that are stored and valid, and notes about those that are evaluated again. */
export interface Verified {
  done: Range[];
  notes: string[];
}

/**
 * Checks every line of `chunks`; invalid chunks are removed, to be evaluated again. Yields to other events; undefined if the
 * signal came first.
 *
 * @param onCheck called for each line, with the number of lines
 */
export async function verifyChunks(
  stored: StoredStudy,
  signal: AbortSignal | undefined,
  onCheck: (line: number, lines: number) => void,
): Promise<Verified | undefined> {
  const { study, database } = stored;
  const bounds = { ...stored, gridSize: gridOf(study).size };
  const check = study.store === 'all' ? chunkCheck(stored) : () => undefined;
  const lines = readLines(database.db);
  const done: Range[] = [];
  const invalid: { line: ChunkLine; problem: string }[] = [];
  for (const [i, line] of lines.entries()) {
    onCheck(i, lines.length);
    const problem = isLineSound(line, bounds) ? check(line) : 'its line of chunks is damaged';
    if (problem === undefined) addNumber(done, line.chunk);
    else invalid.push({ line, problem });
    await setImmediate();
    if (signal?.aborted) return undefined;
  }
  if (study.store === 'front') return withStorageErrors(stored.folder, () => verifiedFront(stored, done, invalid));
  const notes = invalid.map(({ line, problem }) => {
    const { from, to } = chunkRange(line.chunk, bounds.gridSize, stored.chunkPoints);
    withStorageErrors(stored.folder, () => database.removeChunk(line.chunk, { from, to }));
    return `chunk ${line.chunk} (ids ${showNumber(from)} to ${showNumber(to - 1)}): ${problem}; it is evaluated again`;
  });
  removeLooseRows(stored, done);
  return { done, notes };
}

/** A front is of all its chunks: where one of them is invalid, or rows are missing, everything is evaluated again. */
function verifiedFront(
  { study, database }: StoredStudy,
  done: Range[],
  invalid: readonly { line: ChunkLine; problem: string }[],
): Verified {
  const [problem] = [
    ...invalid.map(({ line, problem }) => `chunk ${line.chunk}: ${problem}`),
    ...frontProblems(database.db, study),
  ];
  if (problem === undefined) return { done, notes: [] };
  database.removeAll();
  return { done: [], notes: [`${problem}; everything is evaluated again`] };
}

/** Removes rows of chunks that have no line, and rows that no chunk can have. */
function removeLooseRows({ folder, study, database, chunkPoints, chunks }: StoredStudy, done: Range[]): void {
  if (database.rows === database.counts.points) return;
  const { size } = gridOf(study);
  const countRows = rowCounter(database.db);
  const remove = (chunk: number, range: Range) => {
    if (countRows(range.from, range.to) > 0) withStorageErrors(folder, () => database.removeChunk(chunk, range));
  };
  for (const chunk of numbersOutside(done, chunks)) remove(chunk, chunkRange(chunk, size, chunkPoints));
  const ids = { from: chunks.from * chunkPoints, to: Math.min(chunks.to * chunkPoints, size) };
  withStorageErrors(folder, () => database.removeOutside(ids));
}

/** A check of a chunk's rows and record batch. A lost record batch is written again from the rows, if they are unchanged. */
function chunkCheck({ folder, study, database }: StoredStudy): (line: ChunkLine) => string | undefined {
  const { chunks, points } = studyFiles(folder);
  const messages = new StoredMessages(chunks, points);
  const countRows = rowCounter(database.db);
  const readPoints = pointReader(database.db, study);
  const encoder = new BatchEncoder(columnsOf(study));
  return ({ chunk, first_id, end_id, points, sha256 }) => {
    if (countRows(first_id, end_id) !== points) return 'rows of it are missing';
    if (sha256 === null) return points === 0 ? undefined : 'its line of chunks names no record batch';
    if (messages.read(chunk, sha256)) return undefined;
    const message = encoder.encode(readPoints(first_id, end_id));
    if (sha256Of(message) !== sha256) return 'its record batch is missing or damaged, and its rows have changed';
    mkdirSync(chunks, { recursive: true });
    withStorageErrors(folder, () => writeBatchFile(chunks, chunk, message));
    return undefined;
  };
}
