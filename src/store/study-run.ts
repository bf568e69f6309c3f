/** A study on its way into its folder: SQLite and Arrow fed from the same chunks, resumed where a run stopped. */
import { existsSync } from 'node:fs';
import type { Chunk, Sink } from '../engine/sink.js';
import { columnsOf } from '../space/columns.js';
import { gridOf, type Study } from '../space/study.js';
import { ArrowFile, ROWS_PER_RECORD_BATCH } from './arrow-file.js';
import { SqliteStore } from './sqlite-store.js';
import { openFolder, studyFiles, writeManifest, type Manifest } from './study-folder.js';

export class StudyRun implements Sink {
  private readonly manifest: Manifest;
  private readonly unlock: () => void;
  private readonly sqlite: SqliteStore;
  private readonly arrow: ArrowFile | undefined;
  /** First id that is not stored yet. */
  readonly nextId: number;
  /** Whether the folder held the whole study already. */
  readonly isFinished: boolean;

  constructor(
    readonly folder: string,
    study: Study,
    options: { toolVersion: string; fresh?: boolean },
  ) {
    const { manifest, unlock } = openFolder(folder, study, options.toolVersion, options.fresh === true);
    this.manifest = manifest;
    this.unlock = unlock;
    const files = studyFiles(folder);
    this.sqlite = new SqliteStore(files.database, this.manifest);
    this.nextId = this.sqlite.nextId;
    this.isFinished = this.nextId >= gridOf(study).size && existsSync(files.points);
    if (this.isFinished) return;
    this.sqlite.forgetFronts();
    this.arrow = new ArrowFile(files.points, files.partialPoints, columnsOf(study), {
      study: study.name,
      hash: this.manifest.hash,
    });
    for (const batch of this.sqlite.readBatches(ROWS_PER_RECORD_BATCH)) this.arrow.appendRows(batch);
  }

  /** Points stored and rejected so far, those of an earlier run included. */
  get counts(): { points: number; rejected: number } {
    return this.sqlite.counts;
  }

  append(chunk: Chunk): void {
    this.sqlite.append(chunk);
    this.arrow!.append(chunk);
  }

  /** Finishes the files of a run that got through the whole grid. */
  finish(): void {
    // A front stored by `pareto` while the run was at work is of a part of the points.
    if (!this.isFinished) this.sqlite.forgetFronts();
    this.arrow?.finish();
    this.sqlite.finish();
    if (this.manifest.finished === null)
      writeManifest(this.folder, { ...this.manifest, finished: new Date().toISOString() });
    this.unlock();
  }

  /** Closes the files of a run that stopped before its end; the next run goes on from there. */
  stop(): void {
    this.arrow?.abandon();
    this.sqlite.stop();
    this.unlock();
  }
}
