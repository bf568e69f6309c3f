/** What a merge is asked for, and what it tells. */
import type { MetricRows } from '../analysis/workload-fronts.js';
import type { Study } from '../space/study.js';
import type { StudyRun } from './study-run.js';

export type OnChunk = (chunk: number, chunks: number) => void;

export interface MergeOptions {
  toolVersion: string;
  /** Takes the shards that are finished where others are missing: the study is marked, until the rest comes. */
  partial: boolean;
  signal?: AbortSignal | undefined;
  /** Shows how far a step is: told of each chunk that is looked at, and of how many there are. */
  showing: <T>(unit: string, step: (onChunk: OnChunk) => Promise<T>) => Promise<T>;
  /** Bytes of parts that are merged before a merge that is killed can go on behind them. */
  bytesPerSave?: number;
  /** Told what was found wrong with what the study held, and what is done about it. */
  note?: (text: string) => void;
  /** Told what chunks may add to the front, where all points are stored and this merge began at the first chunk. */
  onFront?: (front: MetricRows, study: Study) => void;
}

export interface Merged {
  study: Study;
  counts: StudyRun['counts'];
  /** Indices of the shards that the study lacks chunks of, and how many it was cut into. */
  missing: readonly number[];
  of: number;
  /** Whether anything was left to do. */
  isNew: boolean;
  /** Whether `onFront` was told of all chunks. */
  sawAllChunks: boolean;
}
