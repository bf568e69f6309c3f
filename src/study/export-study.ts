/** Writes the stored points of a study as a file for other programs. */
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DeltaSweepError, inputError, runError } from '../errors.js';
import { columnsOf, type Column } from '../space/columns.js';
import { BatchEncoder } from '../storage/arrow/batch-encoder.js';
import { PointsFile } from '../storage/arrow/points-file.js';
import { readMessages } from '../storage/arrow/read-batches.js';
import { openRowsFile } from '../storage/export/open-rows-file.js';
import type { RowsFile } from '../storage/export/rows-file.js';
import { checkFree, targetOf, type Target } from '../storage/export/target.js';
import { unitsTable } from '../storage/export/text-formats.js';
import { writeError } from '../storage/export/write-error.js';
import { writeDurably } from '../storage/folder/durable.js';
import { readManifest } from '../storage/folder/manifest.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { StoredPoints } from '../storage/read/stored-points.js';
import { countIn, pause, type StudyOptions } from './options.js';

export interface ExportOptions extends StudyOptions {
  /** FILE.arrow, .parquet, .csv or .ndjson; DIR/ for Parquet with a folder a network. */
  to: string;
  /** A condition in SQL on the columns of `points`; default: all points. */
  where?: string | undefined;
  /** Replaces a file that exists; default: an input error. */
  force?: boolean | undefined;
  /** Writes a table of the units too, beside a format that has no place for them. */
  units?: boolean | undefined;
}

/** Points and columns that were written. */
export interface ExportResult {
  rows: number;
  columns: number;
}

/** Writes the stored points of a study to a file or folder. Whatever fails or stops it, nothing is left of the file. */
export async function exportStudy(folder: string, options: ExportOptions): Promise<ExportResult> {
  const { to, where, force = false, units = false, onNote } = options;
  const target = targetOf(to);
  const unitsTarget = units ? unitsTargetOf(target) : undefined;
  for (const wanted of [target, ...(unitsTarget ? [unitsTarget] : [])]) {
    checkFree(wanted, force);
    checkNoStudy(wanted.path);
  }
  const { study, hash, finished } = readManifest(folder);
  const { database, points: arrow } = studyFiles(folder);
  const columns = columnsOf(study);
  if (finished === null) onNote?.('note: the run of this study has not finished; these are the points stored so far');
  if (study.store === 'front') onNote?.('note: this study keeps its front alone; these are the designs on it');
  const points = new StoredPoints(database, columns, where);
  try {
    const isWhole = where === undefined && finished !== null && existsSync(arrow);
    const count = countIn('points', options);
    const step: Step = async (done) => {
      count(done, points.count);
      await pause(options, 'interrupted; nothing was exported');
    };
    const rows = await writeWhole(
      target.path,
      () => openRowsFile(target, columns, { study: study.name, hash }),
      (file) =>
        isWhole && file instanceof PointsFile
          ? copyBatches(arrow, file, points, columns, step)
          : addRows(points, file, step),
    );
    if (unitsTarget) writeDurably(unitsTarget.path, unitsTable(columns));
    return { rows, columns: columns.length };
  } finally {
    points.close();
  }
}

/** Called between pieces of work, with the points that are done; throws where the work is to stop. */
type Step = (done: number) => Promise<void>;

/** Opens, fills and finishes a file; removes it where that fails, or where the process exits first. */
async function writeWhole(
  path: string,
  open: () => Promise<RowsFile>,
  fill: (file: RowsFile) => Promise<number>,
): Promise<number> {
  let file: RowsFile | undefined;
  const abandon = () => file?.abandon();
  process.on('exit', abandon);
  try {
    file = await open();
    const rows = await fill(file);
    await file.finish();
    return rows;
  } catch (error) {
    abandon();
    throw writeError(path, error);
  } finally {
    process.off('exit', abandon);
  }
}

async function addRows(points: StoredPoints, file: RowsFile, step: Step): Promise<number> {
  let [rows, done] = [0, 0];
  for (const { batch, passed } of points.blocks()) {
    if (batch.rows > 0) await file.add(batch);
    rows += batch.rows;
    done += passed;
    await step(done);
  }
  return rows;
}

/** Copies the record batches of `points.arrow`, which holds all points of a finished study as they are to be exported. */
async function copyBatches(
  arrow: string,
  file: PointsFile,
  { count }: StoredPoints,
  columns: readonly Column[],
  step: Step,
): Promise<number> {
  let done = 0;
  try {
    for (const batch of new BatchEncoder(columns).decode(readMessages(arrow))) {
      file.addRecordBatch(batch);
      done += batch.numRows;
      await step(done);
    }
  } catch (error) {
    if (error instanceof DeltaSweepError || (error as NodeJS.ErrnoException).code !== undefined) throw error;
    throw runError(`${arrow}: ${(error as Error).message}; delta-sweep check says more`, error);
  }
  return count;
}

/** The table of units beside a text file. */
function unitsTargetOf({ path, format }: Target): Target {
  if (format !== 'csv' && format !== 'ndjson')
    throw inputError({
      what: '--units: the file itself tells the units',
      got: path,
      expected: 'a file that ends in .csv, .ndjson',
    });
  return { path: `${path.slice(0, -format.length)}units.csv`, format: 'csv' };
}

/** `--force` replaces no file of a study. */
function checkNoStudy(path: string): void {
  const { manifest, points } = studyFiles(dirname(path));
  if (basename(path) === basename(points) && existsSync(manifest))
    throw inputError({ what: 'is part of a study', file: path, expected: 'another name' });
}
