/** What the pool and its threads say to each other. */
import type { FrontSoFar, Question, SearchPart, SearchResult } from '../frontier/place-search.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Batch } from '../space/columns.js';
import type { Study } from '../space/study.js';
import type { Range } from './chunks.js';
import type { PassIndex } from './kernel/shared-traffic.js';
import type { Chunk } from './sink.js';

/** What a thread starts with. */
export interface WorkerData {
  study: Study;
  /** Traffic of the study's contexts, for all threads; absent where the model has no staged kernel. */
  traffic: SharedArrayBuffer | undefined;
  /** The ids that chunks are about; absent where they are about all. */
  ids?: Range | undefined;
  /** What a front is searched for; absent where none is. */
  question?: Question | undefined;
  /** Where Arrow parts are written; absent where none are. */
  partsFolder: string | undefined;
  brings: Brings;
}

/** Chunks are asked for several at a time: a message takes a fraction of a chunk's time, of the thread that feeds all others too. */
export type Task =
  | { task: 'traffic'; index: PassIndex }
  | { task: 'chunks'; chunks: readonly ChunkTask[]; facts: readonly WorkloadFacts[]; run: number }
  | ({ task: 'search' } & SearchInputs)
  | ({ task: 'read'; facts: readonly WorkloadFacts[] } & PartTask);

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

/** The Arrow part of a chunk that a run has stored. */
export interface StoredPart {
  folder: string;
  chunk: number;
  sha256: string;
}

/** Where a part is to be written, in a file that is there. */
export interface PartTarget {
  file: string;
  position: number;
}

/** A part to read back, and where a copy of it is to be. */
export interface PartTask {
  part: StoredPart;
  to: PartTarget | undefined;
}

/** What a chunk brings that is read back: its rows for SQLite and, where that is asked for, what it adds to the front. */
export type StoredRows = Required<Pick<Chunk, 'pages'>> & Pick<Chunk, 'front'>;

/** A part that was read: what is wrong with it, if anything is, or its rows. */
export interface ReadPart {
  fault?: string;
  rows?: StoredRows;
}

/** What of the points of a study that stores them all a chunk brings from its thread: their rows, what it adds to the front, or nothing. */
export type Brings = 'rows' | 'front' | 'nothing';

/** A system call that failed in a thread: nothing is wrong with the chunk. */
export interface SystemFailure {
  code: string;
  message: string;
}

export interface Answer {
  chunks?: Chunk[];
  searched?: Searched;
  part?: ReadPart;
  failure?: SystemFailure;
}
