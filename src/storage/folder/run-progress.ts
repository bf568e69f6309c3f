/** The progress of a run, in a file beside what it stores: `status` reads it on any machine, without touching the run. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readStateIfSound } from './state-file.js';
import { studyFiles } from './study-files.js';
import validate from './validators/progress.js';

export interface RunProgress {
  host: string;
  pid: number;
  /** When the run began to evaluate, and when this was written: milliseconds since 1970. */
  since: number;
  written: number;
  /** Points of the grid that were done then, and that are now. */
  resumed_at: number;
  done: number;
  failed_chunks: number;
}

/** Between two writes. */
const INTERVAL_MS = 1000;

/** Keeps the file up to date. The run ignores errors of writing it: the file is no part of the study. */
export class ProgressFile {
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly folder: string,
    private readonly progress: RunProgress,
  ) {
    this.write();
  }

  /** Adds points that are done, or a chunk that failed. */
  add(points: number, failedChunks = 0): void {
    this.progress.done += points;
    this.progress.failed_chunks += failedChunks;
    if (performance.now() - this.last >= INTERVAL_MS) this.write();
  }

  write(): void {
    this.last = performance.now();
    this.progress.written = Date.now();
    const { progress: file } = studyFiles(this.folder);
    try {
      writeFileSync(`${file}.partial`, JSON.stringify(this.progress));
      renameSync(`${file}.partial`, file);
    } catch {
      rmSync(`${file}.partial`, { force: true });
    }
  }
}

/** What a run has written last; undefined where it has written nothing sound. */
export function readProgress(folder: string): RunProgress | undefined {
  return readStateIfSound<RunProgress>(studyFiles(folder).progress, validate);
}
