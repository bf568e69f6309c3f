/** What a search for a frontier keeps on the disk: how far it is, so that the same command goes on with it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../arrow/durable.js';
import { frontName, type FrontQuery } from '../analysis/front-query.js';
import type { FrontierState } from '../engine/find-frontier.js';
import { inputError } from '../errors.js';
import { FRONTIER_VERSION } from '../frontier/rounds.js';
import { showShard, type Shard } from '../engine/shards.js';
import type { Study } from '../space/study.js';
import { fullDiskError } from './full-disk.js';
import { hashOf, identify } from './identity.js';
import { lockFolder } from './lock.js';

/** Letters of the hash that a file is named by. */
const NAME_LENGTH = 12;

interface Saved {
  /** Of the study, what is asked for, and the way it is searched. */
  hash: string;
  name: string;
  asked: string;
  state: FrontierState;
  /** Seconds that it took so far. */
  seconds: number;
  /** Of a share of a search: which one, of what, and SHA-256 of the state; what it takes to put shares together. */
  share?: { shard: Shard; study: Study; query: FrontQuery; study_hash: string; sha256: string };
}

/** A share of a search that has ended. */
export interface SearchedShare {
  folder: string;
  shard: Shard;
  study: Study;
  query: FrontQuery;
  /** Of the study, and of what was asked for. */
  question: string;
  state: FrontierState;
  seconds: number;
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
    const what = [hashOf(identify(study)), frontName(query), FRONTIER_VERSION, ...(shard ? [showShard(shard)] : [])];
    this.hash = createHash('sha256').update(JSON.stringify(what)).digest('hex');
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
    if (!existsSync(this.file)) return undefined;
    try {
      const saved = JSON.parse(readFileSync(this.file, 'utf8')) as Saved;
      return saved.hash === this.hash ? saved : undefined;
    } catch {
      return undefined;
    }
  }

  write(state: FrontierState, seconds: number): void {
    const { hash, query, shard, study } = this;
    const saved: Saved = { hash, name: study.name, asked: frontName(query), state, seconds };
    if (shard) saved.share = { shard, study, query, study_hash: hashOf(identify(study)), sha256: sha256Of(state) };
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

const sha256Of = (state: FrontierState) => createHash('sha256').update(JSON.stringify(state)).digest('hex');

/** The shares of searches that a folder holds. Throws an input error, which names the folder, for one that is damaged or has not ended. */
export function readShares(folder: string): SearchedShare[] {
  const problem = (what: string) =>
    inputError({ what, file: folder, expected: 'a share of a search that has ended: run it again' });
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  if (files.length === 0) throw problem('holds no share of a search');
  return files.map((file) => {
    let saved: Saved;
    try {
      saved = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Saved;
    } catch (error) {
      throw problem(`${file} cannot be read (${(error as Error).message})`);
    }
    const { share, state, seconds, asked } = saved;
    if (!share) throw problem(`${file} is no share of a search`);
    if (sha256Of(state) !== share.sha256) throw problem(`${file} is damaged`);
    if (state.rounds < state.ofRounds) throw problem(`has not ended: ${state.rounds} of ${state.ofRounds} rounds`);
    const { shard, study, query, study_hash: hash } = share;
    return { folder, shard, study, query, question: `${hash} ${asked}`, state, seconds };
  });
}
