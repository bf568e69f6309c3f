/** Shares of searches that have ended, as files to be put together. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontName, type FrontQuery } from '../analysis/front-query.js';
import type { FrontierState } from '../engine/find-frontier.js';
import type { Shard } from '../engine/shards.js';
import { inputError } from '../errors.js';
import type { Study } from '../space/study.js';
import { searchHash, stateHash, type SavedSearch } from './frontier-file.js';
import { hashOf, identify } from './identity.js';

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

/** Whether the file of a share is what this version of the program wrote of the study and the question in it. */
function isOwn({ hash, share }: SavedSearch): boolean {
  try {
    return !!share && hash === searchHash(share.study, share.query, share.shard);
  } catch {
    return false; // no study at all
  }
}

/**
 * The shares of searches that a folder holds. Throws an input error, which names the folder, for one that is damaged, was
 * written by another version of the program, or has not ended.
 */
export function readShares(folder: string): SearchedShare[] {
  const problem = (what: string) =>
    inputError({ what, file: folder, expected: 'a share of a search that has ended: run it again' });
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  if (files.length === 0) throw problem('holds no share of a search');
  return files.map((file) => {
    let saved: SavedSearch;
    try {
      saved = JSON.parse(readFileSync(join(folder, file), 'utf8')) as SavedSearch;
    } catch (error) {
      throw problem(`${file} cannot be read (${(error as Error).message})`);
    }
    const { share, state, seconds } = saved;
    if (!share) throw problem(`${file} is no share of a search`);
    if (stateHash(state) !== share.sha256) throw problem(`${file} is damaged`);
    if (!isOwn(saved)) throw problem(`${file} was changed, or written by another version of the program`);
    if (state.rounds < state.ofRounds) throw problem(`has not ended: ${state.rounds} of ${state.ofRounds} rounds`);
    const { shard, study, query } = share;
    const question = `${hashOf(identify(study))} ${frontName(query)}`;
    return { folder, shard, study, query, question, state, seconds };
  });
}
