/** The shares of a search: folders within its own, `shards/3-of-16`, kept to one study and one number, and read to be put together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontName, type FrontQuery } from '../analysis/front-query.js';
import type { FrontierState } from '../engine/find-frontier.js';
import type { Shard } from '../engine/shards.js';
import { inputError } from '../errors.js';
import type { Study } from '../space/study.js';
import { searchFiles, searchHash, stateHash, type SavedSearch } from './frontier-file.js';
import { differences, hashOf, identify } from './identity.js';
import { foldersOfShards } from './shard-folders.js';

/** A share of a search that has ended. */
export interface SearchedShare {
  folder: string;
  shard: Shard;
  study: Study;
  query: FrontQuery;
  /** What was asked for. */
  asked: string;
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

/** The folders of shares in a search's folder, by index. */
export const shareFolders = (search: string): string[] =>
  foldersOfShards(search, (folder) => searchFiles(folder).length > 0);

/** The first share in folders that can be read, and has a study. */
function firstShare(folders: readonly string[]) {
  for (const folder of folders)
    for (const name of searchFiles(folder))
      try {
        const saved = JSON.parse(readFileSync(join(folder, name), 'utf8')) as SavedSearch;
        const { study } = saved.share!;
        return { folder, saved, study: identify(study), hash: hashOf(identify(study)) };
      } catch {
        // Damaged: a search starts anew there, and merge names it.
      }
  return undefined;
}

/**
 * Throws an input error where a share would meet those of another study in its search's folder, or of another number. One of
 * them tells: each was held against one before it.
 */
export function checkShareCompany(search: string, study: Study, { count }: Shard): void {
  const folders = shareFolders(search);
  const other = folders
    .map((folder) => ({ folder, of: Number(folder.split('-').at(-1)) }))
    .find(({ of }) => of !== count);
  if (other)
    throw inputError({
      what: `is one of ${other.of} shares`,
      file: other.folder,
      expected: `${count}, as asked for; remove it, or use another --out`,
    });
  const first = firstShare(folders);
  if (!first) return;
  const wanted = identify(study);
  if (first.hash === hashOf(wanted) && isOwn(first.saved)) return;
  const parts = differences(first.study, wanted).join(', ') || 'the version of the program';
  throw inputError({
    what: `holds a share of another study (differs in ${parts})`,
    file: first.folder,
    expected: 'this study; remove it, or use another --out',
  });
}

/**
 * The shares of searches that a folder holds. Throws an input error, which names the folder, for one that is damaged, was
 * written by another version of the program, or has not ended.
 */
export function readShares(folder: string): SearchedShare[] {
  const problem = (what: string) =>
    inputError({ what, file: folder, expected: 'a share of a search that has ended: run it again' });
  const files = searchFiles(folder);
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
    return { folder, shard, study, query, asked: frontName(query), state, seconds };
  });
}
