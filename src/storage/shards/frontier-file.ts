/** The state of a frontier search in its folder, from which the same command resumes it. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../folder/durable.js';
import { frontName, type FrontQuery } from '../../analysis/front-query.js';
import type { FrontierState } from '../../engine/find-frontier.js';
import { inputError } from '../../errors.js';
import { FRONTIER_VERSION } from '../../engine/frontier/rounds.js';
import { showShard, type Shard } from '../../engine/shards.js';
import type { Study } from '../../space/study.js';
import { fullDiskError } from '../folder/storage-error.js';
import { hashOf, identify } from '../folder/identity.js';
import { lockFolder } from '../folder/lock.js';
import { readStateIfSound } from '../folder/state-file.js';
import validate from '../folder/validators/search.js';

/** Letters of the hash that a file is named by. */
const NAME_LENGTH = 12;
const SEARCH_FILE = new RegExp(`^[0-9a-f]{${NAME_LENGTH}}\\.json$`);

/** The files of searches in a folder, by name; none where there is no folder. */
export function searchFiles(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder).filter((name) => SEARCH_FILE.test(name));
}

/** What the file of a search has. */
export interface SavedSearch {
  /** Of the study, what is asked for, and the way it is searched. */
  hash: string;
  name: string;
  asked: string;
  state: FrontierState;
  /** Seconds that it took so far. */
  seconds: number;
  /** Of a shard of a search: which one, of what, and SHA-256 of the state; what it takes to merge shards. */
  shard?: { shard: Shard; study: Study; query: FrontQuery; sha256: string };
}

/** The state of one search in its folder, locked until it is closed. */
export class FrontierFile {
  private readonly hash: string;
  private readonly file: string;
  private readonly unlock: () => void;

  /** Opens a folder for a search, and makes it where it is missing. Throws an input error if another search is at work in it. */
  constructor(
    private readonly folder: string,
    private readonly study: Study,
    private readonly query: FrontQuery,
    private readonly shard?: Shard,
  ) {
    this.hash = searchHash(study, query, shard);
    this.file = join(folder, `${this.hash.slice(0, NAME_LENGTH)}.json`);
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw inputError({ what: `cannot be made: ${(error as Error).message}`, file: folder, expected: 'a folder' });
    }
    this.unlock = lockFolder(folder);
  }

  /** The state of an earlier search; undefined where there is none, or it cannot be read. */
  read(): { state: FrontierState; seconds: number } | undefined {
    const saved = readStateIfSound<SavedSearch>(this.file, validate);
    return saved?.hash === this.hash ? saved : undefined;
  }

  write(state: FrontierState, seconds: number): void {
    const { hash, query, shard, study } = this;
    const saved: SavedSearch = { hash, name: study.name, asked: frontName(query), state, seconds };
    if (shard) saved.shard = { shard, study, query, sha256: stateHash(state) };
    try {
      writeDurably(this.file, `${JSON.stringify(saved)}\n`);
    } catch (error) {
      throw fullDiskError(this.folder, error) ?? error;
    }
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }

  close(): void {
    this.unlock();
  }
}

/** Of all that a search depends on: the study and the model's version, what is asked for, how it is searched, and which shard. */
export function searchHash(study: Study, query: FrontQuery, shard: Shard | undefined): string {
  const what = [hashOf(identify(study)), frontName(query), FRONTIER_VERSION, ...(shard ? [showShard(shard)] : [])];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
}

export const stateHash = (state: FrontierState) => createHash('sha256').update(JSON.stringify(state)).digest('hex');
