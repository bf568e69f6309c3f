/** Verifies a stored study: that its files hold together, agree with each other, and hold what the model says. */
import type Database from 'better-sqlite3';
import { WorkloadFronts } from '../analysis/workload-fronts.js';
import { readPart } from '../arrow/part-files.js';
import { PartEncoder, sha256Of } from '../arrow/part.js';
import { readParts } from '../arrow/points-file.js';
import { pointsOfChunks, type Range } from '../engine/chunks.js';
import { MODELS } from '../model/evaluate.js';
import { METRICS, type Metric } from '../model/metrics.js';
import { reasonCells, REASONS, type Reason } from '../model/reasons.js';
import { showNumber } from '../model/units.js';
import { columnsOf } from '../space/columns.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import { gridOf, type Study } from '../space/study.js';
import { openDatabase } from './database.js';
import { readFact } from './describe-study.js';
import { frontProblems } from './front-digest.js';
import { hashOf } from './identity.js';
import { isSound, type LedgerLine } from './ledger.js';
import { lockIfPossible } from './lock.js';
import { chunksOf, readManifest, type Manifest } from './manifest.js';
import { readBatches, rowReader } from './read-rows.js';
import type { PointRow } from './results.js';
import { isSqliteError } from './sqlite-errors.js';
import { studyFiles } from './study-files.js';

/** One thing that was looked at. */
export interface Check {
  name: string;
  /** What was verified, in words and numbers. */
  verified: string;
  /** What is wrong; none where all is well. */
  problems: string[];
}

/** Problems told of one check; the rest is counted. */
const MAX_PROBLEMS = 8;

/** Points that are evaluated anew, and how far their figures may be from the stored ones, relatively. */
const SAMPLED_POINTS = 64;
const TOLERANCE = 1e-9;

/** What the checks are made of. */
interface Stored {
  folder: string;
  manifest: Manifest;
  study: Study;
  db: Database.Database;
  isFinished: boolean;
  /** Whether record batches lie in `points.arrow`; otherwise they are parts. */
  hasPointsFile: boolean;
  /** The chunks that the folder is for. */
  chunks: Range;
  lines: LedgerLine[];
}

/**
 * Checks a study, one thing after the other. Throws an input error if the folder holds none, or a run is at work in it.
 *
 * @param onChunk told of each chunk that is looked at, and of how many there are
 */
export function* checkStudy(folder: string, onChunk: (chunk: number, chunks: number) => void): Generator<Check> {
  const files = studyFiles(folder);
  const unlock = lockIfPossible(folder);
  let db: Database.Database | undefined;
  try {
    const manifest = readManifest(folder);
    db = openDatabase(files.database, { readonly: true, fileMustExist: true });
    yield checkSqlite(db);
    const lines = db.prepare('SELECT * FROM chunks ORDER BY chunk').all() as LedgerLine[];
    const { study, shard } = manifest;
    const isFinished = manifest.finished !== null;
    const chunks = chunksOf(manifest);
    const hasPointsFile = isFinished && !shard;
    const stored: Stored = { folder, manifest, study, db, isFinished, hasPointsFile, chunks, lines };
    yield checkIdentity(stored);
    yield checkLedger(stored);
    yield study.store === 'all' ? checkChunks(stored, onChunk) : checkFront(stored);
    yield checkSample(stored);
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    yield { name: 'study.db', verified: 'could not be read to its end', problems: [(error as Error).message] };
  } finally {
    db?.close();
    unlock();
  }
}

function checkSqlite(db: Database.Database): Check {
  const answers = (db.pragma('integrity_check') as { integrity_check: string }[]).map((row) => row.integrity_check);
  return {
    name: 'study.db',
    verified: 'SQLite integrity_check',
    problems: limited(answers.filter((answer) => answer !== 'ok')),
  };
}

function checkIdentity({ manifest, db }: Stored): Check {
  const problems: string[] = [];
  if (hashOf(manifest) !== manifest.hash) problems.push('study.json: its hash is not that of the study in it');
  if (readFact(db, 'hash') !== manifest.hash) problems.push('study.db is of another study than study.json');
  return { name: 'identity', verified: `hash ${manifest.hash.slice(0, 12)} of study.json and study.db`, problems };
}

function checkLedger({ manifest, study, db, isFinished, chunks: { from, to }, lines }: Stored): Check {
  const { size } = gridOf(study);
  const chunks = to - from;
  const isOfFolder = ({ chunk }: LedgerLine) => chunk >= from && chunk < to;
  const problems = lines
    .filter((line) => !isSound(line, size, manifest.chunk_points) || !isOfFolder(line))
    .map(({ chunk }) => `chunk ${chunk}: its line of the ledger is damaged`);
  if (isFinished && lines.length !== chunks)
    problems.push(`${showNumber(chunks - lines.length)} of ${showNumber(chunks)} chunks are missing`);
  for (const { points, rejected, first_id, end_id, chunk } of lines)
    if (points + rejected !== end_id - first_id) problems.push(`chunk ${chunk}: its points do not add up`);
  const points = lines.reduce((sum, line) => sum + line.points, 0);
  const rows = db.prepare('SELECT count(*) FROM points').pluck().get() as number;
  if (study.store === 'all' && rows !== points)
    problems.push(`points has ${showNumber(rows)} rows, the ledger says ${showNumber(points)}`);
  db.prepare('SELECT position, rejected FROM constraints')
    .all()
    .forEach((row) => {
      const { position, rejected } = row as { position: number; rejected: number };
      const sum = lines.reduce((all, line) => all + (JSON.parse(line.rejected_by) as number[])[position]!, 0);
      if (sum !== rejected) problems.push(`constraint ${position}: rejected ${rejected}, the ledger says ${sum}`);
    });
  const state = isFinished ? 'finished' : `unfinished, ${showNumber(lines.length)} of ${showNumber(chunks)} chunks`;
  return { name: 'ledger', verified: `${showNumber(lines.length)} lines (${state})`, problems: limited(problems) };
}

/** Every chunk's record batch against its checksum, and its rows in SQLite, encoded anew, against the same one. */
function checkChunks(stored: Stored, onChunk: (chunk: number, chunks: number) => void): Check {
  const { folder, study, db, hasPointsFile, lines } = stored;
  const { points: file, parts } = studyFiles(folder);
  const problems: string[] = [];
  const readRows = rowReader(db, columnsOf(study));
  const encoder = new PartEncoder(columnsOf(study));
  const inFile = hasPointsFile ? partsOf(file, problems) : undefined;
  let rows = 0;
  lines.forEach(({ chunk, first_id, end_id, points, sha256 }, i) => {
    onChunk(i, lines.length);
    if (sha256 === null) return;
    const where = `chunk ${chunk} (ids ${showNumber(first_id)} to ${showNumber(end_id - 1)})`;
    const part = inFile ? inFile.next() : readPart(parts, chunk, sha256);
    if (part === undefined || sha256Of(part) !== sha256)
      problems.push(`${where}: ${hasPointsFile ? 'points.arrow' : 'its part'} is not what was written`);
    if (sha256Of(encoder.encode(readRows(first_id, end_id))) !== sha256)
      problems.push(`${where}: the rows in study.db are not what was written`);
    rows += points;
  });
  if (inFile?.next()) problems.push('points.arrow has more record batches than the ledger has chunks');
  return {
    name: 'chunks',
    verified: `${showNumber(rows)} rows of ${showNumber(lines.length)} chunks, SHA-256 of ${inFile ? 'points.arrow' : 'their parts'} and of study.db`,
    problems: limited(problems),
  };
}

/** The record batches of a file, one a call; undefined after the last, or where the file cannot be read on. */
function partsOf(file: string, problems: string[]): { next: () => Buffer | undefined } {
  const parts = readParts(file);
  return {
    next() {
      try {
        const next = parts.next();
        return next.done ? undefined : next.value;
      } catch (error) {
        problems.push(`points.arrow: ${(error as Error).message}`);
        return undefined;
      }
    },
  };
}

/** The stored front: that its rows are those written, that none dominates another, and that points.arrow holds the same ones. */
function checkFront({ folder, manifest, study, db, hasPointsFile }: Stored): Check {
  const problems = frontProblems(db, study);
  const columns = columnsOf(study);
  const encoder = new PartEncoder(columns);
  const inFile = hasPointsFile ? partsOf(studyFiles(folder).points, problems) : undefined;
  const fronts = new WorkloadFronts(study, study.objectives);
  const positions = study.objectives.map(({ metric }) => columns.findIndex(({ name }) => name === metric));
  let rows = 0;
  for (const batch of readBatches(db, columns, manifest.chunk_points)) {
    rows += batch.rows;
    if (inFile && !inFile.next()?.equals(encoder.encode(batch)))
      problems.push(`points.arrow differs from study.db in the rows up to ${showNumber(rows)}`);
    const values = positions.map((column) => batch.columns[column] as Float64Array);
    fronts.add({ ids: batch.columns[0] as Float64Array, values });
  }
  const onFront = fronts.size;
  if (onFront !== rows) problems.push(`${showNumber(rows - onFront)} stored points are dominated by others`);
  return {
    name: 'front',
    verified: `${showNumber(rows)} points${inFile ? ', study.db against points.arrow' : ''}`,
    problems: limited(problems),
  };
}

/** Points spread over the study, evaluated by the plain path. */
function checkSample({ manifest, study, db, chunks }: Stored): Check {
  const { version } = MODELS[study.model];
  if (manifest.model_version !== version)
    return {
      name: 'model',
      verified: `nothing: stored by version ${manifest.model_version} of ${study.model}, this program has ${version}`,
      problems: [],
    };
  const evaluator = new PointEvaluator(study);
  const { chunk_points: chunkPoints } = manifest;
  const points = pointsOfChunks(chunks, gridOf(study).size, chunkPoints);
  const atOrAfter = db.prepare('SELECT * FROM points WHERE id >= ? ORDER BY id LIMIT 1');
  const seen = new Set<number>();
  const problems: string[] = [];
  for (let i = 0; i < SAMPLED_POINTS; i++) {
    const row = atOrAfter.get(chunks.from * chunkPoints + Math.floor((i / SAMPLED_POINTS) * points)) as
      PointRow | undefined;
    if (!row || seen.has(row.id)) continue;
    seen.add(row.id);
    const result = evaluator.evaluateId(row.id);
    const wrong =
      'infeasible' in result
        ? ['infeasible'].filter(() => row['infeasible'] !== result.infeasible)
        : [
            ...METRICS.filter((metric) => !agrees(metric, row[metric.name], metric.of(result))),
            ...(study.reasons === 'all' ? differingReasons(evaluator, row) : []),
          ].map(({ name }) => name);
    if (wrong.length > 0) problems.push(`point ${row.id}: ${wrong.join(', ')} differ from what the model gives`);
  }
  return {
    name: 'model',
    verified: `${showNumber(seen.size)} points evaluated anew, within ${TOLERANCE}`,
    problems: limited(problems),
  };
}

/** The reasons of a point that are not stored as the model gives them. */
function differingReasons(evaluator: PointEvaluator, row: PointRow): Reason[] {
  const reasons = evaluator.reasonsOfId(row.id);
  if ('infeasible' in reasons) return [];
  const cells = reasonCells(reasons);
  return REASONS.filter(({ name }) => {
    const [stored, evaluated] = [row[name], cells[name]!];
    return typeof stored === 'number' && typeof evaluated === 'number'
      ? Math.abs(stored - evaluated) > TOLERANCE * Math.max(1, Math.abs(evaluated))
      : stored !== evaluated;
  });
}

function agrees(metric: Metric, stored: PointRow[string] | undefined, evaluated: number | string): boolean {
  if (metric.type === 'text') return stored === evaluated;
  if (Number.isNaN(evaluated)) return stored === null; // a speedup over a baseline that cannot run
  return typeof stored === 'number' && Math.abs(stored - Number(evaluated)) <= TOLERANCE * Math.abs(Number(evaluated));
}

function limited(problems: readonly string[]): string[] {
  const more = problems.length - MAX_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MAX_PROBLEMS), `and ${showNumber(more)} more`] : [...problems];
}
