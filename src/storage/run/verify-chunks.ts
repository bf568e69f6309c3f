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
import { addNumber, isLineSound, readLines, type ChunkBounds, type ChunkLine } from '../database/chunk-table.js';
import { frontProblems } from '../database/stored-front.js';
import { pointReader, rowCounter } from '../database/study-database.js';
import { withStorageErrors } from '../folder/storage-error.js';
import { studyFiles } from '../folder/study-files.js';
import type { StoredStudy } from './stored-study.js';

/** The chunks that are stored and valid, and notes about those that are to be made again. */
export interface Verified {
  done: Range[];
  notes: string[];
}

/**
 * Checks every line of `chunks`, and makes lost record batches again from their rows. Yields to other events; undefined if the signal
 * came first.
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
  const problems: string[] = [];
  for (const [i, line] of lines.entries()) {
    onCheck(i, lines.length);
    const problem = isLineSound(line, bounds) ? check(line) : 'its line of chunks is damaged';
    if (problem === undefined) addNumber(done, line.chunk);
    else problems.push(`${showChunk(line.chunk, bounds)}: ${problem}`);
    await setImmediate();
    if (signal?.aborted) return undefined;
  }
  if (study.store === 'all') return { done, notes: problems.map((problem) => `${problem}; it is made again`) };
  // A front is of all its chunks: where one of them is invalid, or rows are missing, all of it is made again.
  const [problem] = [...problems, ...frontProblems(database.db, study)];
  return problem === undefined ? { done, notes: [] } : { done: [], notes: [`${problem}; everything is made again`] };
}

function showChunk(chunk: number, { gridSize, chunkPoints }: ChunkBounds): string {
  const { from, to } = chunkRange(chunk, gridSize, chunkPoints);
  return `chunk ${chunk} (ids ${showNumber(from)} to ${showNumber(to - 1)})`;
}

/** A check of a chunk's rows and record batch. A lost record batch is written again from the rows, if they are unchanged. */
function chunkCheck({ folder, study, database }: StoredStudy): (line: ChunkLine) => string | undefined {
  const { chunks, points } = studyFiles(folder);
  const messages = new StoredMessages(chunks, points);
  const countRows = rowCounter(database.db);
  const readPoints = pointReader(database.db, study);
  const encoder = new BatchEncoder(columnsOf(study));
  return ({ chunk, first_id, end_id, points, sha256 }) => {
    const rows = countRows(first_id, end_id);
    if (rows !== points) return `it has ${showNumber(rows)} rows instead of ${showNumber(points)}`;
    if (sha256 === null) return points === 0 ? undefined : 'its line of chunks names no record batch';
    if (messages.read(chunk, sha256)) return undefined;
    const message = encoder.encode(readPoints(first_id, end_id));
    if (sha256Of(message) !== sha256) return 'its record batch is missing or damaged, and its rows have changed';
    mkdirSync(chunks, { recursive: true });
    withStorageErrors(folder, () => writeBatchFile(chunks, chunk, message));
    return undefined;
  };
}
