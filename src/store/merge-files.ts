/** What a merge makes, `study.db` and `points.arrow`, in a folder of their own until they are whole; one that was stopped goes on there. */
import { createHash } from 'node:crypto';
import { existsSync, fdatasync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { syncFile, syncFolder, writeDurably } from '../arrow/durable.js';
import type { PartSize } from '../arrow/message.js';
import { PartialFile } from '../arrow/partial-file.js';
import { PointsFile } from '../arrow/points-file.js';
import type { PartPlace } from '../engine/messages.js';
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

/** What is to be merged: the study as its manifest will be, and the lines of its ledger, by chunk. */
export interface Merging {
  manifest: Manifest;
  facts: readonly WorkloadFacts[];
  lines: readonly LedgerLine[];
}

/** How far a merge is, as it is known to be on the disk. */
interface State {
  /** What is merged: `keyOf`. */
  key: string;
  manifest: Manifest;
  /** Lines whose chunks are merged. */
  done: number;
  loaded: Loaded;
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
  /** Lines whose chunks were merged before. */
  readonly doneBefore: number;
  private readonly key: string;
  private readonly loader: PointsLoader;
  /** Absent where chunks are missing. */
  private readonly arrow: { file: PartialFile; points: PointsFile } | undefined;
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
    const { manifest, done, loaded } = state ?? begin(folder, merging, this.key);
    this.manifest = manifest;
    this.done = this.doneBefore = done;
    this.isSaved = state !== undefined;
    const files = mergingFiles(folder);
    this.loader = new PointsLoader(files.database, files.lastIds, loaded);
    if (manifest.merged) return;
    const file = new PartialFile(studyFiles(folder).points, files.points, this.isSaved);
    const { study, hash } = manifest;
    this.arrow = { file, points: new PointsFile(file, columnsOf(study), { study: study.name, hash }) };
  }

  /** Where the part of the next chunk that has one is to be in `points.arrow`; undefined where that is not made. */
  reserve(size: PartSize): PartPlace | undefined {
    return this.arrow && { file: mergingFiles(this.folder).points, position: this.arrow.points.reserve(size) };
  }

  /** Adds the rows of a line's chunk, line by line, once its part is where it was to be. Saves now and then how far that is. */
  async add(rows: RowPages | undefined, bytes: number): Promise<void> {
    if (rows) this.loader.add(rows);
    this.done++;
    this.unsavedBytes += bytes;
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
    const { folder, key, manifest, done, arrow } = this;
    const state: State = { key, manifest, done, loaded: this.loader.flush() };
    const descriptors = [...this.loader.files, ...(arrow ? [arrow.file.descriptor] : [])];
    this.saving = Promise.all(descriptors.map((fd) => sync(fd))).then(() => {
      writeDurably(mergingFiles(folder).state, JSON.stringify(state));
      this.isSaved = true;
    });
    this.saving.catch(() => undefined); // whoever waits for it is told
  }

  /** Gives the files their places, once every chunk is in them. */
  async publish(): Promise<void> {
    await this.saving;
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
    this.loader.close();
    this.arrow?.file.close();
    if (!this.isSaved) this.remove();
  }

  remove(): void {
    rmSync(mergingFiles(this.folder).merging, { recursive: true, force: true });
  }
}

/** Tells a merge from one of other shards, of another version, or of other chunks than before. */
function keyOf({ manifest, lines }: Merging): string {
  const { hash, tool_version, chunk_points, merged } = manifest;
  const sum = createHash('sha256').update(JSON.stringify([hash, tool_version, chunk_points, merged]));
  for (const { checksum } of lines) sum.update(checksum);
  return sum.digest('hex');
}

/** How far a merge was; undefined where it was another one, or not all of it is there. */
function readState(folder: string, { manifest }: Merging, key: string): State | undefined {
  const { state: file, database, lastIds, points } = mergingFiles(folder);
  const needed = [file, database, lastIds, ...(manifest.merged ? [] : [points])];
  if (!needed.every((each) => existsSync(each))) return undefined;
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as State;
    return state.key === key ? state : undefined;
  } catch {
    return undefined; // not as it was written: the merge begins anew
  }
}

/** Begins a merge in place of another one: the database, without rows. */
function begin(folder: string, { manifest, facts, lines }: Merging, key: string): State {
  const { merging, database: file } = mergingFiles(folder);
  rmSync(merging, { recursive: true, force: true });
  mkdirSync(merging, { recursive: true });
  try {
    const database = new StudyDatabase(file, manifest.study);
    const root = database.beginWith(manifest, facts, lines);
    database.close();
    return { key, manifest, done: 0, loaded: { root, pages: statSync(file).size / PAGE_BYTES, leaves: 0 } };
  } catch (error) {
    rmSync(merging, { recursive: true, force: true });
    throw error;
  }
}
