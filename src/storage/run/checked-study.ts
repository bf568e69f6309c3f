import type Database from 'better-sqlite3';
import type { Range } from '../../engine/chunks.js';
import type { Study } from '../../space/study.js';
import type { ChunkLine } from '../database/chunk-table.js';
import type { Manifest } from '../folder/manifest.js';

/** What the checks read. */
export interface CheckedStudy {
  folder: string;
  manifest: Manifest;
  study: Study;
  db: Database.Database;
  isFinished: boolean;
  /** Whether record batches are in `points.arrow`; otherwise each has a file. */
  hasPointsFile: boolean;
  /** The chunks that the folder is for. */
  chunks: Range;
  lines: ChunkLine[];
}
