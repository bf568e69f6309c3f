/** What of an earlier run's results can be believed: the ledger against the rows and the parts. */
import { mkdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { readPart, writePart } from '../arrow/part-files.js';
import { PartEncoder, sha256Of } from '../arrow/part.js';
import { chunkRange, type Range } from '../engine/chunks.js';
import { showNumber } from '../model/units.js';
import { columnsOf } from '../space/columns.js';
import { gridOf, type Study } from '../space/study.js';
import { tellingOfFullDisk } from './full-disk.js';
import { addNumber, isSound, numbersOutside, type LedgerLine, type Stretches } from './ledger.js';
import type { StudyDatabase } from './study-database.js';
import { studyFiles } from './study-files.js';

/** Why a database that SQLite can read is not to be believed. */
export class Damage extends Error {}

/** A study as an earlier run has left it. */
export interface Left {
  folder: string;
  study: Study;
  database: StudyDatabase;
  chunkPoints: number;
  /** The chunks that the run was about. */
  chunks: Range;
}

/** Chunks that can be believed, and what is done about the others. */
export interface Believed {
  done: Stretches;
  notes: string[];
}

/**
 * Goes through the ledger: chunks that cannot be believed are forgotten, to be evaluated again. Gives way to other events;
 * undefined if the signal came first. Throws `Damage` where no chunk can be forgotten alone.
 *
 * @param onCheck told of each chunk that is checked, and of how many there are
 */
export async function believeLedger(
  left: Left,
  signal: AbortSignal | undefined,
  onCheck: (chunk: number, chunks: number) => void,
): Promise<Believed | undefined> {
  const { study, database, chunkPoints, chunks } = left;
  const { size } = gridOf(study);
  const isAll = study.store === 'all';
  const check = isAll ? chunkChecker(left) : () => undefined;
  const lines = database.counts.chunks;
  const done: Stretches = [];
  const bad: { chunk: number; wrong: string }[] = [];
  const isOfRun = ({ chunk }: LedgerLine) => chunk >= chunks.from && chunk < chunks.to;
  let checked = 0;
  for (const line of database.ledger()) {
    onCheck(checked++, lines);
    const wrong = isSound(line, size, chunkPoints) && isOfRun(line) ? check(line) : 'its line of the ledger is damaged';
    if (wrong === undefined) addNumber(done, line.chunk);
    else if (isAll) bad.push({ chunk: line.chunk, wrong });
    else throw new Damage(`chunk ${line.chunk}: ${wrong}`);
    await setImmediate();
    if (signal?.aborted) return undefined;
  }
  const [problem] = isAll ? [] : database.frontProblems();
  if (problem !== undefined) throw new Damage(problem);
  // Not before: SQLite writes nothing while the ledger is being read.
  const notes = bad.map(({ chunk, wrong }) => forget(left, chunk, wrong));
  if (isAll) forgetLooseRows(left, done);
  return { done, notes };
}

function forget({ folder, study, database, chunkPoints }: Left, chunk: number, wrong: string): string {
  const { from, to } = chunkRange(chunk, gridOf(study).size, chunkPoints);
  tellingOfFullDisk(folder, () => database.forget(chunk, { from, to }));
  return `chunk ${chunk} (ids ${showNumber(from)} to ${showNumber(to - 1)}): ${wrong}; it is evaluated again`;
}

/** Removes rows of chunks that the ledger does not know. */
function forgetLooseRows({ folder, study, database, chunkPoints, chunks }: Left, done: Stretches): void {
  const { size } = gridOf(study);
  const countRows = database.rowCounter();
  if (countRows(0, size) === database.counts.points) return;
  for (const chunk of numbersOutside(done, chunks)) {
    const range = chunkRange(chunk, size, chunkPoints);
    if (countRows(range.from, range.to) > 0) tellingOfFullDisk(folder, () => database.forget(chunk, range));
  }
}

/** What is wrong with a chunk's rows or part; a part that is lost is written again from the rows where those are as they were. */
function chunkChecker({ folder, study, database }: Left): (line: LedgerLine) => string | undefined {
  const { parts } = studyFiles(folder);
  const readRows = database.rowReader();
  const countRows = database.rowCounter();
  const encoder = new PartEncoder(columnsOf(study));
  return ({ chunk, first_id, end_id, points, sha256 }) => {
    if (countRows(first_id, end_id) !== points) return 'rows of it are missing';
    if (sha256 === null) return points === 0 ? undefined : 'its line of the ledger names no part';
    if (readPart(parts, chunk, sha256)) return undefined;
    const part = encoder.encode(readRows(first_id, end_id));
    if (sha256Of(part) !== sha256) return `its part of points.arrow is missing or damaged`;
    mkdirSync(parts, { recursive: true });
    tellingOfFullDisk(folder, () => writePart(parts, chunk, part));
    return undefined;
  };
}
