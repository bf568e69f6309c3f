/** Verifies a stored study: its files are sound, agree with each other, and hold what the model gives. */
import type Database from 'better-sqlite3';
import { WorkloadFronts } from '../../analysis/workload-fronts.js';
import { modelOf } from '../../model/models.js';
import { showNumber } from '../../model/units.js';
import { columnsOf } from '../../space/columns.js';
import { gridOf, type Study } from '../../space/study.js';
import { BatchEncoder, sha256Of } from '../arrow/batch-encoder.js';
import { readBatchFile } from '../arrow/batch-files.js';
import { readMessages } from '../arrow/read-batches.js';
import { areRejectedCounted, isLineSound, readLines } from '../database/chunk-table.js';
import { descriptionProblems, readFact } from '../database/describe-study.js';
import { openReader } from '../database/open-database.js';
import { integrityProblems, missingItems } from '../database/schema.js';
import { isSqliteError } from '../database/sqlite-errors.js';
import { frontProblems } from '../database/stored-front.js';
import { pointReader, readPointBatches } from '../database/study-database.js';
import { hashOf } from '../folder/identity.js';
import { lockIfPossible } from '../folder/lock.js';
import { chunksOf, readManifest, type Manifest } from '../folder/manifest.js';
import { studyFiles } from '../folder/study-files.js';
import { checkSample } from './check-sample.js';
import type { Check } from './check.js';
import type { CheckedStudy } from './checked-study.js';

/** What mends a problem. */
const RUN = 'run mends it';
const FRESH = 'run --fresh makes all of it again';
const POINTS = 'delete points.arrow and run';
const ROWS = 'delete them from evaluated and run';

/** Problems that a check lists; the others are counted. */
const MAX_PROBLEMS = 8;

/**
 * Checks a study, one thing after the other. Throws an input error if the folder holds none, or a run is at work in it.
 *
 * @param onChunk called for each chunk that is checked, with the number of chunks
 */
export function* checkStudy(folder: string, onChunk: (chunk: number, chunks: number) => void): Generator<Check> {
  const files = studyFiles(folder);
  const unlock = lockIfPossible(folder);
  let db: Database.Database | undefined;
  try {
    const manifest = readManifest(folder);
    db = openReader(files.database);
    yield checkSqlite(db, manifest.study);
    const identity = checkIdentity(manifest, db);
    yield limited(identity);
    // The other checks read what is missing or wrong then.
    if (identity.problems.length > 0) return;
    const lines = readLines(db);
    const { study, shard } = manifest;
    const isFinished = manifest.finished !== null;
    const chunks = chunksOf(manifest);
    const checked = { folder, manifest, study, db, isFinished, hasPointsFile: isFinished && !shard, chunks, lines };
    yield limited(checkLines(checked));
    yield limited(study.store === 'all' ? checkChunks(checked, onChunk) : checkFront(checked));
    yield limited(checkSample(checked));
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    yield { name: 'study.db', verified: 'could not be read to its end', problems: [(error as Error).message] };
  } finally {
    db?.close();
    unlock();
  }
}

function checkSqlite(db: Database.Database, study: Study): Check {
  const problems = integrityProblems(db, study, 'integrity_check').map((problem) => `${problem}; ${FRESH}`);
  return limited({ name: 'study.db', verified: 'SQLite integrity_check', problems });
}

function checkIdentity(manifest: Manifest, db: Database.Database): Check {
  const isOfVersion = manifest.model_version === modelOf(manifest.study.model).version;
  const problems = isOfVersion ? descriptionProblems(db, manifest).map((problem) => `${problem}; ${RUN}`) : [];
  if (hashOf(manifest) !== manifest.hash)
    problems.push(`study.json: its hash is not that of the study in it; ${FRESH}`);
  const isMissing = missingItems(db, manifest.study).some(({ name }) => name === 'study');
  const hash = isMissing ? undefined : readFact(db, 'hash');
  if (hash !== undefined && hash !== manifest.hash)
    problems.unshift(`study.db is of another study than study.json; ${RUN}`);
  return { name: 'identity', verified: `hash ${manifest.hash.slice(0, 12)} of study.json and study.db`, problems };
}

function checkLines({ manifest, study, db, isFinished, chunks, lines }: CheckedStudy): Check {
  const bounds = { gridSize: gridOf(study).size, chunkPoints: manifest.chunk_points, chunks };
  const count = chunks.to - chunks.from;
  const problems = lines
    .filter((line) => !isLineSound(line, bounds))
    .map(({ chunk }) => `chunk ${chunk}: its line of chunks is damaged; ${RUN}`);
  if (isFinished && lines.length !== count)
    problems.push(`${showNumber(count - lines.length)} of ${showNumber(count)} chunks are missing; ${RUN}`);
  const points = lines.reduce((sum, line) => sum + line.points, 0);
  const rows = db.prepare('SELECT count(*) FROM evaluated').pluck().get() as number;
  if (study.store === 'all' && rows !== points)
    problems.push(`points has ${showNumber(rows)} rows, chunks has ${showNumber(points)}; ${RUN}`);
  if (isFinished && !areRejectedCounted(db)) problems.push(`constraints has other counts than chunks; ${RUN}`);
  const state = isFinished ? 'finished' : `unfinished, ${showNumber(lines.length)} of ${showNumber(count)} chunks`;
  return { name: 'chunks', verified: `${showNumber(lines.length)} lines (${state})`, problems };
}

/** Every chunk's record batch against its SHA-256, and its rows in SQLite, encoded again, against the same one. */
function checkChunks(checked: CheckedStudy, onChunk: (chunk: number, chunks: number) => void): Check {
  const { folder, study, db, hasPointsFile, lines } = checked;
  const { points: file, chunks } = studyFiles(folder);
  const problems: string[] = [];
  const readPoints = pointReader(db, study);
  const encoder = new BatchEncoder(columnsOf(study));
  const inFile = hasPointsFile ? messagesOf(file, problems) : undefined;
  let rows = 0;
  lines.forEach(({ chunk, first_id, end_id, points, sha256 }, i) => {
    onChunk(i, lines.length);
    if (sha256 === null) return;
    const where = `chunk ${chunk} (ids ${showNumber(first_id)} to ${showNumber(end_id - 1)})`;
    const message = inFile ? inFile() : readBatchFile(chunks, chunk, sha256);
    if (message === undefined || sha256Of(message) !== sha256)
      problems.push(
        `${where}: ${hasPointsFile ? 'points.arrow' : 'its record batch'} is not what was written; ${hasPointsFile ? POINTS : RUN}`,
      );
    const batch = readPoints(first_id, end_id);
    if (batch.rows !== points)
      problems.push(`${where}: it has ${showNumber(batch.rows)} rows instead of ${showNumber(points)}; ${RUN}`);
    else if (sha256Of(encoder.encode(batch)) !== sha256)
      problems.push(`${where}: the rows in study.db are not what was written; ${ROWS}`);
    rows += points;
  });
  if (inFile?.()) problems.push(`points.arrow has more record batches than chunks has lines; ${POINTS}`);
  const files = inFile ? 'points.arrow' : 'their record batches';
  return {
    name: 'rows',
    verified: `${showNumber(rows)} rows of ${showNumber(lines.length)} chunks, SHA-256 of ${files} and of study.db`,
    problems,
  };
}

/** The messages of a file's record batches, one a call; undefined behind the last, or where the file is damaged. */
function messagesOf(file: string, problems: string[]): () => Buffer | undefined {
  const messages = readMessages(file);
  return () => {
    try {
      const next = messages.next();
      return next.done ? undefined : next.value;
    } catch (error) {
      problems.push(`points.arrow: ${(error as Error).message}; ${POINTS}`);
      return undefined;
    }
  };
}

/** The stored front: its rows are all there, none dominates another, and points.arrow holds the same ones. */
function checkFront({ folder, manifest, study, db, hasPointsFile }: CheckedStudy): Check {
  const problems = frontProblems(db, study).map((problem) => `${problem}; ${RUN}`);
  const columns = columnsOf(study);
  const encoder = new BatchEncoder(columns);
  const inFile = hasPointsFile ? messagesOf(studyFiles(folder).points, problems) : undefined;
  const fronts = new WorkloadFronts(study, study.objectives);
  const positions = study.objectives.map(({ metric }) => columns.findIndex(({ name }) => name === metric));
  let rows = 0;
  for (const batch of readPointBatches(db, study, manifest.chunk_points)) {
    rows += batch.rows;
    if (inFile && !inFile()?.equals(encoder.encode(batch)))
      problems.push(`points.arrow differs from study.db in the rows up to ${showNumber(rows)}; ${FRESH}`);
    const values = positions.map((column) => batch.columns[column] as Float64Array);
    fronts.add({ ids: batch.columns[0] as Float64Array, values });
  }
  const onFront = fronts.size;
  if (onFront !== rows) problems.push(`${showNumber(rows - onFront)} stored points are dominated by others; ${FRESH}`);
  return {
    name: 'front',
    verified: `${showNumber(rows)} points${inFile ? ', study.db against points.arrow' : ''}`,
    problems,
  };
}

function limited({ problems, ...check }: Check): Check {
  const more = problems.length - MAX_PROBLEMS;
  return {
    ...check,
    problems: more > 0 ? [...problems.slice(0, MAX_PROBLEMS), `and ${showNumber(more)} more`] : problems,
  };
}
