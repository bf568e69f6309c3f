/** The shards of a frontier search: the state files in their folders, kept to one study and one count, and read to be merged. */
import { join } from 'node:path';
import { frontName, type FrontQuery } from '../../analysis/front-query.js';
import type { FrontierState } from '../../engine/find-frontier.js';
import type { Shard } from '../../engine/shards.js';
import { inputError } from '../../errors.js';
import type { Study } from '../../space/study.js';
import { identify } from '../folder/identity.js';
import { readState, readStateIfSound } from '../folder/state-file.js';
import validate from '../folder/validators/search.js';
import { searchFiles, searchHash, stateHash, type SavedSearch } from './frontier-file.js';
import { shardFolders, type NamedShard } from './shard-folders.js';

/** A shard of a search that has ended. */
export interface SearchedShard extends NamedShard {
  shard: Shard;
  study: Study;
  query: FrontQuery;
  /** What was asked for. */
  asked: string;
  state: FrontierState;
  seconds: number;
}

/** Whether this version of the program wrote a shard's file for the study and the query in it. */
const isOwn = ({ hash, shard }: SavedSearch) =>
  shard !== undefined && hash === searchHash(shard.study, shard.query, shard.shard);

/** The folders of the shards in a search's folder, by index. */
export const searchShardFolders = (search: string): string[] =>
  shardFolders(search, (folder) => searchFiles(folder).length > 0);

/** The shards in a search's folder whose files are sound. */
export function searchNeighbours(search: string): NamedShard[] {
  return searchShardFolders(search).flatMap((folder) => {
    const [name] = searchFiles(folder);
    const saved = readStateIfSound<SavedSearch>(join(folder, name!), validate);
    return saved?.shard ? [{ folder, identified: identify(saved.shard.study), shard: saved.shard.shard }] : [];
  });
}

/**
 * The shards of searches that a folder holds. Throws an input error, which names the folder, for one that is damaged, was
 * written by another version of the program, or has not ended.
 */
export function readSearchShards(folder: string): SearchedShard[] {
  const problem = (what: string) =>
    inputError({ what, file: folder, expected: 'a shard of a search that has ended: run it again' });
  const files = searchFiles(folder);
  if (files.length === 0) throw problem('holds no shard of a search');
  return files.map((file) => {
    let saved: SavedSearch;
    try {
      saved = readState<SavedSearch>(join(folder, file), validate);
    } catch (error) {
      throw problem(`${file} cannot be read (${(error as Error).message})`);
    }
    const { shard: own, state, seconds } = saved;
    if (!own) throw problem(`${file} is no shard of a search`);
    if (stateHash(state) !== own.sha256) throw problem(`${file} is damaged`);
    if (!isOwn(saved)) throw problem(`${file} was changed, or written by another version of the program`);
    if (state.rounds < state.ofRounds) throw problem(`has not ended: ${state.rounds} of ${state.ofRounds} rounds`);
    const { shard, study, query } = own;
    return { folder, identified: identify(study), shard, study, query, asked: frontName(query), state, seconds };
  });
}
