/** The messages between the pool and its threads. */
import type { FrontSoFar, Question, SearchPart, SearchResult } from './frontier/place-search.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Batch } from '../space/columns.js';
import type { Study } from '../space/study.js';
import type { Range } from './chunks.js';
import type { PassIndex } from './staged/shared-traffic.js';
import type { Chunk } from './sink.js';

/** What a thread starts with. */
export interface WorkerData {
  study: Study;
  /** Traffic of the study's contexts, for all threads; absent where the model has no staged evaluator. */
  traffic: SharedArrayBuffer | undefined;
  /** The ids that chunks are about; absent where they are about all. */
  ids?: Range | undefined;
  /** What a front is searched for; absent where none is. */
  question?: Question | undefined;
  /** Where threads store the rows of their chunks; absent where they return them. */
  chunksFolder?: string | undefined;
}

/** Chunks are asked for several at a time: a message takes a fraction of a chunk's time, of the thread that feeds all others too. */
export type Task =
  | { task: 'traffic'; index: PassIndex }
  | { task: 'chunks'; chunks: readonly ChunkTask[]; facts: readonly WorkloadFacts[] }
  | ({ task: 'search' } & SearchInputs);

/** What a part of a grid is searched with for designs that may be on a front. */
export interface SearchInputs {
  part: SearchPart;
  front: FrontSoFar;
}

/** Designs that may be on a front, with their rows. */
export interface Searched extends SearchResult {
  batch: Batch;
}

/** A chunk to evaluate. */
export interface ChunkTask extends Range {
  chunk: number;
}

/** A call of the system, or of SQLite, that failed in a thread: nothing is wrong with the chunk. */
export interface SystemFailure {
  code: string;
  message: string;
}

export interface Answer {
  chunks?: Chunk[];
  searched?: Searched;
  failure?: SystemFailure;
}
