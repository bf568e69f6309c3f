import type { Range } from '../../engine/chunks.js';
import type { Study } from '../../space/study.js';
import type { StudyDatabase } from '../database/study-database.js';

/** A study, or a shard of one, as its folder holds it. */
export interface StoredStudy {
  folder: string;
  study: Study;
  database: StudyDatabase;
  chunkPoints: number;
  /** The chunks that the folder is for. */
  chunks: Range;
}
