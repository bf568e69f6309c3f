/** What a merge makes, `study.db` and `points.arrow`, in a folder of their own until they are whole; one that was stopped goes on there. */
import { createHash, type Hash } from 'node:crypto';
import { fdatasync, fstatSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { syncFile, syncFolder, writeDurably } from '../arrow/durable.js';
import type { PartSize } from '../arrow/message.js';
import { PartialFile } from '../arrow/partial-file.js';
import { PointsFile } from '../arrow/points-file.js';
import type { PartTarget } from '../engine/messages.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { PAGE_BYTES, type RowPages } from '../pages/row-pages.js';
import { columnsOf } from '../space/columns.js';
import type { LedgerLine } from './ledger.js';
import type { Manifest } from './manifest.js';
import { PointsLoader, type Loaded } from './points-loader.js';
import { StudyDatabase } from './study-database.js';
import { studyFiles } from './study-files.js';

const sync = promisify(fdatasync);

/** As much is merged again, at most, after a merge that was killed. */
const BYTES_PER_SAVE = 256 * 2 ** 20;

/** What is to be merged: the study as its manifest will be, and its chunks. */
export interface Merging {
  manifest: Manifest;
  facts: readonly WorkloadFacts[];
  chunks: readonly SizedChunk[];
}

/** A line of the ledger, and the size of its chunk's part where it has one. */
export interface SizedChunk {
  line: LedgerLine;
  size: PartSize | undefined;
}

/** How far a merge is, as it is known to be on the disk. */
interface State {
  /** What is merged: `keyOf`. */
  key: string;
  manifest: Manifest;
  /** Chunks that are merged, and a digest of the sizes of their parts, by which those are found in `points.arrow`. */
  done: number;
  sizes: string;
  loaded: Loaded;
  /** Bytes that the files have at least. */
  bytes: readonly number[];
}

function mergingFiles(folder: string) {
  const { merging } = studyFiles(folder);
  return {
    merging,
    state: join(merging, 'state.json'),
    database: join(merging, 'study.db'),
    lastIds: join(merging, 'last-ids'),
    points: join(merging, 'points.arrow'),
  };
}

export class MergeFiles {
  /** As the study's will be: of a merge that goes on, what it was to be when that began. */
  readonly manifest: Manifest;
  /** Chunks that were merged before. */
  readonly doneBefore: number;
  private readonly key: string;
  private readonly loader: PointsLoader;
  /** Absent where chunks are missing. */
  private readonly arrow: { file: PartialFile; points: PointsFile } | undefined;
  private readonly sizes = createHash('sha256');
  private done: number;
  private unsavedBytes = 0;
  private saving: Promise<void> = Promise.resolve();
  private isSaved: boolean;

  /**
   * @param folder the study's
   * @param bytesPerSave bytes of parts that are merged before a merge that is killed can go on behind them
   */
  constructor(
    private readonly folder: string,
    merging: Merging,
    private readonly bytesPerSave = BYTES_PER_SAVE,
  ) {
    this.key = keyOf(merging);
    const state = readState(folder, merging, this.key);
    this.isSaved = state !== undefined;
    const { manifest, done, loaded } = state ?? begin(folder, merging);
    this.manifest = manifest;
    this.done = this.doneBefore = done;
    const files = filesOf(folder, manifest);
    try {
      this.loader = new PointsLoader(files.database, files.lastIds, loaded);
      if (files.points !== undefined) this.arrow = openPoints(folder, files.points, manifest, this.isSaved);
      for (const { size } of merging.chunks.slice(0, done)) {
        addSize(this.sizes, size);
        if (size) this.reserve(size);
      }
    } catch (error) {
      this.closeFiles();
      throw error;
    }
  }

  /** Where the part of the next chunk that has one is to be in `points.arrow`; undefined where that is not made. */
  reserve(size: PartSize): PartTarget | undefined {
    return this.arrow && { file: mergingFiles(this.folder).points, position: this.arrow.points.reserve(size) };
  }

  /** Adds the rows of the next chunk, once its part is where it was to be. Saves now and then how far that is. */
  async add({ size }: SizedChunk, rows: RowPages | undefined): Promise<void> {
    if (rows) this.loader.add(rows);
    this.done++;
    addSize(this.sizes, size);
    this.unsavedBytes += size?.bytes ?? 0;
    if (this.unsavedBytes >= this.bytesPerSave) await this.beginSaving();
  }

  /** Has everything on the disk, for a merge that goes on. */
  async save(): Promise<void> {
    await this.beginSaving();
    await this.saving;
  }

  /** Has it on the disk while more is merged; waits for an earlier time to end. */
  private async beginSaving(): Promise<void> {
    await this.saving;
    this.unsavedBytes = 0;
    const { folder, key, manifest, done } = this;
    const loaded = this.loader.flush();
    const sizes = this.sizes.copy().digest('hex');
    const descriptors = [...this.loader.files, ...(this.arrow ? [this.arrow.file.fd] : [])];
    const bytes = descriptors.map((fd) => fstatSync(fd).size);
    const state: State = { key, manifest, done, sizes, loaded, bytes };
    this.saving = Promise.all(descriptors.map((fd) => sync(fd))).then(() => {
      writeDurably(mergingFiles(folder).state, JSON.stringify(state));
      this.isSaved = true;
    });
    this.saving.catch(() => undefined); // whoever waits for it is told
  }

  /** Gives the files their places, once every chunk is in them, and saved. */
  publish(): void {
    const { database } = mergingFiles(this.folder);
    this.loader.finish();
    syncFile(database);
    this.arrow?.points.finish();
    renameSync(database, studyFiles(this.folder).database);
    syncFolder(this.folder);
  }

  /** Closes the files; what no merge could go on from is gone. */
  async close(): Promise<void> {
    await this.saving.catch(() => undefined);
    this.closeFiles();
  }

  private closeFiles(): void {
    this.loader?.close();
    this.arrow?.file.close();
    if (!this.isSaved) this.remove();
  }

  remove(): void {
    rmSync(mergingFiles(this.folder).merging, { recursive: true, force: true });
  }
}

/** The files that are made, as far as they are: without `points.arrow` where chunks are missing. In the order of `State.bytes`. */
function filesOf(folder: string, { merged }: Manifest) {
  const { database, lastIds, points } = mergingFiles(folder);
  return { database, lastIds, points: merged ? undefined : points };
}

function openPoints(folder: string, partial: string, { study, hash }: Manifest, goesOn: boolean) {
  const file = new PartialFile(studyFiles(folder).points, partial, goesOn);
  try {
    return { file, points: new PointsFile(file, columnsOf(study), { study: study.name, hash }) };
  } catch (error) {
    file.close();
    throw error;
  }
}

const addSize = (sizes: Hash, size: PartSize | undefined) =>
  sizes.update(size ? `${size.bytes},${size.metadataBytes};` : ';');

/** Tells a merge from one of other shards, of another version, or of other chunks than before. */
function keyOf({ manifest, chunks }: Merging): string {
  const { hash, tool_version, chunk_points, merged } = manifest;
  const sum = createHash('sha256').update(JSON.stringify([hash, tool_version, chunk_points, merged]));
  for (const { line } of chunks) sum.update(line.checksum);
  return sum.digest('hex');
}

/** How far a merge was; undefined where it was another one, or what there is of it is not what it left. */
function readState(folder: string, { manifest, chunks }: Merging, key: string): State | undefined {
  let state: State;
  try {
    state = JSON.parse(readFileSync(mergingFiles(folder).state, 'utf8')) as State;
  } catch {
    return undefined; // not there, or not as it was written
  }
  if (state.key !== key) return undefined;
  const sizes = createHash('sha256');
  for (const { size } of chunks.slice(0, state.done)) addSize(sizes, size);
  if (sizes.digest('hex') !== state.sizes) return undefined;
  const files = Object.values(filesOf(folder, manifest)).filter((file) => file !== undefined);
  const areWhole = files.every((file, i) => sizeOf(file) >= state.bytes[i]!);
  return areWhole ? state : undefined;
}

/** Bytes of a file; below none where it is not there. */
const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? -1;

/** Begins a merge in place of another one: the database, without rows. */
function begin(folder: string, { manifest, facts, chunks }: Merging): Pick<State, 'manifest' | 'done' | 'loaded'> {
  const { merging, database: file } = mergingFiles(folder);
  rmSync(merging, { recursive: true, force: true });
  mkdirSync(merging, { recursive: true });
  try {
    const root = makeDatabase(file, manifest, facts, chunks);
    return { manifest, done: 0, loaded: { root, pages: sizeOf(file) / PAGE_BYTES, leaves: 0 } };
  } catch (error) {
    rmSync(merging, { recursive: true, force: true });
    throw error;
  }
}

/** Makes the database without its rows; the root page of their table. */
function makeDatabase(file: string, manifest: Manifest, facts: Merging['facts'], chunks: Merging['chunks']): number {
  const database = new StudyDatabase(file, manifest.study);
  try {
    return database.beginWith(
      manifest,
      facts,
      chunks.map(({ line }) => line),
    );
  } finally {
    database.close();
  }
}
